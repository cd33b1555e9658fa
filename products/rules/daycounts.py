"""Day counts: the length of a stretch of days as an exact fraction of a year. Half-open, pure."""

from __future__ import annotations

import calendar
import datetime as dt
from enum import StrEnum
from fractions import Fraction

MONTH_OF_THIRTY, YEAR_OF_360, YEAR_OF_365 = 30, 360, 365


class DayCount(StrEnum):
    """What a contract calls its day count."""

    THIRTY_360 = "30/360"
    ACTUAL_360 = "act/360"
    ACTUAL_365 = "act/365"
    ACTUAL_ACTUAL = "act/act"


def year_fraction(start: dt.date, end: dt.date, day_count: DayCount) -> Fraction:
    """Return the time from `start` to `end` as a fraction of a year, exact.

    30/360 is the bond basis (ISDA 2006, 4.16(f)): the 31st counts as the 30th, at the end only if
    the start does too. act/act is that of ISDA (4.16(b)): days of leap years over 366, the others
    over 365. act/365 is fixed: a leap year has 366/365.

    Raises:
        ValueError: the end is before the start.
    """
    if end < start:
        raise ValueError(f"{end} is before {start}")
    if day_count == DayCount.THIRTY_360:
        return Fraction(_days_of_360(start, end), YEAR_OF_360)
    if day_count == DayCount.ACTUAL_360:
        return Fraction((end - start).days, YEAR_OF_360)
    if day_count == DayCount.ACTUAL_365:
        return Fraction((end - start).days, YEAR_OF_365)
    return _actual_actual(start, end)


def _days_of_360(start: dt.date, end: dt.date) -> int:
    first = min(start.day, MONTH_OF_THIRTY)
    last = MONTH_OF_THIRTY if end.day > MONTH_OF_THIRTY and first == MONTH_OF_THIRTY else end.day
    return (end.year - start.year) * YEAR_OF_360 + (end.month - start.month) * 30 + last - first


def _actual_actual(start: dt.date, end: dt.date) -> Fraction:
    total = Fraction(0)
    for year in range(start.year, end.year + 1):
        first = max(start, dt.date(year, 1, 1))
        until = end if year == end.year else dt.date(year + 1, 1, 1)
        total += Fraction((until - first).days, YEAR_OF_365 + calendar.isleap(year))
    return total
