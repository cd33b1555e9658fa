"""Propose a year or a change of the calendar; another person approves it. Asks no permission."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from core.enums import DayKind, NoticeStatus
from core.errors import Conflict, NotPermitted, RuleBroken, WrongState
from core.models import CalendarDay, CalendarNotice
from core.selectors.calendar import IN_FORCE, working_calendar
from core.services.audit import record_audit


@transaction.atomic
def propose_calendar(
    *,
    title: str,
    source: str,
    reason: str,
    days: Mapping[dt.date, tuple[str, str]],
    by: Any,
    at: dt.datetime,
    opens_year: int | None = None,
) -> CalendarNotice:
    """Write which days are not what their weekday says, by day: kind and name.

    Raises:
        RuleBroken: words are missing, no day is named, a kind is unknown, or a day lies in a year
            that is neither maintained nor opened by this notice.
        Conflict: the year is open already.
    """
    for field, text in (("title", title), ("source", source), ("reason", reason)):
        if not text.strip():
            raise RuleBroken("words_missing", _("Fill in title, source and reason."), field=field)
    years = working_calendar().years
    if opens_year in years:
        raise Conflict(
            "calendar_year_open",
            _("%(year)s is maintained already; propose a change of its days.")
            % {"year": opens_year},
        )
    _check_days(days, years | {opens_year})
    notice = CalendarNotice.objects.create(
        title=title,
        source=source,
        reason=reason,
        opens_year=opens_year,
        proposed_by=by,
        proposed_at=at,
    )
    CalendarDay.objects.bulk_create(
        CalendarDay(notice=notice, day=day, kind=kind, name=name)
        for day, (kind, name) in sorted(days.items())
    )
    record_audit(
        action="core.calendar_proposed", subject=notice, by=by, at=at, reason=reason, days=len(days)
    )
    return notice


@transaction.atomic
def decide_calendar(
    *, notice: CalendarNotice, is_approved: bool, by: Any, at: dt.datetime, remark: str = ""
) -> CalendarNotice:
    """Put a proposed notice in force, or reject it.

    Raises:
        WrongState: it does not wait for approval.
        NotPermitted: the person proposed it.
        Conflict: its year was opened meanwhile.
    """
    locked = CalendarNotice.objects.select_for_update(of=("self",)).get(pk=notice.pk)
    if locked.status != NoticeStatus.PROPOSED:
        raise WrongState("calendar_not_proposed", _("This notice is decided on already."))
    if locked.proposed_by_id == by.pk:
        raise NotPermitted(
            "maker_is_checker", _("Whoever proposes a calendar does not approve it.")
        )
    opened = CalendarNotice.objects.filter(opens_year=locked.opens_year, status__in=IN_FORCE)
    if is_approved and locked.opens_year is not None and opened.exists():
        raise Conflict("calendar_year_open", _("Another notice has opened this year meanwhile."))
    locked.status = NoticeStatus.APPROVED if is_approved else NoticeStatus.REJECTED
    locked.decided_by, locked.decided_at = by, at
    locked.save()
    record_audit(
        action=f"core.calendar_{locked.status}", subject=locked, by=by, at=at, reason=remark
    )
    return locked


def _check_days(days: Mapping[dt.date, tuple[str, str]], years: frozenset[int | None]) -> None:
    if not days:
        raise RuleBroken("calendar_no_days", _("Name at least one day."), field="days")
    for day, (kind, _name) in days.items():
        if kind not in DayKind.values:
            raise RuleBroken(
                "calendar_kind", _("“%(kind)s” is no kind of day.") % {"kind": kind}, field="days"
            )
        if day.year not in years:
            raise RuleBroken(
                "calendar_year_missing",
                _("%(day)s lies in a year that is not maintained.") % {"day": day},
                field="days",
            )
