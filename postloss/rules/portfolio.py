"""What a manager reads from figures: vintages, cohort migration, movers, shades. Pure.

Beside the regulatory ratios and under other names, never in their place. Source: HQ-04, POST-06c.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal

LIVE = range(5)
WRITTEN_OFF = 6
SHADES = (Decimal("0.5"), Decimal(1), Decimal("1.5"), Decimal(2))


@dataclass(frozen=True, kw_only=True)
class VintagePoint:
    """A vintage quarter at a month-end. Yuan; `month` is year × 12 + month − 1."""

    vintage: str
    month: int
    late_balance: Decimal
    disbursed: Decimal


@dataclass(frozen=True, kw_only=True)
class VintageCurve:
    """Share of what was disbursed that stands 31 days or more overdue, by months on book."""

    vintage: str
    by_age: dict[int, Decimal | None]


@dataclass(frozen=True, kw_only=True)
class MigrationCell:
    """Loans and balances that went from one bucket to another within a month. Yuan."""

    before: int
    after: int
    loans: int
    before_balance: Decimal
    balance: Decimal
    share: Decimal | None
    is_worse: bool


def vintage_end(vintage: str) -> int:
    """Return the index (year × 12 + month − 1) of the last month of a quarter `2017Q1`."""
    year, quarter = vintage.split("Q")
    return int(year) * 12 + int(quarter) * 3 - 1


def vintage_curves(points: Iterable[VintagePoint]) -> list[VintageCurve]:
    """Return a curve per vintage quarter, oldest first.

    Late share = (M2 + M3 + over 180 days) ÷ disbursed amount of the quarter: a fraction, unrounded;
    `None` without anything disbursed. Months on book count from the quarter's last month, so that
    every loan of the quarter is at least as old; points before it are left out.
    """
    curves: dict[str, dict[int, Decimal | None]] = defaultdict(dict)
    for point in points:
        age = point.month - vintage_end(point.vintage)
        if age >= 0:
            share = point.late_balance / point.disbursed if point.disbursed else None
            curves[point.vintage][age] = share
    return [VintageCurve(vintage=name, by_age=curves[name]) for name in sorted(curves)]


def migration_matrix(
    cells: Iterable[tuple[int, int, int, Decimal, Decimal]],
) -> dict[int, dict[int, MigrationCell]]:
    """Return the cohort matrix: bucket before → bucket now → cell.

    `cells`: before, now, loans, balance before, balance now (yuan). A share is the cell's part of
    its row's balance before, a fraction, unrounded; `None` where the row held none. Source: HQ-04.
    """
    rows = list(cells)
    whole: dict[int, Decimal] = defaultdict(Decimal)
    for before, _, _, before_balance, _ in rows:
        whole[before] += before_balance
    matrix: dict[int, dict[int, MigrationCell]] = defaultdict(dict)
    for before, after, loans, before_balance, balance in rows:
        matrix[before][after] = MigrationCell(
            before=before,
            after=after,
            loans=loans,
            before_balance=before_balance,
            balance=balance,
            share=before_balance / whole[before] if whole[before] else None,
            is_worse=after == WRITTEN_OFF or (after in LIVE and after > before),
        )
    return dict(matrix)


def change(now: Decimal | None, before: Decimal | None) -> Decimal | None:
    """Return now − before in the unit of both; `None` where either is unknown."""
    return None if now is None or before is None else now - before


def why_undefined(*, is_roll: bool, has_month_before: bool, balance_before: Decimal | None) -> str:
    """Return why a ratio has no value, as a code.

    An overdue rate lacks outstanding principal. A roll rate lacks the closed month before, the
    slice in it, or M0 (yuan) of the slice. Source: F10a-c.
    """
    if not is_roll:
        return "no_outstanding"
    if not has_month_before:
        return "month_not_closed"
    return "new_slice" if balance_before is None else "zero_denominator"


def shade(value: Decimal | None, reference: Decimal | None) -> int | None:
    """Return 0-4: how a rate stands to a reference rate (½, 1, 1½ and 2 times); `None` unknown."""
    if value is None or not reference:
        return None
    return sum(value >= reference * step for step in SHADES)


def share_shade(share: Decimal | None) -> int | None:
    """Return 0-4 for a share of a whole: 0, up to 5 %, 20 %, 50 %, above; `None` unknown."""
    if share is None:
        return None
    steps: Sequence[Decimal] = (Decimal(0), Decimal("0.05"), Decimal("0.2"), Decimal("0.5"))
    return sum(share > step for step in steps)
