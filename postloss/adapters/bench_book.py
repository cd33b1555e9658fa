"""A made-up book for benchmarks: seeded, of any size, as the files that lenders would send.

Months 2018-01 (clean) and 2018-02 (0.5 % of the lines wrong, about 1 % odd). Written slice by
slice: memory does not grow with the number of loans.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np
import polars as pl

from core.months import from_index, month_index
from postloss.rules.lender_files import LOANS, REPAYMENTS

FIRST, SECOND = dt.date(2018, 1, 1), dt.date(2018, 2, 1)
SEED = 20180228
SLICE = 100_000
BRANCHES = (
    "广东", "江苏", "山东", "浙江", "河南", "四川", "湖北", "福建", "湖南", "上海", "安徽", "河北",
    "北京", "陕西", "江西", "重庆", "辽宁", "云南", "广西", "山西", "内蒙古", "贵州", "新疆",
    "天津", "黑龙江", "吉林", "甘肃", "海南", "宁夏", "青海", "深圳", "宁波", "厦门", "青岛",
)  # fmt: skip
CHANNELS = ("互联网平台", "银行网点", "直营团队", "汽车经销商")
PRODUCTS = ("个人消费贷", "小微经营贷", "房产抵押贷", "汽车分期贷")
MONTHS_BACK = 48
NORMAL, OVERDUE, SETTLED, WRITTEN_OFF = "正常", "逾期", "结清", "核销"
_RATES = np.array(["0.0540", "0.0725", "0.0960", "0.1320", "0.1800"])
_TERMS = np.array([12, 24, 36, 48, 60])
_OVERDUE_DAYS = np.array([3, 12, 25, 38, 55, 75, 110, 160, 210, 400])


def write_book(*, folder: Path, shares: Sequence[float], rows: int) -> list[Path]:
    """Write one folder of files per lender, `rows` loans in all; return the folders by size."""
    sizes = [int(rows * share) for share in shares]
    sizes[0] += rows - sum(sizes)
    return [_write_lender(folder, number, size) for number, size in enumerate(sizes)]


def _write_lender(folder: Path, number: int, rows: int) -> Path:
    target = folder / f"BANK{number}"
    target.mkdir(parents=True)
    rng = np.random.default_rng([SEED, number])
    names = ("loans.csv", "repayment_201801.csv", "repayment_201802.csv")
    with (
        (target / names[0]).open("wb") as loans,
        (target / names[1]).open("wb") as first,
        (target / names[2]).open("wb") as second,
    ):
        loans.write((",".join(LOANS.names) + "\n").encode())
        for sink in (first, second):
            sink.write((",".join(REPAYMENTS.names) + "\n").encode())
        for frames in _slices(rng, number, rows):
            for sink, frame in zip((loans, first, second), frames, strict=True):
                frame.write_csv(sink, include_header=False, quote_style="never")
    return target


def _slices(
    rng: np.random.Generator, number: int, rows: int
) -> Iterator[tuple[pl.DataFrame, pl.DataFrame, pl.DataFrame]]:
    for start in range(0, rows, SLICE):
        facts = _facts(rng, number, start, min(SLICE, rows - start))
        before = _first_month(rng, facts)
        after = _second_month(rng, facts, before)
        yield (
            facts.select(LOANS.names),
            _lines(facts, before, dt.date(2018, 1, 31)),
            _with_slips(rng, _lines(facts, after, dt.date(2018, 2, 28))),
        )


def _facts(rng: np.random.Generator, number: int, start: int, count: int) -> pl.DataFrame:
    """Loans of a lender: two products, two channels, everywhere, unevenly."""
    loan = np.arange(start, start + count)
    obligor = rng.integers(0, 20_000, count)
    last = month_index(FIRST)
    age = MONTHS_BACK - 1 - (np.sqrt(rng.random(count)) * MONTHS_BACK).astype(int)
    disbursed = last - age
    term = np.maximum(_TERMS[rng.integers(0, 5, count)], 12 * (age // 12 + 1))
    principal = rng.integers(50, 3000, count) * 10_000
    day = rng.integers(1, 29, count)
    return pl.DataFrame(
        {
            "loan_no": f"HT{number}" + pl.Series(loan).cast(pl.String).str.zfill(10),
            "obligor_id": "1101011980" + pl.Series(obligor % 10**8).cast(pl.String).str.zfill(8),
            "obligor_name": "借款人" + pl.Series(obligor).cast(pl.String),
            "principal": _yuan(principal),
            "rate": _RATES[rng.integers(0, 5, count)],
            "term": term,
            "disbursed_on": _dates(disbursed, day),
            "maturity": _dates(disbursed + term, day),
            "product": _uneven(rng, (PRODUCTS * 2)[number % 4 : number % 4 + 2], count),
            "channel": _uneven(rng, (CHANNELS * 2)[number % 4 : number % 4 + 2], count),
            "branch": _uneven(rng, BRANCHES, count),
            "fen": principal,
            "age": age,
            "month_fen": principal // term,
        }
    )


def _uneven(rng: np.random.Generator, words: Sequence[str], count: int) -> np.ndarray:
    weights = 1 / np.arange(1, len(words) + 1) ** 0.7
    return rng.choice(np.array(words), size=count, p=weights / weights.sum())


def _dates(months: np.ndarray, day: np.ndarray) -> pl.Series:
    first = {int(month): from_index(int(month)) for month in np.unique(months)}
    days = pl.Series([first[int(month)] for month in months], dtype=pl.Date)
    return pl.select((days + pl.duration(days=pl.Series(day - 1))).cast(pl.Date)).to_series()


def _yuan(fen: np.ndarray) -> pl.Series:
    return pl.Series(fen).cast(pl.Decimal(20, 2)) / 100


def _first_month(rng: np.random.Generator, facts: pl.DataFrame) -> pl.DataFrame:
    count = facts.height
    chance = rng.random(count)
    status = np.select(
        [chance < 0.91, chance < 0.98, chance < 0.995], [NORMAL, OVERDUE, SETTLED], WRITTEN_OFF
    )
    days = np.where(status == OVERDUE, _OVERDUE_DAYS[rng.integers(0, 10, count)], 0)
    left = facts["fen"].to_numpy() - facts["month_fen"].to_numpy() * facts["age"].to_numpy()
    balance = np.where(np.isin(status, (NORMAL, OVERDUE)), np.maximum(left, 10_000), 0)
    paid = np.where(status == NORMAL, facts["month_fen"].to_numpy() * 2, 0)
    return _state(status, days, balance, paid)


def _second_month(
    rng: np.random.Generator, facts: pl.DataFrame, before: pl.DataFrame
) -> pl.DataFrame:
    chance = rng.random(facts.height)
    was, days, balance = (before[name].to_numpy() for name in ("status", "days", "balance"))
    month = np.minimum(facts["month_fen"].to_numpy(), balance)
    status = np.select(
        [
            was == SETTLED,
            was == WRITTEN_OFF,
            (was == NORMAL) & (chance < 0.975),
            (was == NORMAL) & (chance < 0.995),
            (was == OVERDUE) & (chance < 0.45),
            (was == OVERDUE) & (chance < 0.97),
            chance < 0.998,
        ],
        [SETTLED, WRITTEN_OFF, NORMAL, OVERDUE, NORMAL, OVERDUE, SETTLED],
        WRITTEN_OFF,
    )
    is_overdue = status == OVERDUE
    late = np.where(
        is_overdue, np.where(was == OVERDUE, days + 28, rng.integers(1, 28, len(was))), 0
    )
    now = np.select([status == NORMAL, is_overdue], [balance - month, balance], 0)
    paid = np.where(is_overdue | (status == WRITTEN_OFF), 0, balance - now + balance // 100)
    odd = rng.random(len(was))
    now = np.where((odd < 0.004) & (status == NORMAL), balance + 5_000, now)
    paid = np.where((odd > 0.994) & (status == NORMAL), month // 2, paid)
    return _state(status, late, now, paid)


def _state(
    status: np.ndarray, days: np.ndarray, balance: np.ndarray, paid: np.ndarray
) -> pl.DataFrame:
    return pl.DataFrame({"status": status, "days": days, "balance": balance, "paid": paid})


def _lines(facts: pl.DataFrame, state: pl.DataFrame, as_of: dt.date) -> pl.DataFrame:
    """Repayment lines as text."""
    overdue = (state["days"] + 29) // 30
    due_on = as_of.replace(day=20)
    return pl.DataFrame(
        {
            "loan_no": facts["loan_no"],
            "as_of": pl.repeat(as_of, facts.height, eager=True),
            "instalments_due": facts["age"] + 14,
            "instalments_overdue": overdue,
            "days_overdue": state["days"],
            "due_on": pl.repeat(due_on, facts.height, eager=True),
            "due_amount": _yuan(facts["month_fen"].to_numpy()),
            "paid_amount": _yuan(state["paid"].to_numpy()),
            "outstanding_principal": _yuan(state["balance"].to_numpy()),
            "status": state["status"],
        }
    ).select(pl.all().cast(pl.String))


def _with_slips(rng: np.random.Generator, lines: pl.DataFrame) -> pl.DataFrame:
    """Spoil 0.5 % of the lines, and write 0.05 % in ways that are read all the same."""
    slips = {
        "outstanding_principal": ("12.345", 0.0012),
        "days_overdue": ("-3", 0.0012),
        "loan_no": ("HT-UNKNOWN", 0.0012),
        "as_of": ("2018-13-40", 0.0012),
        "status": ("正常,2", 0.0002),  # one column too many
    }
    for column, (text, share) in slips.items():
        mask = pl.Series(rng.random(lines.height) < share)
        if column == "loan_no":
            spoilt = text + lines["loan_no"]
        else:
            spoilt = pl.repeat(text, lines.height, eager=True)
        lines = lines.with_columns(spoilt.zip_with(mask, lines[column]).alias(column))
    grouped = pl.Series(rng.random(lines.height) < 0.0003)
    compact = lines["as_of"].str.replace_all("-", "", literal=True)
    wide = pl.Series(rng.random(lines.height) < 0.0002)
    full = lines["paid_amount"].str.replace_all("0", "０", literal=True)
    return lines.with_columns(
        compact.zip_with(grouped, lines["as_of"]).alias("as_of"),
        full.zip_with(wide, lines["paid_amount"]).alias("paid_amount"),
    ).select(REPAYMENTS.names)
