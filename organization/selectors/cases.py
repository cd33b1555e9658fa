"""Cases for signature, by scope."""

from __future__ import annotations

import datetime as dt

from django.db.models import Count, Q, QuerySet
from django.utils.translation import gettext as _

from core.errors import Missing
from core.models import StoredFile
from organization.enums import CaseState, GrantStatus, Permission, ResolutionOutcome, WorkKind
from organization.models import (
    AuthorityCase,
    AuthorityGrant,
    Delegation,
    Resolution,
    SignedDecision,
    Staff,
    WorkItem,
)
from organization.permissions import may
from organization.selectors.work import seen_through_work

RESUBMITTED = "resubmitted"  # how the rework of a returned case ends


def cases_in_scope(*, staff: Staff, as_of: dt.date) -> QuerySet[AuthorityCase]:
    """Return the cases of the person's units, the own ones, and those brought by authority.

    Whoever was lent authority over another unit, holds it by name, or sits in a committee that a
    case was put to, sees exactly those cases; open work shows its case alone (`case_of`).

    Source: screens.md (an approver sees what he signs).
    """
    seen = Q(maker=staff) | Q(
        resolutions__committee__members__in=staff.seats.filter(
            Q(valid_to__isnull=True) | Q(valid_to__gt=as_of)
        )
    )
    if may(staff, Permission.VIEW_AUTHORITY):
        seen |= Q(unit__path__startswith=staff.unit.path)
    for path in _paths_by_name(staff, as_of):
        seen |= Q(unit__path__startswith=path)
    ids = AuthorityCase.objects.filter(seen).values("pk")
    return (
        AuthorityCase.objects.filter(pk__in=ids)
        .select_related("unit", "maker")
        .order_by("-submitted_at", "-pk")
    )


def _paths_by_name(staff: Staff, as_of: dt.date) -> set[str]:
    lent = Delegation.objects.filter(
        delegate=staff,
        revoked_at__isnull=True,
        valid_from__lte=as_of,
        valid_to__gt=as_of,
        grant__status=GrantStatus.APPROVED,
    )
    named = AuthorityGrant.objects.filter(
        Q(valid_to__isnull=True) | Q(valid_to__gt=as_of),
        person=staff,
        status=GrantStatus.APPROVED,
        valid_from__lte=as_of,
    )
    return {
        *lent.values_list("unit__path", flat=True),
        *named.values_list("unit__path", flat=True),
    }


def makers_of(*, case: AuthorityCase) -> set[int]:
    """Return who made a case: its maker, and whoever sent it in again for a maker who went away.

    None of them decides it. Source: PRE-11c, HQ-43.
    """
    reworked = WorkItem.objects.filter(
        kind=WorkKind.CASE_REWORK,
        subject_type=case._meta.label_lower,
        subject_id=str(case.pk),
        outcome=RESUBMITTED,
    )
    return {case.maker_id, *reworked.values_list("finished_by_id", flat=True)} - {None}


def case_of(*, staff: Staff, pk: int, as_of: dt.date) -> AuthorityCase:
    """Return one case of the scope, or one on which the person holds open work.

    Raises:
        Missing: it does not exist or is not the person's to see.
    """
    in_scope = Q(pk__in=cases_in_scope(staff=staff, as_of=as_of).order_by().values("pk"))
    case = (
        AuthorityCase.objects.filter(
            in_scope | seen_through_work(staff=staff, model=AuthorityCase), pk=pk
        )
        .select_related("unit", "maker")
        .first()
    )
    if case is None:
        raise Missing("case_missing", _("There is no such case."))
    return case


def case_file(*, case: AuthorityCase, pk: int) -> StoredFile:
    """Return one document of the case.

    Raises:
        Missing: it is not a document of this case.
    """
    found = case.files.select_related("stored").filter(pk=pk).first()
    if found is None:
        raise Missing("file_missing", _("There is no such file."))
    return found.stored


def state_counts(*, cases: QuerySet[AuthorityCase]) -> dict[str, int]:
    """Return how many cases are in each state; one query."""
    counted = dict(
        cases.order_by()
        .values_list("state")
        .annotate(number=Count("pk"))
        .values_list("state", "number")
    )
    return {state: counted.get(state, 0) for state in CaseState.values}


def decisions_of(*, case: AuthorityCase) -> QuerySet[SignedDecision]:
    """Return the decisions on a case, oldest first, with signer and authority."""
    return (
        SignedDecision.objects.filter(subject_type=case._meta.label_lower, subject_id=case.pk)
        .select_related("signer", "grant", "delegation", "delegation__delegator", "resolution")
        .order_by("at", "pk")
    )


def resolution_in_force(*, case: AuthorityCase) -> Resolution | None:
    """Return what a committee last resolved on exactly this version of the case."""
    return (
        case.resolutions.filter(
            case_version=case.version,
            outcome__in=[ResolutionOutcome.PASSED, ResolutionOutcome.REJECTED],
        )
        .select_related("committee")
        .order_by("-resolved_at", "-pk")
        .first()
    )
