"""Where a figure of a report leads: to its loans, or to its finance figures."""

from urllib.parse import urlencode

from django.urls import reverse

from reporting.enums import FigureCode
from reporting.rules.rows import TOTAL, FigureRow

BUCKETS = {
    FigureCode.M0_BALANCE: "m0",
    FigureCode.M1_BALANCE: "m1",
    FigureCode.M2_BALANCE: "m2",
    FigureCode.M3_BALANCE: "m3",
    FigureCode.TAIL_OVER_180: "tail",
    FigureCode.ROLL_M0_1: "m1",
    FigureCode.ROLL_M0_2: "m2",
    FigureCode.OVERDUE_RATE: "overdue",
    FigureCode.N_M0: "m0",
    FigureCode.N_M1: "m1",
    FigureCode.N_M2: "m2",
    FigureCode.N_M3: "m3",
    FigureCode.N_TAIL: "tail",
    FigureCode.N_NOT_REPORTED: "not_reported",
    FigureCode.NOT_REPORTED_BALANCE: "not_reported",
    FigureCode.N_BASIS_DIFFERS: "basis_differs",
}
FROM_FINANCE = (
    FigureCode.COMPREHENSIVE_LOSS_RATIO,
    FigureCode.COMPREHENSIVE_EXPENSE_RATIO,
    FigureCode.ANNUALISED_LOSS_RATE,
    FigureCode.ALR_MONTH_LITERAL,
    FigureCode.ALR_MONTH,
    FigureCode.ALR_GROSS,
    FigureCode.ALR_MONTH_LITERAL_NET,
)


def url_of(row: FigureRow) -> str:
    """Return the address of what the figure was made from; a roll rate leads to its numerator."""
    if row.code in FROM_FINANCE:
        return reverse("ledger:month", args=[row.period])
    words = {"version": row.version}
    if row.slice_dimension != TOTAL:
        words |= {"dimension": row.slice_dimension, "value": row.slice_value}
    if row.code in BUCKETS:
        words["bucket"] = BUCKETS[FigureCode(row.code)]
    return f"{reverse('postloss:snapshot_loans', args=[row.period])}?{urlencode(words)}"
