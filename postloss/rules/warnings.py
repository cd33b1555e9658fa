"""How a figure is judged against its thresholds, and how a warning's level follows its months."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from postloss.enums import Indicator, ThresholdTest, WarningLevel

RANK = {"": 0, WarningLevel.YELLOW: 1, WarningLevel.ORANGE: 2, WarningLevel.RED: 3}
LAG_MONTHS = {Indicator.ROLL_M0_1: 1, Indicator.ROLL_M0_2: 2}


@dataclass(frozen=True, kw_only=True)
class Limit:
    """One threshold: a fraction for the value itself, a multiple for the other tests."""

    level: str
    test: str
    limit: Decimal
    min_sample: int
    hysteresis: Decimal
    base_floor: Decimal = Decimal(0)
    months: int | None = None
    min_history: int | None = None


@dataclass(frozen=True, kw_only=True)
class Reading:
    """One indicator of one slice at a month-end: value, loans below the fraction bar, and bases.

    `past` holds the values of the month-ends before, newest first; `None` is undefined.
    """

    value: Decimal
    sample: int
    book: Decimal | None
    past: Sequence[Decimal | None]


@dataclass(frozen=True, kw_only=True)
class Verdict:
    """The level that a reading reaches (empty: none), by which limit, and whether it is good.

    `measure` is what was compared with the limit, `base` what the value was divided by.
    """

    level: str
    is_good: bool
    limit: Limit | None = None
    measure: Decimal | None = None
    base: Decimal | None = None
    is_small_sample: bool = False


def judge(reading: Reading, limits: Sequence[Limit]) -> Verdict:
    """Return the highest level that any test reaches. Fractions and multiples, unrounded.

    A test speaks only where its base exists and is at least its floor, so that a multiple of next
    to nothing raises nothing. A sample below the minimum raises nothing either, but is no excuse:
    a month is good only when every test that can be measured lies below limit × (1 − hysteresis),
    whatever the sample. Source: HQ-28, HQ-29, POST-07c.
    """
    measured = [
        (limit, base, reading.value / base)
        for limit in limits
        if (base := _base(limit, reading)) is not None
    ]
    over = [each for each in measured if each[2] >= each[0].limit]
    raised = [each for each in over if reading.sample >= each[0].min_sample]
    is_good = all(value < limit.limit * (1 - limit.hysteresis) for limit, _, value in measured)
    if not raised:
        return Verdict(level="", is_good=is_good, is_small_sample=bool(over))
    limit, base, value = max(raised, key=lambda each: RANK[each[0].level])
    return Verdict(level=limit.level, is_good=False, limit=limit, measure=value, base=base)


def worst_level(levels: Sequence[str]) -> str:
    """Return the highest of these levels; empty of none."""
    return max(levels, key=lambda level: RANK[level], default="")


def is_worse(level: str, than: str) -> bool:
    """Tell whether one level is above another; empty is below all."""
    return RANK[level] > RANK[than]


def standing_level(*, present: str, newest: Sequence[str]) -> str:
    """Return a warning's level: the worst of its newest month-ends, the present one of none.

    `newest` holds the levels of as many month-ends as closing asks for, so that a level rises at
    once and falls only after as many month-ends below it. Source: HQ-29.
    """
    return worst_level(newest) or present


def may_be_closed(*, goods: Sequence[bool], good_months: int) -> bool:
    """Tell whether the newest `good_months` month-ends were all good. Source: HQ-29."""
    return len(goods) >= good_months > 0 and all(goods[:good_months])


def is_expected_undefined(*, indicator: str, months_of_book: int) -> bool:
    """Tell whether a ratio cannot exist yet: the book is younger than its denominator.

    `months_of_book` counts the months from the first closed one (0: this is the first).
    Source: F10a-b (undefined in month 1, in months 1-2).
    """
    return months_of_book < LAG_MONTHS.get(Indicator(indicator), 0)


def _base(limit: Limit, reading: Reading) -> Decimal | None:
    if limit.test == ThresholdTest.ABSOLUTE:
        return Decimal(1)
    base = reading.book if limit.test == ThresholdTest.AGAINST_BOOK else _past_mean(limit, reading)
    return base if base is not None and base > 0 and base >= limit.base_floor else None


def _past_mean(limit: Limit, reading: Reading) -> Decimal | None:
    known = [value for value in reading.past[: limit.months] if value is not None]
    if not known or len(known) < (limit.min_history or 1):
        return None
    return sum(known, Decimal(0)) / len(known)
