"""What the landing page shows to one person."""

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, Q, QuerySet
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
    return [tile for make in _TILES for tile in make(person, at)]


def _jobs(person: Staff, at: dt.datetime) -> dict[str, int]:
    since = at - dt.timedelta(days=RECENT_DAYS)
    wrong = Q(status__in=[JobStatus.REFUSED, JobStatus.FAILED], created_at__gte=since)
    return (
        jobs_of(person=person)
        .order_by()
        .aggregate(open=Count("pk", filter=Q(status__in=OPEN)), wrong=Count("pk", filter=wrong))
    )


def _jobs_of_mine(person: Staff, at: dt.datetime) -> list[Tile]:
    counts = _jobs(person, at)
    return [
        Tile(
            title=_("Jobs under way"),
            value=counts["open"],
            icon="settings-automation",
            url=reverse("desk:jobs"),
        ),
        Tile(
            title=_("Jobs refused or failed"),
            value=counts["wrong"],
            icon="alert-triangle",
            url=reverse("desk:jobs"),
            hint=_("last 30 days"),
        ),
    ]


def _files_loaded(person: Staff, at: dt.datetime) -> list[Tile]:
    if not may(person, Permission.LOAD_FILES):
        return []
    since = at - dt.timedelta(days=RECENT_DAYS)
    loaded = LenderFile.objects.filter(state=FileState.COMPLETE, recorded_at__gte=since)
    return [
        Tile(
            title=_("Lender files loaded"),
            value=loaded.count(),
            icon="file-import",
            url=reverse("postloss:files"),
            hint=_("last 30 days"),
        )
    ]


def _warnings_to_handle(person: Staff, _at: dt.datetime) -> list[Tile]:
    if not may(person, Permission.VIEW_PORTFOLIO):
        return []
    counts = open_warning_counts(staff=person)
    worst = next((level for level in WarningLevel.values if counts[level]), "")
    return [
        Tile(
            title=_("Warnings standing"),
            value=sum(counts.values()),
            icon="bell",
            url=reverse("postloss:warnings"),
            level=worst,
        )
    ]


# One line per kind of tile, most urgent first: a function (person, at) → tiles.
_TILES: tuple[Callable[[Staff, dt.datetime], list[Tile]], ...] = (
    _warnings_to_handle,
    _jobs_of_mine,
    _files_loaded,
)
