"""Reads of recertification: campaigns, their lines, the report."""

from __future__ import annotations

from django.db.models import Count, Q, QuerySet
from django.utils.translation import gettext as _

from organization.enums import CertificationDecision
from organization.errors import Missing
from organization.models import Recertification, RecertificationLine, Staff
from organization.permissions import may_see_recertification


def campaigns(*, staff: Staff) -> QuerySet[Recertification]:
    """Return the campaigns, newest first, with their counts by decision: the report. PRE-38c.

    Raises:
        Missing: the person takes no part in certifying.
    """
    if not may_see_recertification(staff):
        raise Missing("recertification_missing", _("There is no such recertification."))
    counts = {
        f"n_{decision}": Count("lines", filter=Q(lines__decision=decision))
        for decision in CertificationDecision.values
    }
    return Recertification.objects.annotate(**counts).order_by("-opened_at")


def campaign_of(*, staff: Staff, pk: int) -> Recertification:
    """Return one campaign.

    Raises:
        Missing: there is none, or the person takes no part in certifying.
    """
    found = campaigns(staff=staff).filter(pk=pk).first()
    if found is None:
        raise Missing("recertification_missing", _("There is no such recertification."))
    return found


def lines_of(*, campaign: Recertification, staff: Staff) -> QuerySet[RecertificationLine]:
    """Return a campaign's lines of the person's scope, undecided ones first, then by unit."""
    return (
        campaign.lines.filter(unit__path__startswith=staff.unit.path)
        .select_related("staff__unit", "unit", "assignment__role", "decided_by")
        .prefetch_related("staff__roles")
        .annotate(is_open=Q(decision=CertificationDecision.PENDING))
        .order_by("-is_open", "unit__path", "staff__username", "pk")
    )


def line_of(*, staff: Staff, pk: int) -> RecertificationLine:
    """Return one line.

    Raises:
        Missing: there is none in the person's scope.
    """
    found = None
    if may_see_recertification(staff):
        found = (
            RecertificationLine.objects.filter(unit__path__startswith=staff.unit.path, pk=pk)
            .select_related("staff__unit", "unit", "campaign")
            .first()
        )
    if found is None:
        raise Missing("recertification_missing", _("There is no such recertification."))
    return found
