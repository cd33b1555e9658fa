"""A small book that worsens: 200 loans of two branches over four months, the last with bad rows."""

from __future__ import annotations

import csv
from pathlib import Path

from postloss.rules.lender_files import LOANS, REPAYMENTS

LOANS_IN_BOOK, OF_BEIJING = 200, 120
MONTH_ENDS = {
    "202510": "2025-10-31",
    "202511": "2025-11-30",
    "202512": "2025-12-31",
    "202601": "2026-01-31",
}
WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)


def resident_number(place: int) -> str:
    """Return a made-up resident number with a right check digit."""
    body = f"1101011990{1 + place % 12:02d}{1 + place % 28:02d}{place:03d}"
    total = sum(int(digit) * weight for digit, weight in zip(body, WEIGHTS, strict=True))
    return body + "10X98765432"[total % 11]


def write_book(folder: Path) -> None:
    """Write `loans.csv` and four repayment files; the last has three lines to correct."""
    folder.mkdir(parents=True)
    _write(folder / "loans.csv", LOANS.names, [_loan(place) for place in range(LOANS_IN_BOOK)])
    for number, (name, day) in enumerate(MONTH_ENDS.items()):
        rows = [_row(place, number, day) for place in range(LOANS_IN_BOOK)]
        if number == len(MONTH_ENDS) - 1:
            rows[3]["days_overdue"] = "many"
            rows[4]["outstanding_principal"] = "900.123"
            rows[5]["status"] = "在途"
        _write(folder / f"repayment_{name}.csv", REPAYMENTS.names, rows)


def _loan(place: int) -> dict[str, object]:
    return {
        "loan_no": f"B{place:03d}",
        "obligor_id": resident_number(place),
        "obligor_name": "王小明",
        "principal": "12000.00",
        "rate": "0.07",
        "term": 24,
        "disbursed_on": "2025-09-05",
        "maturity": "2027-09-05",
        "product": "车贷",
        "channel": "直销",
        "branch": "北京" if place < OF_BEIJING else "上海",
    }


def _row(place: int, number: int, day: str) -> dict[str, object]:
    stopped = place % 5  # the month from which a loan of the first branch pays no more
    is_late = place < OF_BEIJING and stopped <= number
    paid = max(stopped - 1, 0) if is_late else number
    days = 15 + 30 * number if is_late else 0
    return {
        "loan_no": f"B{place:03d}",
        "as_of": day,
        "instalments_due": number + 2,
        "instalments_overdue": number + 1 if is_late else 0,
        "days_overdue": days,
        "due_on": day[:8] + "05",
        "due_amount": "540.00",
        "paid_amount": "0.00" if is_late else "540.00",
        "outstanding_principal": f"{11500 - 480 * paid}.00",
        "status": "逾期" if is_late else "正常",
    }


def _write(path: Path, names: tuple[str, ...], rows: list[dict[str, object]]) -> None:
    with path.open("w", encoding="utf-8", newline="") as sink:
        writer = csv.DictWriter(sink, names)
        writer.writeheader()
        writer.writerows(rows)
