"""Inclusive small business and its part of the insured balance. Pure.

Source: PRE-02c-e, PRE-02n, F12, HQ-13, HQ-17.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal

NOUGHT = Decimal(0)


@dataclass(frozen=True, kw_only=True)
class InsuredLoan:
    """A loan under cover on a day. Amounts in yuan, gross of co-insurance and reinsurance.

    `obligor` is whoever the loan counts to: the enterprise itself, also where its owner borrowed
    for its business (HQ-17). `is_small` is None where nobody classified the obligor.
    """

    policy_no: str
    obligor: str
    insured_amount: Decimal
    balance: Decimal
    is_small: bool | None


@dataclass(frozen=True, kw_only=True)
class InclusiveBalance:
    """Numerator and denominator of F12 in yuan, and what nobody classified.

    `unknown` counts in the denominator alone, so that the ratio is at least what it says.
    """

    inclusive: Decimal
    insured: Decimal
    unknown: Decimal
    obligors: int
    loans: int

    @property
    def ratio(self) -> Decimal | None:
        """Return inclusive ÷ insured as an unrounded fraction; None (undefined) without a whole."""
        return self.inclusive / self.insured if self.insured else None


def is_inclusive(amounts: Iterable[Decimal], limit: Decimal) -> bool:
    """Tell whether the insured loans of one small obligor, summed, stay within the limit (yuan).

    The limit itself counts. Source: PRE-02e.
    """
    return sum(amounts, NOUGHT) <= limit


def inclusive_balance(loans: Sequence[InsuredLoan], limit: Decimal) -> InclusiveBalance:
    """Return numerator and denominator of F12 in yuan, unrounded. Source: F12, PRE-02e."""
    sums: dict[str, Decimal] = {}
    for loan in loans:
        sums[loan.obligor] = sums.get(loan.obligor, NOUGHT) + loan.insured_amount
    within = {obligor for obligor, amount in sums.items() if is_inclusive([amount], limit)}
    counted = [loan for loan in loans if loan.is_small and loan.obligor in within]
    return InclusiveBalance(
        inclusive=sum((loan.balance for loan in counted), NOUGHT),
        insured=sum((loan.balance for loan in loans), NOUGHT),
        unknown=sum((loan.balance for loan in loans if loan.is_small is None), NOUGHT),
        obligors=len({loan.obligor for loan in counted}),
        loans=len(loans),
    )


def cap_multiple(
    *,
    inclusive: Decimal,
    insured: Decimal,
    threshold: Decimal,
    plain: Decimal,
    raised: Decimal,
) -> Decimal:
    """Return the multiple of net assets that caps financing business: plain, or raised.

    Raised where inclusive ÷ insured reaches the threshold (a fraction); compared without division,
    so that exactly the threshold counts. Without a balance the ratio is undefined: plain.
    Source: F12, HQ-13.
    """
    is_raised = insured > 0 and inclusive >= threshold * insured
    return raised if is_raised else plain


def may_issue_under(*, usage: Decimal, cap: Decimal) -> bool:
    """Tell whether financing business may be issued: the usage (a multiple) is within the cap.

    Above it existing policies stay and every new issue waits until usage falls. Source: HQ-13.
    """
    return usage <= cap


def quarter_of(day: dt.date) -> dt.date:
    """Return the first day of the quarter of a day."""
    return dt.date(day.year, 3 * ((day.month - 1) // 3) + 1, 1)


def quarter_before(quarter: dt.date) -> dt.date:
    """Return the first day of the quarter before this one."""
    return quarter_of(quarter.replace(day=1) - dt.timedelta(days=1))


def quarter_end(quarter: dt.date) -> dt.date:
    """Return the last day of a quarter."""
    month = quarter.month + 3
    first = dt.date(quarter.year + (month > 12), (month - 1) % 12 + 1, 1)
    return first - dt.timedelta(days=1)
