"""What stands out in a month's finance figures, for the person who signs them off."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal

from ledger.enums import CHANGES, CheckCode, FinanceLine
from ledger.rules.ratios import earned_premium


@dataclass(frozen=True)
class Check:
    """One remark on a month: the lines concerned and, for F1a, the difference in yuan."""

    month: dt.date
    code: str
    lines: tuple[str, ...] = ()
    difference: Decimal | None = None

    @property
    def label(self) -> str:
        """Return the words of the remark."""
        return CheckCode(self.code).label


def checks_of_month(month: dt.date, lines: Mapping[str, Decimal]) -> list[Check]:
    """Return every remark on a month's lines (yuan by code), as they would stand once signed off.

    Source: F1a (the figure of finance wins, the derived one must reconcile), F1.
    """
    found = [premium_check(month, lines), *_negative(month, lines)]
    missing = tuple(line.value for line in FinanceLine if line not in lines)
    if missing:
        found.append(Check(month, CheckCode.LINES_MISSING.value, missing))
    return [check for check in found if check]


def premium_check(month: dt.date, lines: Mapping[str, Decimal]) -> Check | None:
    """Compare stated with derived earned premium, in yuan; nothing when equal or not all known.

    Source: F1a.
    """
    inputs = (
        FinanceLine.PREMIUM_INCOME,
        FinanceLine.CEDED_PREMIUM,
        FinanceLine.UPR_CHANGE_NET,
    )
    if FinanceLine.EARNED_PREMIUM not in lines or not all(line in lines for line in inputs):
        return None
    derived = earned_premium(**{line.value: lines[line] for line in inputs})
    difference = lines[FinanceLine.EARNED_PREMIUM] - derived
    if difference == 0:
        return None
    return Check(
        month, CheckCode.PREMIUM_DIFFERS.value, (FinanceLine.EARNED_PREMIUM.value,), difference
    )


def _negative(month: dt.date, lines: Mapping[str, Decimal]) -> list[Check]:
    below = [code for code, amount in lines.items() if amount < 0 and code not in CHANGES]
    return [
        Check(
            month,
            (
                CheckCode.NEGATIVE_EARNED_PREMIUM
                if code == FinanceLine.EARNED_PREMIUM
                else CheckCode.NEGATIVE_AMOUNT
            ).value,
            (code,),
        )
        for code in sorted(below)
    ]
