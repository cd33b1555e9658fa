"""The worked tables of docs/algorithms, computed again by the project's own rules."""

import datetime as dt
import re
from decimal import Decimal
from functools import cache
from pathlib import Path

from core.money import from_fen, plain_ratio, round_fen, split_fen, to_fen
from ledger.rules.earning import unearned_by_days, unearned_by_exposure
from ledger.rules.ratios import (
    CER_LINES,
    CLR_LINES,
    annualised_loss_rate_of_month,
    annualised_loss_rate_of_year,
    comprehensive_expense_ratio,
    comprehensive_loss_ratio,
    earned_premium,
)
from postloss.rules.buckets import (
    bucket_by_days,
    bucket_by_instalments,
    retained_exposure,
    share,
)
from postloss.rules.warnings import Limit, Reading, judge, may_be_closed, standing_level
from tests.unit.underwriting.test_cession_rules import START, quota, surplus
from underwriting.rules.cessions import Certificate, shares_on
from underwriting.rules.inclusive import cap_multiple

FOLDER = Path(__file__).resolve().parents[3] / "docs" / "algorithms"
TABLE = re.compile(r"<!-- table: (\w+) -->\n((?:\|.*\n)+)")
BUCKETS = ("M0", "M1", "M2", "M3", "tail")
UNDEFINED = "—"


@cache
def tables() -> dict[str, list[dict[str, str]]]:
    """Return every marked table of the pages, a dictionary per row."""
    found: dict[str, list[dict[str, str]]] = {}
    for page in sorted(FOLDER.glob("*.md")):
        for name, text in TABLE.findall(page.read_text(encoding="utf-8")):
            head, _, *lines = [
                [cell.strip() for cell in line.strip("|").split("|")] for line in text.splitlines()
            ]
            assert name not in found, f"two tables are called {name}"
            found[name] = [dict(zip(head, line, strict=True)) for line in lines]
    return found


def amount(cell: str) -> Decimal | None:
    return None if cell == UNDEFINED else Decimal(cell)


def ratio(cell: str) -> str | None:
    return None if cell == UNDEFINED else cell


def yes(cell: str) -> bool:
    return {"yes": True, "no": False}[cell]


def test_every_marked_table_has_a_test():
    pages = Path(__file__).parent.glob("test_worked_*.py")
    here = "".join(page.read_text(encoding="utf-8") for page in pages)
    assert len(tables()) >= 21
    assert [name for name in tables() if f'tables()["{name}"]' not in here] == []


def test_ten_accounts_fall_into_their_buckets():
    for row in tables()["accounts"]:
        live = row["state"] == "live"
        bucket = BUCKETS[bucket_by_days(int(row["days"]))] if live else UNDEFINED
        assert bucket == row["bucket"], row


def test_the_figures_of_the_ten_accounts():
    held = {name: Decimal(0) for name in BUCKETS}
    for row in tables()["accounts"]:
        if row["bucket"] != UNDEFINED:
            held[row["bucket"]] += Decimal(row["principal"])
    held["outstanding"] = sum((held[name] for name in BUCKETS[:4]), Decimal(0))
    late = held["outstanding"] - held["M0"]
    tops = {"roll_m0_1": held["M1"], "roll_m0_2": held["M2"], "overdue_rate": late}
    for row in tables()["figures"]:
        name = row["figure"]
        if name in held:
            assert held[name] == Decimal(row["value"]), row
        else:
            assert tops[name] == Decimal(row["numerator"]), row
            got = share(tops[name], Decimal(row["denominator"]))
            assert plain_ratio(got) == row["value"], row


def test_a_share_without_a_whole_is_undefined():
    for row in tables()["shares"]:
        got = share(Decimal(row["part"]), amount(row["whole"]))
        assert plain_ratio(got) == ratio(row["share"]), row


def test_the_two_bases_of_counting_overdue():
    for row in tables()["bases"]:
        days, instalments = int(row["days"]), int(row["instalments"])
        got = BUCKETS[bucket_by_days(days)], BUCKETS[bucket_by_instalments(instalments, days)]
        assert got == (row["by days"], row["by instalments"]), row


def test_retained_exposure():
    for row in tables()["retained"]:
        got = retained_exposure(
            Decimal(row["balance"]), Decimal(row["own share"]), Decimal(row["ceded share"])
        )
        assert got == Decimal(row["retained"]), row


def test_loss_ratio_and_expense_ratio():
    for row in tables()["loss"]:
        lines = dict(zip(CLR_LINES, map(Decimal, list(row.values())[:-1]), strict=True))
        assert plain_ratio(comprehensive_loss_ratio(lines).value) == ratio(row["ratio"]), row
    for row in tables()["expense"]:
        lines = dict(zip(CER_LINES, map(Decimal, list(row.values())[:-1]), strict=True))
        assert plain_ratio(comprehensive_expense_ratio(lines).value) == ratio(row["ratio"]), row


def test_earned_premium():
    for row in tables()["premium"]:
        income, ceded, change, earned = map(Decimal, row.values())
        got = earned_premium(premium_income=income, ceded_premium=ceded, upr_change_net=change)
        assert got == earned


