"""A small book of two branches over three closed months, with a loan in every bucket.

北京 and its cousin with a dangerous name lead to the Beijing branch, 上海 to Shanghai, 广州 to
nobody yet. Shanghai's loans, people and amounts are canaries: nobody else may see them.
"""

from __future__ import annotations

import datetime as dt
from pathlib import Path

from core import clock
from organization.models import Unit
from tests.builders import Folder, close, late, load, loan, row
from underwriting.models import NameMapping
from underwriting.services.names import confirm_name

FORMULA = '=HYPERLINK("http://x","y")'
CANARY, CANARY_AMOUNT, CANARY_PERSON = "SHCANARY", "77,777.77", "31010119900307425X"
BEIJING_PERSON = "11010519491231002X"
MONTHS = {"2017-05": "2017-05-31", "2017-06": "2017-06-30", "2017-07": "2017-07-31"}


def confirm_branches(places: dict[str, Unit], *, valid_from: dt.date = dt.date(2016, 1, 1)) -> None:
    for name, unit in places.items():
        mapping = NameMapping.objects.filter(book_name__name=name).order_by("-valid_from").first()
        confirm_name(mapping=mapping, place=unit, valid_from=valid_from, by=None, at=clock.now())


def loans(folder: Folder) -> Path:
    shanghai = {"branch": "上海", "obligor_id": CANARY_PERSON, "obligor_name": "沪生"}
    return folder.loans(
        *(loan(f"B{number}", disbursed_on="2016-11-15") for number in range(1, 5)),
        loan("B5", product="消费贷款", channel="=1+1", disbursed_on="2017-02-01"),
        *(loan(f"B{number}", branch=FORMULA) for number in range(6, 9)),
        *(loan(f"{CANARY}{number}", **shanghai) for number in range(1, 3)),
        loan("G1", branch="广州"),
    )


def july(folder: Folder, **words: str) -> Path:
    """Every bucket: B1 M1, B2 by days M2 and by instalments M1, B3 M3, B4 tail, B7 settled, B8
    written off, B6 not reported.
    """
    day = {"as_of": MONTHS["2017-07"]}
    return folder.repayments(
        late("B1", 12, 1, **day, outstanding_principal="41000.10"),
        late("B2", 40, 1, **day, outstanding_principal="42000.20"),
        late("B3", 90, 3, **day, outstanding_principal="43000.30"),
        late("B4", 200, 7, **day, outstanding_principal="44000.40"),
        row("B5", **day, outstanding_principal="45000.50"),
        row("B7", **day, status="结清", outstanding_principal="0"),
        late("B8", 230, 8, **day, status="核销", outstanding_principal="0"),
        late(f"{CANARY}1", 33, 2, **day, outstanding_principal="77777.77"),
        row(f"{CANARY}2", **day, outstanding_principal="66666.66"),
        row("G1", **day, outstanding_principal="1234.56"),
        month="201707",
        **words,
    )


def earlier(folder: Folder, month: str) -> Path:
    day = {"as_of": MONTHS[month]}
    numbers = [f"B{number}" for number in range(1, 9)]
    lines = [row(name, **day) for name in [*numbers, f"{CANARY}1", f"{CANARY}2", "G1"]]
    return folder.repayments(*lines, month=month.replace("-", ""))


def closed_book(path: Path, *, beijing: Unit, shanghai: Unit, until: str = "2017-07") -> Folder:
    """Load three months and close them up to one."""
    folder = Folder(path)
    load(loans(folder))
    confirm_branches({"北京": beijing, FORMULA: beijing, "上海": shanghai})
    load(earlier(folder, "2017-05"), earlier(folder, "2017-06"), july(folder))
    close("2017-05", through=until)
    return folder


def correct_july(folder: Folder) -> None:
    """B1 owed 1,000.10 less, B5 was 5 days late, and a canary moved too; the month is restated."""
    day = {"as_of": MONTHS["2017-07"]}
    load(
        folder.repayments(
            late("B1", 12, 1, **day, outstanding_principal="40000.00"),
            late("B5", 5, 1, **day, outstanding_principal="45000.50"),
            late(f"{CANARY}1", 65, 3, **day, outstanding_principal="77777.77"),
            month="201707",
            tail="_corrected",
        )
    )
    close("2017-07", restate="甲银行更正七月")
