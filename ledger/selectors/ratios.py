"""F1 to F3 of a month for those above: finance figures joined with retained exposure."""

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from ledger.enums import ClaimBasis, FinanceLine, RatioReason, RecoveryWindow
from ledger.rules.ratios import (
    Ratio,
    annualised_loss_rate_of_month,
    annualised_loss_rate_of_year,
    comprehensive_expense_ratio,
    comprehensive_loss_ratio,
    undefined,
)
from ledger.selectors.figures import FinanceBook

__all__ = ["Exposure", "Ratio", "ratios_of_month"]

_DECEMBER = 12
_LINES = {
    ClaimBasis.GROSS: (FinanceLine.CLAIMS_INDEMNITY, FinanceLine.RECOVERED_CASH),
    ClaimBasis.NET: (FinanceLine.CLAIMS_INDEMNITY_NET, FinanceLine.RECOVERED_CASH_NET),
}


@dataclass(frozen=True)
class Exposure:
    """Retained exposure in yuan at month-ends: F13, on the own co-insurance share.

    `before` and `now` are the two ends of the month, in the versions frozen with it; `by_month`
    holds what is known of the year; `in_force_since` is the first month that was ever closed.
    """

    before: Decimal | None
    now: Decimal
    by_month: Mapping[dt.date, Decimal]
    in_force_since: dt.date


def ratios_of_month(
    *,
    month: dt.date,
    finance: FinanceBook,
    exposure: Exposure,
    window: RecoveryWindow,
    basis: ClaimBasis,
) -> dict[str, Ratio]:
    """Return F1 to F3 of a month by glossary name, unrounded fractions or undefined with a reason.

    `annualised_loss_rate` is the regulatory form's cell: at a year end F3y, else the month-end
    form with the recovery `window`, both on the claim `basis`. `alr_month_literal` is gross of
    cession with recoveries of the year to date; `alr_month` is net with those of the month;
    `alr_gross` and `alr_month_literal_net` are the other two. Source: F1-F3, HQ-05 to HQ-08.
    """
    lines = finance.get(month, {})

    def of_month(window: RecoveryWindow, basis: ClaimBasis) -> Ratio:
        return _month_rate(month, finance, exposure, window, basis)

    if month.month == _DECEMBER:
        form = _year_rate(month, finance, exposure, basis)
    else:
        form = of_month(window, basis)
    return {
        "comprehensive_loss_ratio": comprehensive_loss_ratio(lines),
        "comprehensive_expense_ratio": comprehensive_expense_ratio(lines),
        "annualised_loss_rate": form,
        "alr_month_literal": of_month(RecoveryWindow.YEAR_TO_DATE, ClaimBasis.GROSS),
        "alr_month": of_month(RecoveryWindow.MONTH, ClaimBasis.NET),
        "alr_gross": of_month(RecoveryWindow.MONTH, ClaimBasis.GROSS),
        "alr_month_literal_net": of_month(RecoveryWindow.YEAR_TO_DATE, ClaimBasis.NET),
    }


def _month_rate(
    month: dt.date,
    finance: FinanceBook,
    exposure: Exposure,
    window: RecoveryWindow,
    basis: ClaimBasis,
) -> Ratio:
    claims, recovered = _LINES[basis]
    months = (
        [month] if window == RecoveryWindow.MONTH else _year_to_date(month, exposure.in_force_since)
    )
    return annualised_loss_rate_of_month(
        claims=_total(finance, [month], claims),
        recovered=_total(finance, months, recovered),
        retained_before=exposure.before,
        retained=exposure.now,
    )


def _year_rate(
    month: dt.date, finance: FinanceBook, exposure: Exposure, basis: ClaimBasis
) -> Ratio:
    ends = _year_to_date(month, exposure.in_force_since)
    opening = dt.date(month.year - 1, _DECEMBER, 1)
    if opening >= exposure.in_force_since:
        ends = [opening, *ends]
    if not all(end in exposure.by_month for end in ends):
        return undefined(RatioReason.EXPOSURE_MISSING)
    claims, recovered = _LINES[basis]
    months = _year_to_date(month, exposure.in_force_since)
    return annualised_loss_rate_of_year(
        claims=_total(finance, months, claims),
        recovered=_total(finance, months, recovered),
        retained=[exposure.by_month[end] for end in ends],
    )


def _year_to_date(month: dt.date, since: dt.date) -> list[dt.date]:
    days = (dt.date(month.year, number, 1) for number in range(1, month.month + 1))
    return [day for day in days if day >= since]


def _total(finance: FinanceBook, months: Sequence[dt.date], line: FinanceLine) -> Decimal | None:
    amounts = [finance.get(month, {}).get(line) for month in months]
    known = [amount for amount in amounts if amount is not None]
    return sum(known, Decimal(0)) if len(known) == len(amounts) else None