def test_annualised_loss_rate_of_a_month():
    for row in tables()["month"]:
        got = annualised_loss_rate_of_month(
            claims=amount(row["claims"]),
            recovered=amount(row["recovered"]),
            retained_before=amount(row["retained before"]),
            retained=Decimal(row["retained now"]),
        )
        assert plain_ratio(got.value) == ratio(row["rate"]), row
        assert bool(got.reason) == (got.value is None)


def test_annualised_loss_rate_of_a_year():
    for row in tables()["year"]:
        first, step = Decimal(row["first"]), Decimal(row["step"])
        got = annualised_loss_rate_of_year(
            claims=Decimal(row["claims"]),
            recovered=Decimal(row["recovered"]),
            retained=[first + step * each for each in range(int(row["months"]) + 1)],
        )
        assert plain_ratio(got.value) == ratio(row["rate"]), row
        assert got.reason == row["mark"], row


def test_parts_equal_the_whole():
    for row in tables()["split"]:
        weights, parts = (
            [int(each) for each in row[name].split()] for name in ("weights", "parts")
        )
        assert split_fen(int(row["total fen"]), weights) == parts, row
        assert sum(parts) == int(row["total fen"]), row


def test_rounding_to_the_fen():
    for row in tables()["round"]:
        assert str(round_fen(Decimal(row["yuan"]))) == row["rounded"], row
        assert from_fen(to_fen(Decimal(row["rounded"]))) == Decimal(row["rounded"])


def test_the_roll_forward_adds_up():
    parts = {"opening": 1, "disbursed": 1, "taken on": 1}
    parts |= {"written off": -1, "not reported": -1, "closing": -1}
    for row in tables()["roll"]:
        repaid = sum((sign * Decimal(row[name]) for name, sign in parts.items()), Decimal(0))
        paid = amount(row["paid"])
        assert repaid == Decimal(row["repaid"]), row
        assert (repaid < 0 or (paid is not None and repaid > paid)) == yes(row["listed"]), row


def limits_of_the_page() -> list[Limit]:
    shared = {"min_sample": 50, "hysteresis": Decimal("0.05")}
    own = {"yellow": "0.15", "orange": "0.20", "red": "0.25"}
    book = {"yellow": 2, "orange": 3, "red": 4}
    return [
        *(
            Limit(level=level, test="absolute", limit=Decimal(limit), **shared)
            for level, limit in own.items()
        ),
        *(
            Limit(
                level=level,
                test="against_book",
                limit=Decimal(limit),
                base_floor=Decimal("0.005"),
                **shared,
            )
            for level, limit in book.items()
        ),
    ]


def test_a_figure_is_judged():
    for row in tables()["judged"]:
        reading = Reading(
            value=Decimal(row["value"]), sample=int(row["loans"]), book=amount(row["book"]), past=[]
        )
        verdict = judge(reading, limits_of_the_page())
        assert (verdict.level or UNDEFINED) == row["level"], row
        assert verdict.is_good == yes(row["good month"]), row


def test_a_level_rises_at_once_and_falls_slowly():
    for row in tables()["standing"]:
        newest = ["" if each == "none" else each for each in row["newest levels"].split()]
        goods = [yes(each) for each in row["goods"].split()]
        level = standing_level(present=row["present"], newest=newest)
        assert (level or "none") == row["level"], row
        assert may_be_closed(goods=goods, good_months=2) == yes(row["may close"]), row


def cover(row):
    day = dt.date.fromisoformat
    return {
        "premium": Decimal(row["premium"]),
        "cover_from": day(row["from"]),
        "cover_to": day(row["to"]),
        "as_of": day(row["as of"]),
    }


def test_premium_not_yet_earned_by_days():
    for row in tables()["earning_days"]:
        assert unearned_by_days(**cover(row)) == Decimal(row["unearned"]), row


def test_premium_not_yet_earned_by_remaining_exposure():
    for row in tables()["earning_exposure"]:
        steps = [step.split() for step in row["schedule"].split("; ")]
        schedule = [(dt.date.fromisoformat(day), Decimal(yuan)) for day, yuan in steps]
        got = unearned_by_exposure(schedule=schedule, **cover(row))
        assert got == Decimal(row["unearned"]), row


def test_shares_of_treaties():
    for row in tables()["cessions"]:
        slip = Certificate(code="F", share=Decimal(row["facultative"]), valid_from=START)
        treaties = [quota(row["quota share"])]
        if row["retention"] != UNDEFINED:
            treaties.append(surplus(row["retention"], row["lines"]))
        shares = shares_on(risk=Decimal(row["own part"]), certificates=[slip], treaties=treaties)
        found = [shares.get(code, 0) for code in ("F", "S", "Q")]
        told = [Decimal(row[name]) for name in ("by certificate", "by surplus", "by quota share")]
        assert found == told, row
        assert 1 - sum(found) == Decimal(row["kept"]), row


def test_the_cap_of_the_inclusive_ratio():
    for row in tables()["inclusive_cap"]:
        inclusive, insured = Decimal(row["inclusive"]), Decimal(row["insured"])
        multiple = cap_multiple(
            inclusive=inclusive,
            insured=insured,
            threshold=Decimal("0.30"),
            plain=Decimal(4),
            raised=Decimal(6),
        )
        assert multiple == Decimal(row["multiple"]), row
        assert plain_ratio(share(inclusive, insured)) == ratio(row["ratio"]), row
