"""Close a month: snapshot, figures, warnings; frozen, versioned, restated with a reason.

Each phase is one transaction; a killed closing goes on with the phase that it had not committed.
Source: POST-09c-d, POST-35d-m, HQ-01 to HQ-04, HQ-44; safety.md R2.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from django.db import connection, transaction
from django.db.models import Max
from django.utils.translation import gettext as _

from core.errors import RuleBroken
from core.months import add_months, month_end, month_text
from core.services import record_audit
from postloss.adapters.figures_sql import place_segments, write_figures, write_migrations
from postloss.adapters.snapshot_sql import build_snapshot
from postloss.enums import Bucket, MonthEndState
from postloss.models import MonthEnd, Snapshot
from postloss.selectors.history import files_in_order
from postloss.selectors.month_ends import closed_month_ends, latest_closed, months_with_files
from postloss.selectors.warnings import warning_counts
from postloss.services.raising import raise_warnings

Heartbeat = Callable[..., None]
CLOSING_LOCK = 0x4D454E44  # "MEND": one closing at a time
PHASES = 4


@dataclass(frozen=True)
class Closing:
    """A closed month and its warnings: standing by level, and how many are new and closed."""

    month_end: MonthEnd
    warnings: dict[str, int]


def close_month(
    *,
    month: dt.date,
    by: Any,
    at: dt.datetime,
    heartbeat: Heartbeat,
    reason: str = "",
    asked_at: dt.datetime | None = None,
) -> Closing:
    """Close a month, or restate a closed one with a `reason`; return what came of it.

    A month closed already is returned as it is, and so is a restatement made since it was
    `asked_at` (the job that was killed behind it is driven again). What was half closed before is
    finished.

    Raises:
        RuleBroken: no lender has a file for the month, an earlier month with files is still open,
            or a month that is not closed is to be restated.
    """
    with _one_at_a_time():
        row = MonthEnd.objects.filter(month=month, state=MonthEndState.BUILDING).first()
        if row is None:
            present = latest_closed(month=month)
            if present is not None and (not reason or _is_answer(present, reason, asked_at)):
                return Closing(present, warning_counts(month_end=present))
            row = _open_month_end(month=month, present=present, reason=reason, at=at)
        warnings = _finish(row, by=by, at=at, heartbeat=heartbeat)
    return Closing(row, warnings)


def _is_answer(present: MonthEnd, reason: str, asked_at: dt.datetime | None) -> bool:
    return asked_at is not None and present.reason == reason and present.known_at >= asked_at


@contextmanager
def _one_at_a_time() -> Iterator[None]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_lock(%s, 0)", [CLOSING_LOCK])
    try:
        yield
    finally:
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_unlock(%s, 0)", [CLOSING_LOCK])


def check_may_close(*, month: dt.date) -> None:
    """Refuse a month without files, or one behind an open month with files.

    Raises:
        RuleBroken: as said.
    """
    months = months_with_files()
    if month not in months:
        raise RuleBroken(
            "no_files",
            _("No lender has a file for %(month)s; load one first.") % {"month": month_text(month)},
        )
    closed = set(closed_month_ends().values_list("month", flat=True))
    open_before = [each for each in months if each < month and each not in closed]
    if open_before:
        raise RuleBroken(
            "earlier_month_open",
            _("%(month)s has files and is still open; close it first.")
            % {"month": month_text(open_before[0])},
        )


@transaction.atomic
def _open_month_end(
    *, month: dt.date, present: MonthEnd | None, reason: str, at: dt.datetime
) -> MonthEnd:
    if present is None and reason:
        raise RuleBroken(
            "not_closed",
            _("%(month)s is not closed yet, so it cannot be restated.")
            % {"month": month_text(month)},
        )
    check_may_close(month=month)
    last = MonthEnd.objects.filter(month=month).aggregate(Max("version"))["version__max"] or 0
    return MonthEnd.objects.create(
        month=month,
        version=last + 1,
        reason=reason,
        known_at=at,
        one_before=latest_closed(month=add_months(month, -1)),
        two_before=latest_closed(month=add_months(month, -2)),
    )


def _finish(row: MonthEnd, *, by: Any, at: dt.datetime, heartbeat: Heartbeat) -> dict[str, int]:
    text = month_text(row.month)
    if not row.has_snapshot:
        heartbeat(done=0, total=PHASES, text=_("%(month)s snapshot") % {"month": text})
        _take_snapshot(row)
    if not row.has_figures:
        heartbeat(done=2, total=PHASES, text=_("%(month)s figures") % {"month": text})
        _compute_figures(row)
    heartbeat(done=3, total=PHASES, text=_("%(month)s warnings") % {"month": text})
    warnings = _freeze(row, by=by, at=at)
    heartbeat(done=PHASES, total=PHASES, text=text)
    return warnings


@transaction.atomic
def _take_snapshot(row: MonthEnd) -> None:
    before = closed_month_ends().filter(month__lt=row.month).order_by("-month", "-version").first()
    build_snapshot(row, before, has_instalment_basis=place_segments(month_end(row.month)))
    live = Snapshot.objects.filter(month_end=row)
    row.loans = live.filter(bucket__lte=Bucket.TAIL).count()
    row.not_reported = live.filter(bucket=Bucket.NOT_REPORTED).count()
    row.has_snapshot = True
    row.save()


@transaction.atomic
def _compute_figures(row: MonthEnd) -> None:
    place_segments(month_end(row.month))
    write_figures(row)
    write_migrations(row)
    row.has_figures = True
    row.save()


@transaction.atomic
def _freeze(row: MonthEnd, *, by: Any, at: dt.datetime) -> dict[str, int]:
    row.state, row.closed_at, row.closed_by = MonthEndState.CLOSED, at, by
    row.save()
    record_audit(
        action="month_closed", subject=row, by=by, at=at, reason=row.reason, version=row.version
    )
    return raise_warnings(month_end=row, at=at)


def months_to_close(*, first: dt.date, last: dt.date) -> list[dt.date]:
    """Return the months with files from `first` to `last`; `first` itself is always among them."""
    return [first, *(month for month in months_with_files() if first < month <= last)]


def files_pending(*, month: dt.date) -> int:
    """Return how many complete files of a month its latest version does not know."""
    present = latest_closed(month=month)
    files = files_in_order().filter(month=month)
    return (files.filter(recorded_at__gt=present.known_at) if present else files).count()
