"""F15: what a loan costs in all, as a rate per year, interest, premium and fees together. Pure.

The rate that makes the flows of the borrower worth nothing today; found by bracket and bisection,
so that no root is made up. Source: F15, HQ-19.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from itertools import pairwise

from products.rules.due_dates import MONTHLY, months_on
from products.rules.premiums import PremiumPart
from products.rules.rounding import wide
from products.rules.schedules import Schedule

MONTHS_OF_A_YEAR, DAYS_OF_A_YEAR = 12, 365
LOWEST, HIGHEST = Decimal("-0.99"), Decimal(10)  # effective per year: F15's bounds of a root
STATED = Decimal("1E-15")
WIDTH = Decimal("1E-30")
MOST_STEPS = 200
UNLIKE = 8  # times: ends of a stretch whose worths differ by more are not of one size
STEPS_OF_THE_SEARCH = 200


class NoCost(StrEnum):
    """Why there is no all-in rate; the case goes to a person and is blocked."""

    NO_FLOWS = "no_flows"
    ONE_SIDED = "one_sided"  # nothing is received, or nothing is paid
    NO_ROOT = "no_root"  # none between −99 % and 1000 %
    SEVERAL_ROOTS = "several_roots"


@dataclass(frozen=True)
class AllInCost:
    """Fractions per year, right to 15 places, or nothing with the reason that blocks the case."""

    nominal: Decimal | None
    effective: Decimal | None
    reason: NoCost | None = None

    @property
    def is_blocked(self) -> bool:
        """Say whether a person must look, because there is no rate."""
        return self.reason is not None


def all_in_cost_monthly(flows: Mapping[int, Decimal]) -> AllInCost:
    """Solve Σ CF_j / (1 + r)^j = 0 for the monthly rate r.

    Takes yuan by month from the start, received above zero and paid below. Returns 12·r (nominal)
    and (1 + r)^12 − 1 (effective), fractions per year. Undefined, with the reason, where no single
    root lies between −99 % and 1000 % effective. Source: F15.
    """
    return _solve(
        [(month, amount) for month, amount in sorted(flows.items()) if amount],
        MONTHS_OF_A_YEAR,
    )


def all_in_cost_by_days(flows: Iterable[tuple[dt.date, Decimal]]) -> AllInCost:
    """Solve Σ CF_j / (1 + x)^(days_j / 365) = 0 for the effective rate x (XIRR over 365 days).

    Takes dated yuan, received above zero and paid below. Returns x, and 12·((1 + x)^(1/12) − 1) as
    the nominal, fractions per year; undefined as for months. Source: F15.
    """
    dated = sorted((day, amount) for day, amount in flows if amount)
    return _solve([((day - dated[0][0]).days, amount) for day, amount in dated], DAYS_OF_A_YEAR)


def all_in_cost(
    schedule: Schedule,
    *,
    premiums: Sequence[PremiumPart] = (),
    fees: Sequence[tuple[dt.date, Decimal]] = (),
) -> AllInCost:
    """Return the all-in rate of a loan with its premium and fees (dated yuan), fractions per year.

    What falls due on the start reduces what the borrower receives. By months where everything falls
    a whole number of months after the start; by days otherwise. Source: F15.
    """
    start = schedule.terms.start
    flows = [
        (start, schedule.terms.principal),
        *((row.due_on, -row.instalment) for row in schedule.rows),
        *((part.due_on, -part.amount) for part in premiums),
        *((day, -amount) for day, amount in fees),
    ]
    months = _months(schedule, {day for day, _ in flows})
    if months is None:
        return all_in_cost_by_days(flows)
    monthly: dict[int, Decimal] = {}
    for day, amount in flows:
        monthly[months[day]] = monthly.get(months[day], Decimal(0)) + amount
    return all_in_cost_monthly(monthly)


def _months(schedule: Schedule, days: set[dt.date]) -> dict[dt.date, int] | None:
    start = schedule.terms.start
    if schedule.terms.frequency.step != MONTHLY.step:
        return None
    found = {}
    for day in days:
        number = (day.year - start.year) * MONTHS_OF_A_YEAR + day.month - start.month
        if number < 0 or months_on(start, number) != day:
            return None
        found[day] = number
    return found


def _solve(flows: Sequence[tuple[int, Decimal]], steps_of_a_year: int) -> AllInCost:
    """Find the one growth per step (1 + rate of a step) at which the flows are worth nothing."""
    if not flows:
        return AllInCost(None, None, NoCost.NO_FLOWS)
    if len({amount > 0 for _, amount in flows}) == 1:
        return AllInCost(None, None, NoCost.ONE_SIDED)
    with wide():
        worth = _worth_of(flows)
        share = Decimal(1) / steps_of_a_year
        low, high = ((1 + bound) ** share for bound in (LOWEST, HIGHEST))
        brackets = _brackets(worth, low, high, _turns(flows))
        if len(brackets) != 1:
            reason = NoCost.SEVERAL_ROOTS if brackets else NoCost.NO_ROOT
            return AllInCost(None, None, reason)
        growth = _root(worth, *brackets[0])
        effective = growth**steps_of_a_year - 1
        monthly = growth ** (Decimal(steps_of_a_year) / MONTHS_OF_A_YEAR) - 1
        return AllInCost(
            nominal=(monthly * MONTHS_OF_A_YEAR).quantize(STATED),
            effective=effective.quantize(STATED),
        )


def _worth_of(flows: Sequence[tuple[int, Decimal]]) -> Callable[[Decimal], Decimal]:
    """Return what the flows are worth today, in yuan, as a function of the growth per step.

    From the last flow to the first, each brought back over the gap to the one before: the gaps are
    of a few lengths, so few powers are taken.
    """
    steps = [0, *(step for step, _ in flows)]
    gaps = [(after - before, amount) for before, after, (_, amount) in zip(
        steps, steps[1:], flows, strict=False
    )][::-1]  # fmt: skip
    lengths = {gap for gap, _ in gaps}

    def worth(growth: Decimal) -> Decimal:
        back = {gap: 1 / growth**gap for gap in lengths}
        total = Decimal(0)
        for gap, amount in gaps:
            total = (total + amount) * back[gap]
        return total

    return worth


def _turns(flows: Sequence[tuple[int, Decimal]]) -> int:
    """Count the changes of sign; with one, there is at most one root (Descartes)."""
    return sum((before > 0) != (after > 0) for (_, before), (_, after) in pairwise(flows))


def _brackets(
    worth: Callable[[Decimal], Decimal], low: Decimal, high: Decimal, turns: int
) -> list[tuple[Decimal, Decimal]]:
    """Return the stretches in which the worth changes its sign, each with one root."""
    pieces = 1 if turns == 1 else STEPS_OF_THE_SEARCH
    step = (high / low) ** (Decimal(1) / pieces)
    points = [low * step**number for number in range(pieces)] + [high]
    signs = [(point, worth(point) >= 0) for point in points]
    return [(left, right) for (left, a), (right, b) in pairwise(signs) if a != b]


def _root(worth: Callable[[Decimal], Decimal], low: Decimal, high: Decimal) -> Decimal:
    """Find the root of a stretch by false position, halving the weight of an end that stays.

    (The Illinois rule: it stays within the stretch, as bisection does, in a tenth of its steps.)
    Before, the stretch is halved until its ends are of one size: false position creeps otherwise.
    """
    at_low, at_high = worth(low), worth(high)
    for _ in range(MOST_STEPS):
        if abs(at_low) <= UNLIKE * abs(at_high) and abs(at_high) <= UNLIKE * abs(at_low):
            break
        middle = (low + high) / 2
        value = worth(middle)
        if (value > 0) == (at_high > 0):
            high, at_high = middle, value
        else:
            low, at_low = middle, value
    last = low
    for _ in range(MOST_STEPS):
        if not at_low or not at_high:
            return high if at_low else low
        guess = high - at_high * (high - low) / (at_high - at_low)
        value = worth(guess)
        if not value or abs(guess - last) < WIDTH:
            return guess
        last = guess
        if (value > 0) == (at_high > 0):
            high, at_high, at_low = guess, value, at_low / 2
        else:
            low, at_low, at_high = guess, value, at_high / 2
    return last
