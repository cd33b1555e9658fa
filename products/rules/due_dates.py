"""Due dates: counted from the start or the first due date, never from the row before. Pure."""

from __future__ import annotations

import calendar
import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction
from itertools import count

from core.errors import RuleBroken

DAYS_OF_HALF_A_MONTH = 15


class Step(StrEnum):
    """In what a period is counted."""

    MONTH = "month"
    HALF_MONTH = "half_month"
    WEEK = "week"
    DAY = "day"


_STEPS_OF_A_YEAR = {Step.MONTH: 12, Step.HALF_MONTH: 24, Step.WEEK: 52, Step.DAY: 360}
_DAYS_OF_A_STEP = {Step.WEEK: 7, Step.DAY: 1}


@dataclass(frozen=True)
class Frequency:
    """How often an instalment falls due: every `every` months, half months, weeks or days."""

    every: int = 1
    step: Step = Step.MONTH

    @property
    def year_share(self) -> Fraction:
        """Return a whole period as a fraction of a year of 12 months, 52 weeks or 360 days."""
        return Fraction(self.every, _STEPS_OF_A_YEAR[self.step])


MONTHLY = Frequency()


def months_on(day: dt.date, months: int, anchor: int | None = None) -> dt.date:
    """Return the day `months` later: the same day of the month, or the last of a shorter month.

    `anchor` is the day of the month that is meant, where `day` itself is a shortened one.
    """
    index = day.year * 12 + day.month - 1 + months
    year, month = index // 12, index % 12 + 1
    if not dt.MINYEAR <= year <= dt.MAXYEAR:
        raise RuleBroken("date_out_of_range", "The schedule runs beyond the calendar.")
    return dt.date(year, month, min(anchor or day.day, calendar.monthrange(year, month)[1]))


def steps_on(day: dt.date, steps: int, frequency: Frequency, anchor: int | None = None) -> dt.date:
    """Return the day that lies `steps` periods after `day`."""
    units = steps * frequency.every
    if frequency.step == Step.MONTH:
        return months_on(day, units, anchor)
    if frequency.step == Step.HALF_MONTH:
        whole = months_on(day, units // 2, anchor)
        return whole + dt.timedelta(days=DAYS_OF_HALF_A_MONTH * (units % 2))
    try:
        return day + dt.timedelta(days=units * _DAYS_OF_A_STEP[frequency.step])
    except OverflowError as refusal:
        raise RuleBroken("date_out_of_range", "The schedule runs beyond the calendar.") from refusal


def steps_between(start: dt.date, first_due: dt.date, frequency: Frequency) -> int | None:
    """Return how many whole periods lie from the start to the first due date; None if not whole."""
    steps, day = 1, steps_on(start, 1, frequency)
    while day < first_due:
        steps += 1
        day = steps_on(start, steps, frequency)
    return steps if day == first_due else None


def due_dates(start: dt.date, first_due: dt.date | None, frequency: Frequency) -> Iterator[dt.date]:
    """Yield the due dates, without end.

    Counted from the start, or from a first due date that the start does not lead to; a loan of the
    31st falls due on the last day of a short month and comes back to the 31st.
    """
    ahead = 1 if first_due is None else steps_between(start, first_due, frequency)
    for n in count():
        if ahead is None:
            yield steps_on(first_due or start, n, frequency)
        else:
            yield steps_on(start, ahead + n, frequency)
