"""What the landing page shows to one person."""

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from core.enums import JobStatus
from core.models import Job
from core.selectors import jobs_of
from organization.enums import Permission
from organization.models import Staff
from organization.permissions import may
from partners.enums import FileState
from partners.models import LenderFile
from postloss.enums import WarningLevel
from postloss.selectors.warnings import open_warning_counts

OPEN = [JobStatus.QUEUED, JobStatus.RUNNING]
RECENT_DAYS = 30


@dataclass(frozen=True, kw_only=True)
class Tile:
    """A count on the landing page; `level` is a key of the badge component."""

    title: Any
    value: int
    icon: str
    url: str = ""
    hint: Any = ""
    level: str = ""


def open_jobs(*, person: Staff) -> QuerySet[Job]:
    """Return the person's jobs that wait or run, newest first."""
    return jobs_of(person=person).filter(status__in=OPEN)


def open_job_count(*, person: Staff) -> int:
    """Return how many jobs of the person wait or run."""
    return open_jobs(person=person).count()


def recent_jobs(*, person: Staff) -> QuerySet[Job]:
    """Return the person's last five jobs."""
    return jobs_of(person=person)[:5]


def tiles_for(*, person: Staff, at: dt.datetime) -> list[Tile]:
    """Return the tiles that concern the person, in the order of `_TILES`."""
    return [tile for make in _TILES if (tile := make(person, at)) is not None]


def _jobs_under_way(person: Staff, _at: dt.datetime) -> Tile:
    return Tile(
        title=_("Jobs under way"),
        value=open_job_count(person=person),
        icon="settings-automation",
        url=reverse("desk:jobs"),
    )


def _jobs_gone_wrong(person: Staff, at: dt.datetime) -> Tile:
    since = at - dt.timedelta(days=RECENT_DAYS)
    wrong = jobs_of(person=person).filter(
        status__in=[JobStatus.REFUSED, JobStatus.FAILED], created_at__gte=since
    )
    return Tile(
        title=_("Jobs refused or failed"),
        value=wrong.count(),
        icon="alert-triangle",
        url=reverse("desk:jobs"),
        hint=_("last 30 days"),
    )


def _files_loaded(person: Staff, at: dt.datetime) -> Tile | None:
    if not may(person, Permission.LOAD_FILES):
        return None
    since = at - dt.timedelta(days=RECENT_DAYS)
    loaded = LenderFile.objects.filter(state=FileState.COMPLETE, recorded_at__gte=since)
    return Tile(
        title=_("Lender files loaded"),
        value=loaded.count(),
        icon="file-import",
        url=reverse("postloss:files"),
        hint=_("last 30 days"),
    )


def _warnings_to_handle(person: Staff, _at: dt.datetime) -> Tile | None:
    if not may(person, Permission.VIEW_PORTFOLIO):
        return None
    counts = open_warning_counts(staff=person)
    worst = next((level for level in WarningLevel.values if counts[level]), "")
    return Tile(
        title=_("Warnings standing"),
        value=sum(counts.values()),
        icon="bell",
        url=reverse("postloss:warnings"),
        level=worst,
    )


# One line per tile, most urgent first; a tile is a function (person, at) → Tile or None.
_TILES: tuple[Callable[[Staff, dt.datetime], Tile | None], ...] = (
    _warnings_to_handle,
    _jobs_under_way,
    _jobs_gone_wrong,
    _files_loaded,
)
