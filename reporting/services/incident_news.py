"""Who is told of an incident: everybody who handles incidents of its unit, from there upwards."""

from __future__ import annotations

import datetime as dt

from django.db.models import F
from django.urls import reverse
from django.utils import timezone

from core.selectors import parameter
from core.services import tell
from organization.enums import Permission
from organization.models import Staff
from organization.selectors.staff import people_above_with
from reporting.enums import IncidentClockKind, IncidentGrade, IncidentKind
from reporting.models import Incident, IncidentClock


def tell_incident_opened(*, incident: Incident, at: dt.datetime) -> None:
    """Tell of a new incident; what it says stays on its page. Source: POST-05b."""
    tell(
        notice="incident_opened",
        people=_handlers(incident),
        values={
            "number": f"#{incident.pk}",
            "kind": IncidentKind(incident.kind).label,
            "grade": IncidentGrade(incident.grade).label,
            "unit": incident.unit.name,
        },
        at=at,
        subject=incident,
        url=_page(incident),
    )


def remind_of_incident_clocks(*, at: dt.datetime) -> int:
    """Tell once of every clock that runs out within the time of the parameter; return how many.

    A clock that was let go on later is told of again, for its end is another. Source: PRE-45b.
    """
    minutes = int(parameter(name="notify.clock_minutes", as_of=timezone.localdate(at)).value)
    ticking = IncidentClock.objects.filter(
        stopped_at__isnull=True,
        paused_at__isnull=True,
        due_at__gt=at,
        due_at__lte=at + dt.timedelta(minutes=minutes),
        due_at__gte=F("incident__opened_at"),
    ).select_related("incident__unit")
    return sum(bool(_remind(each, at)) for each in ticking.order_by("due_at", "pk"))


def _remind(clock: IncidentClock, at: dt.datetime) -> list:
    return tell(
        notice="incident_clock",
        people=_handlers(clock.incident),
        values={
            "number": f"#{clock.incident_id}",
            "clock": IncidentClockKind(clock.kind).label,
            "due": clock.due_at,
        },
        at=at,
        key=f"{clock.pk} {clock.due_at.isoformat()}",
        subject=clock.incident,
        url=_page(clock.incident),
    )


def _handlers(incident: Incident) -> list[Staff]:
    return people_above_with(permission=Permission.HANDLE_INCIDENTS, unit=incident.unit)


def _page(incident: Incident) -> str:
    return reverse("governance:incident", args=[incident.pk])
