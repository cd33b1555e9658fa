"""Committees, their seats, and what is before them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable

from django.db.models import Count, Model, Q, QuerySet
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
from organization.rules.recusal import Traits
from organization.selectors.authority import ancestors
from organization.selectors.cases import cases_in_scope, makers_of
from organization.selectors.recusal import traits_of_case, traits_of_key

_pages: dict[str, Callable[[int], str]] = {}


def register_matter(subject_type: str, page: Callable[[int], str]) -> None:
    """Say where a kind of matter of an app above is read that committees vote on."""
    _pages[subject_type] = page


def matter_page(*, resolution: Resolution) -> str:
    """Return the address of what a resolution without a case is about; empty where none is known.

    Source: PRE-33b.
    """
    page = _pages.get(resolution.subject_type)
    return "" if page is None else page(resolution.subject_id)


def makers_of_resolution(*, resolution: Resolution) -> set[int]:
    """Return who made what is put to a committee: none of them votes on it. Source: HQ-43."""
    if resolution.case is not None:
        return makers_of(case=resolution.case)
    return set(resolution.maker_ids)


def traits_of_resolution(*, resolution: Resolution) -> Traits:
    """Return by what the parties of what is put to a committee are recognised. Source: PRE-12e."""
    if resolution.case is not None:
        return traits_of_case(case=resolution.case)
    return traits_of_key(
        subject_type=resolution.subject_type, subject_id=str(resolution.subject_id)
    )


def committees_in_scope(*, staff: Staff) -> QuerySet[Committee]:
    """Return the committees of the person's units and of those above, by name."""
    return (
        _committees_of(staff)
        .select_related("unit", "proposed_by", "approved_by")
        .annotate(seats=Count("members", filter=Q(members__valid_to__isnull=True), distinct=True))
        .order_by("name", "pk")
    )


def _committees_of(staff: Staff) -> QuerySet[Committee]:
    own = staff.unit.path
    return Committee.objects.filter(
        Q(unit__path__startswith=own)
        | Q(unit__path__in=ancestors(own))
        | Q(pk__in=CommitteeMember.objects.filter(person=staff).values("committee"))
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


def committees_standing(*, kind: str, as_of: dt.date) -> QuerySet[Committee]:
    """Return the approved committees of a kind that stand on a day, by name."""
    return Committee.objects.filter(
        Q(valid_to__isnull=True) | Q(valid_to__gt=as_of),
        kind=kind,
        status=ApprovalStatus.APPROVED,
        valid_from__lte=as_of,
    ).order_by("name")


def resolutions_on(*, subject: Model) -> QuerySet[Resolution]:
    """Return what committees resolved on a matter of an app above, newest first."""
    return (
        Resolution.objects.filter(subject_type=subject._meta.label_lower, subject_id=subject.pk)
        .select_related("committee", "convened_by", "resolved_by")
        .order_by("-pk")
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
    """Return a resolution whose case the person sees, or a matter of a committee of the scope.

    Raises:
        Missing: it does not exist or is not the person's to see.
    """
    found = (
        Resolution.objects.filter(
            Q(case__in=cases_in_scope(staff=staff, as_of=as_of).order_by().values("pk"))
            | Q(case__isnull=True, committee__in=_committees_of(staff).values("pk")),
            pk=pk,
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
