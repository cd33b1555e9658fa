"""F1, F1a, F2 and F3: ratios from finance figures and retained exposure. Missing is not zero."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import pairwise

from ledger.enums import FinanceLine, RatioReason

MONTHS_OF_A_YEAR = 12


@dataclass(frozen=True)
class Ratio:
    """A fraction, unrounded, or nothing with a reason; a value may carry a mark as its reason."""

    value: Decimal | None
    reason: str = ""

    def __post_init__(self) -> None:
        if self.value is None and not self.reason:
            raise ValueError("an undefined ratio needs a reason")

    @property
    def reason_words(self) -> str:
        """Say the reason in words; empty where there is none."""
        return str(RatioReason(self.reason).label) if self.reason else ""


def undefined(reason: RatioReason) -> Ratio:
    """Return the undefined ratio with this reason."""
    return Ratio(None, reason.value)


CLR_LINES = (
    FinanceLine.CLAIMS_PAID,
    FinanceLine.RECOVERY_INCOME,
    FinanceLine.CEDED_CLAIMS_RECOVERED,
    FinanceLine.INWARD_RI_CLAIMS,
    FinanceLine.CLAIMS_RESERVE_CHANGE,
    FinanceLine.RI_CLAIMS_RESERVE_CHANGE,
    FinanceLine.EARNED_PREMIUM,
)
CER_LINES = (
    FinanceLine.OPERATING_EXPENSE,
    FinanceLine.RI_COMMISSION_RECOVERED,
    FinanceLine.COMMISSION_EXPENSE,
    FinanceLine.INWARD_RI_EXPENSE,
    FinanceLine.TAXES_AND_SURCHARGES,
    FinanceLine.EARNED_PREMIUM,
)


def comprehensive_loss_ratio(lines: Mapping[str, Decimal]) -> Ratio:
    """Divide net claims by earned premium: (A − B − C + D + E − F) / G.

    Takes one period's finance lines in yuan; returns an unrounded fraction, not clipped.
    Undefined when a line is missing, G is zero or G is negative.

    Source: F1, POST-35a.
    """
    if not all(line in lines for line in CLR_LINES):
        return undefined(RatioReason.FINANCE_FIGURES_MISSING)
    a, b, c, d, e, f, premium = (lines[line] for line in CLR_LINES)
    return _by_premium(a - b - c + d + e - f, premium)


def comprehensive_expense_ratio(lines: Mapping[str, Decimal]) -> Ratio:
    """Divide net expenses by earned premium: (X1 − X2 + X3 + X4 + X5) / G.

    Takes one period's finance lines in yuan; returns an unrounded fraction. Undefined as F1.

    Source: F2, POST-35b.
    """
    if not all(line in lines for line in CER_LINES):
        return undefined(RatioReason.FINANCE_FIGURES_MISSING)
    x1, x2, x3, x4, x5, premium = (lines[line] for line in CER_LINES)
    return _by_premium(x1 - x2 + x3 + x4 + x5, premium)


def earned_premium(
    *, premium_income: Decimal, ceded_premium: Decimal, upr_change_net: Decimal
) -> Decimal:
    """Derive earned premium in yuan: premium income − ceded premium − net change of UPR.

    A check against what finance states; the figure of finance wins.

    Source: F1a.
    """
    return premium_income - ceded_premium - upr_change_net


def annualised_loss_rate_of_month(
    *,
    claims: Decimal | None,
    recovered: Decimal | None,
    retained_before: Decimal | None,
    retained: Decimal,
) -> Ratio:
    """Annualise one month's net indemnity over the mean retained exposure of its two ends.

    (claims − recovered) × 12 / ((R of the month before + R) / 2), yuan in, unrounded fraction out.
    With `recovered` of the year to date it is the literal F3m, with that of the month F3m′.

    Source: F3m, F3m′, HQ-05, HQ-09.
    """
    if retained_before is None:
        return undefined(RatioReason.NO_MONTH_BEFORE)
    if claims is None or recovered is None:
        return undefined(RatioReason.FINANCE_FIGURES_MISSING)
    return _by_exposure((claims - recovered) * MONTHS_OF_A_YEAR * 2, retained_before + retained)


def annualised_loss_rate_of_year(
    *, claims: Decimal | None, recovered: Decimal | None, retained: Sequence[Decimal]
) -> Ratio:
    """Divide a year's net indemnity by the average of the monthly mean retained exposures.

    `retained` holds consecutive month-ends in yuan, R_0 to R_12; a line in force for less than a
    year gives fewer and is marked `partial_year`: the average is over the months in force, never
    over 12. Returns an unrounded fraction.

    Source: F3y, HQ-06, HQ-08.
    """
    months = len(retained) - 1
    if months < 1:
        return undefined(RatioReason.NO_MONTH_BEFORE)
    if claims is None or recovered is None:
        return undefined(RatioReason.FINANCE_FIGURES_MISSING)
    twice = sum((a + b for a, b in pairwise(retained)), Decimal(0))
    ratio = _by_exposure((claims - recovered) * 2 * months, twice)
    is_partial = ratio.value is not None and months < MONTHS_OF_A_YEAR
    return Ratio(ratio.value, RatioReason.PARTIAL_YEAR.value) if is_partial else ratio


def _by_premium(net: Decimal, premium: Decimal) -> Ratio:
    if premium == 0:
        return undefined(RatioReason.DENOMINATOR_ZERO)
    if premium < 0:
        return undefined(RatioReason.NEGATIVE_EARNED_PREMIUM)
    return Ratio(net / premium)


def _by_exposure(net: Decimal, exposure: Decimal) -> Ratio:
    if exposure == 0:
        return undefined(RatioReason.DENOMINATOR_ZERO)
    if exposure < 0:
        return undefined(RatioReason.NEGATIVE_EXPOSURE)
    return Ratio(net / exposure)
