"""Reads of the working-day calendar."""

from __future__ import annotations

import datetime as dt

from django.db.models import F, QuerySet
from django.utils.translation import gettext as _

from core.enums import NoticeStatus
from core.errors import Missing
from core.models import CalendarDay, CalendarNotice
from core.workdays import WorkingCalendar

IN_FORCE = [NoticeStatus.SEEDED, NoticeStatus.APPROVED]


def working_calendar() -> WorkingCalendar:
    """Return every maintained year; count with it when there is more than one day to ask about."""
    years = CalendarNotice.objects.filter(status__in=IN_FORCE, opens_year__isnull=False)
    return WorkingCalendar(
        years=frozenset(years.values_list("opens_year", flat=True)),
        exceptions=dict(_days_in_force().values_list("day", "kind")),
    )


def is_working_day(*, day: dt.date) -> bool:
    """Tell whether a day is worked.

    Raises:
        Missing: its year is not maintained.
    """
    return working_calendar().is_working_day(day)


def add_working_days(*, day: dt.date, count: int) -> dt.date:
    """Return the day that lies `count` working days after a day.

    Raises:
        Missing: the count leads into a year that is not maintained.
    """
    return working_calendar().add_working_days(day, count)


def working_days_between(*, start: dt.date, end: dt.date) -> int:
    """Count the working days of [start, end).

    Raises:
        Missing: a day lies in a year that is not maintained.
    """
    return working_calendar().working_days_between(start, end)


def calendar_names(*, year: int) -> dict[dt.date, str]:
    """Return the names of the exceptional days of a year."""
    return dict(_days_in_force().filter(day__year=year).values_list("day", "name"))


def calendar_notices() -> QuerySet[CalendarNotice]:
    """Return every notice with its people and days, newest first."""
    return (
        CalendarNotice.objects.select_related("proposed_by", "decided_by")
        .prefetch_related("days")
        .order_by("-pk")
    )


def calendar_notice_of(*, pk: int) -> CalendarNotice:
    """Return one notice.

    Raises:
        Missing: it does not exist.
    """
    found = calendar_notices().filter(pk=pk).first()
    if found is None:
        raise Missing("calendar_notice_missing", _("There is no such calendar notice."))
    return found


def _days_in_force() -> QuerySet[CalendarDay]:
    return (
        CalendarDay.objects.filter(notice__status__in=IN_FORCE)
        .order_by("day", F("notice__decided_at").desc(nulls_last=True), "-notice_id")
        .distinct("day")
    )
