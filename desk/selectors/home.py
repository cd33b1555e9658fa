"""What the landing page shows to one person."""

import datetime as dt
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, QuerySet
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from core.enums import JobStatus
from core.models import AuditRecord, Job
from core.selectors import jobs_of
from organization.enums import Permission
from organization.models import Staff
from organization.permissions import may
from organization.selectors.sign_in import alerts_since
from partners.enums import FileState
from partners.models import LenderFile
from postloss.enums import WarningLevel
from postloss.selectors.warnings import open_warning_counts, open_warnings_held

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


def _alerts_at_the_door(person: Staff, at: dt.datetime) -> Tile | None:
    if not may(person, Permission.VIEW_SECURITY_LOG):
        return None
    return Tile(
        title=_("Alerts at the door"),
        value=alerts_since(since=at - dt.timedelta(days=1)).count(),
        icon="shield-search",
        url=reverse("desk:security_log"),
        hint=_("last 24 hours"),
    )


# One line per tile, most urgent first; a tile is a function (person, at) → Tile or None.
_TILES: tuple[Callable[[Staff, dt.datetime], Tile | None], ...] = (
    _alerts_at_the_door,
    _warnings_to_handle,
    _jobs_under_way,
    _jobs_gone_wrong,
    _files_loaded,
)

SIGN_IN_EVENTS = {
    "sign_in.succeeded": _("Signed in"),
    "sign_in.failed": _("Wrong password or code"),
    "sign_in.locked": _("Locked after too many attempts"),
    "sign_in.denied": _("Outside the limits of the role"),
    "sign_in.stolen": _("Session used on another device"),
    "sign_in.new_device": _("New device"),
    "sign_in.new_network": _("New network"),
    "sign_in.signed_out": _("Signed out"),
    "sign_in.session_ended": _("Session ended"),
    "sign_in.password_changed": _("Password changed"),
    "sign_in.password_reset": _("Password reset"),
    "sign_in.factor_added": _("Second factor added"),
    "sign_in.factor_removed": _("Second factor removed"),
    "sign_in.factor_renewed": _("Recovery codes renewed"),
    "sign_in.factor_forgotten": _("Second factors forgotten"),
}


WHY = {
    "device": _("Device"),
    "hours": _("Hours"),
    "network": _("Network"),
    "other_device": _("Other device"),
    "password": _("Password"),
    "code": _("Verification code"),
    "others": _("All other sessions"),
    "roles changed": _("Roles changed"),
    "not active": _("No longer active"),
    "totp": _("Authenticator app"),
    "webauthn": _("Security key"),
    "recovery_codes": _("Recovery codes"),
    "all": _("All"),
}


@dataclass(frozen=True, kw_only=True)
class SignInEvent:
    """A line of the security log in words; `staff` is nobody where the name is nobody's."""

    record: AuditRecord
    word: Any
    why: Any
    staff: Staff | None


def named_events(records: Iterable[AuditRecord]) -> list[SignInEvent]:
    """Return lines of the security log with the people whom they concern (two queries)."""
    rows = list(records)
    people = Staff.objects.in_bulk({int(row.object_id) for row in rows})
    return [
        SignInEvent(
            record=row,
            word=SIGN_IN_EVENTS.get(row.action, row.action),
            why=_why(row),
            staff=people.get(int(row.object_id)),
        )
        for row in rows
    ]


def _why(row: AuditRecord) -> Any:
    said = [row.reason, *(row.detail.get(name, "") for name in ("why", "step", "kind"))]
    given = next(filter(None, said), "")
    return WHY.get(given, given)


def alert_counts(*, at: dt.datetime) -> list[tuple[Any, str, int]]:
    """Return word, action and number of every kind of alert of the last 24 hours."""
    rows = alerts_since(since=at - dt.timedelta(days=1)).order_by().values_list("action")
    counts = dict(rows.annotate(number=Count("pk")))
    return [(SIGN_IN_EVENTS[action], action, counts[action]) for action in sorted(counts)]


def with_open_work(people: list[Staff]) -> list[tuple[Staff, int]]:
    """Return each person with the number of open warnings that they hold. Source: CRM-54."""
    held = open_warnings_held(people=people)
    return [(person, held.get(person.pk, 0)) for person in people]
