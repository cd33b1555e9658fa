"""Working days: pure counting over the years that are maintained."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass

from django.utils.translation import gettext as _

from core.enums import DayKind
from core.errors import Missing

_WORKED = {DayKind.WORKDAY, DayKind.MAKE_UP}
_DAY = dt.timedelta(days=1)


@dataclass(frozen=True)
class WorkingCalendar:
    """The maintained years and the days in them that are not what their weekday says."""

    years: frozenset[int]
    exceptions: Mapping[dt.date, str]

    def kind_of(self, day: dt.date) -> DayKind:
        """Say what a day is.

        Raises:
            Missing: its year is not maintained.
        """
        if day.year not in self.years:
            raise Missing(
                "calendar_year_missing",
                _("The working-day calendar has no %(year)s yet; enter that year first.")
                % {"year": day.year},
            )
        exception = self.exceptions.get(day)
        if exception is not None:
            return DayKind(exception)
        return DayKind.WEEKEND if day.weekday() >= 5 else DayKind.WORKDAY

    def is_working_day(self, day: dt.date) -> bool:
        """Tell whether a day is worked.

        Raises:
            Missing: its year is not maintained.
        """
        return self.kind_of(day) in _WORKED

    def add_working_days(self, day: dt.date, count: int) -> dt.date:
        """Return the working day that lies `count` working days after (or before) a day.

        The day itself does not count; 0 gives the day itself if it is worked, else the next one.

        Raises:
            Missing: the count leads into a year that is not maintained.
        """
        if count == 0:
            while not self.is_working_day(day):
                day += _DAY
            return day
        step = _DAY if count > 0 else -_DAY
        left = abs(count)
        while left:
            day += step
            left -= self.is_working_day(day)
        return day

    def working_days_between(self, start: dt.date, end: dt.date) -> int:
        """Count the working days of the half-open period [start, end); negative when turned round.

        Raises:
            Missing: a day of the period lies in a year that is not maintained.
        """
        if end < start:
            return -self.working_days_between(end, start)
        days = (end - start).days
        return sum(self.is_working_day(start + number * _DAY) for number in range(days))
