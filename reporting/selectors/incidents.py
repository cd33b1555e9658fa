"""Reads of incidents, by scope."""

from django.db.models import Min, Prefetch, Q, QuerySet
from django.utils.translation import gettext as _

from core.errors import Missing
from organization.models import Staff
from reporting.models import Incident, IncidentClock, IncidentStep
from reporting.permissions import check_see_incidents


def incidents(*, staff: Staff) -> QuerySet[Incident]:
    """Return the incidents of the person's unit and below: open first, the next due first.

    Raises:
        NotPermitted: the person sees no incidents.
    """
    check_see_incidents(staff)
    running = Q(clocks__stopped_at__isnull=True)
    return (
        Incident.objects.filter(unit__path__startswith=staff.unit.path)
        .select_related("unit", "opened_by")
        .annotate(next_due_at=Min("clocks__due_at", filter=running))
        .order_by("closed_at", "next_due_at", "-pk")
    )


def incident_of(*, staff: Staff, pk: int) -> Incident:
    """Return one incident of the person's scope with its clocks and story.

    Raises:
        Missing: it does not exist or lies outside the scope.
    """
    clocks = IncidentClock.objects.select_related("stopped_by").order_by("due_at", "pk")
    steps = IncidentStep.objects.select_related("by", "evidence").order_by("at", "pk")
    found = (
        incidents(staff=staff)
        .select_related("contained_by", "closed_by")
        .prefetch_related(Prefetch("clocks", clocks), Prefetch("steps", steps))
        .filter(pk=pk)
        .first()
    )
    if found is None:
        raise Missing("incident_missing", _("There is no such incident."))
    return found
