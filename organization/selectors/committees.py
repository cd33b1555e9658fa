"""Committees, their seats, and what is before them."""

from __future__ import annotations

import datetime as dt

from django.db.models import Count, Q, QuerySet
from django.utils.translation import gettext as _

from core.enums import ApprovalStatus
from core.errors import Missing
from core.models import StoredFile
from organization.models import (
    AuthorityCase,
    Committee,
    CommitteeMember,
    Resolution,
    Staff,
)
from organization.selectors.authority import ancestors
from organization.selectors.cases import cases_in_scope


def committees_in_scope(*, staff: Staff) -> QuerySet[Committee]:
    """Return the committees of the person's units and of those above, by name."""
    own = staff.unit.path
    return (
        Committee.objects.filter(
            Q(unit__path__startswith=own)
            | Q(unit__path__in=ancestors(own))
            | Q(pk__in=CommitteeMember.objects.filter(person=staff).values("committee"))
        )
        .select_related("unit", "proposed_by", "approved_by")
        .annotate(seats=Count("members", filter=Q(members__valid_to__isnull=True), distinct=True))
        .order_by("name", "pk")
    )


def committee_of(*, staff: Staff, pk: int) -> Committee:
    """Return one committee of the scope.

    Raises:
        Missing: it does not exist or is not the person's to see.
    """
    found = committees_in_scope(staff=staff).filter(pk=pk).first()
    if found is None:
        raise Missing("committee_missing", _("There is no such committee."))
    return found


def committees_for(*, case: AuthorityCase, as_of: dt.date) -> QuerySet[Committee]:
    """Return the approved committees that a case may be put to."""
    return (
        Committee.objects.filter(
            Q(valid_to__isnull=True) | Q(valid_to__gt=as_of),
            status=ApprovalStatus.APPROVED,
            valid_from__lte=as_of,
            unit__path__in=ancestors(case.unit.path),
        )
        .select_related("unit")
        .order_by("name")
    )


def seats_on(*, committee: Committee, day: dt.date) -> QuerySet[CommitteeMember]:
    """Return the seats that stand on a day, the chair first."""
    return (
        committee.members.filter(
            Q(valid_to__isnull=True) | Q(valid_to__gt=day), valid_from__lte=day
        )
        .select_related("person")
        .order_by("-is_chair", "person__username")
    )


def resolutions_of(*, committee: Committee) -> QuerySet[Resolution]:
    """Return what was put to a committee, newest first."""
    return committee.resolutions.select_related("case", "case__unit").order_by("-held_on", "-pk")


def resolution_of(*, staff: Staff, pk: int, as_of: dt.date) -> Resolution:
    """Return a resolution whose case the person sees.

    Raises:
        Missing: it does not exist or is not the person's to see.
    """
    found = (
        Resolution.objects.filter(
            pk=pk, case__in=cases_in_scope(staff=staff, as_of=as_of).order_by().values("pk")
        )
        .select_related(
            "committee",
            "committee__unit",
            "case",
            "case__unit",
            "case__maker",
            "convened_by",
            "resolved_by",
        )
        .first()
    )
    if found is None:
        raise Missing("resolution_missing", _("There is no such resolution."))
    return found


def resolution_file(*, resolution: Resolution, pk: int) -> StoredFile:
    """Return one document of what was put to a committee.

    Raises:
        Missing: it is not a document of this resolution.
    """
    found = resolution.files.select_related("stored").filter(pk=pk).first()
    if found is None:
        raise Missing("file_missing", _("There is no such file."))
    return found.stored
