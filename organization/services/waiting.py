"""What of the organisation waits for somebody: roles, access, authority, cases, votes, sign-in."""

from __future__ import annotations

import datetime as dt

from django.db.models import Exists, F, OuterRef, Q
from django.urls import reverse

from core.enums import ApprovalStatus
from core.masking import scrub
from organization.enums import (
    CaseState,
    DefinitionStatus,
    GrantKind,
    GrantStatus,
    Permission,
    ReleaseStatus,
    ResolutionOutcome,
    Standing,
    WorkKind,
)
from organization.models import (
    AuthorityCase,
    AuthorityGrant,
    Committee,
    Recertification,
    RecusalEntry,
    RecusalRelease,
    Resolution,
    RoleAssignment,
    RoleDefinition,
    SignInPolicy,
    Staff,
)
from organization.selectors.committees import makers_of_resolution, seats_on
from organization.services.awaiting import Awaiting, end_of

_BEFORE = Q(outcome=ResolutionOutcome.OPEN)


def _grant_title(grant: AuthorityGrant) -> str:
    return f"#{grant.pk} {grant.get_kind_display()} · {grant.unit.name} · {grant.limit_words}"


def _grant_url(grant: AuthorityGrant) -> str:
    return reverse("organization:grant", args=[grant.pk])


def _case_title(case: AuthorityCase) -> str:
    return f"#{case.pk} {scrub(case.title)} · {case.amount:,.2f}"


def _case_url(case: AuthorityCase) -> str:
    return reverse("organization:case", args=[case.pk])


def _matter_title(resolution: Resolution) -> str:
    return resolution.title if resolution.case is None else resolution.case.title


def _resolution_title(resolution: Resolution) -> str:
    return f"#{resolution.pk} {resolution.committee.name} · {scrub(_matter_title(resolution))}"


def _resolution_url(resolution: Resolution) -> str:
    return reverse("organization:resolution", args=[resolution.pk])


def _day_of_meeting(resolution: Resolution) -> dt.datetime:
    return end_of(resolution.held_on)


def _voters(resolution: Resolution) -> set[int]:
    """Return who still has to vote: here, no vote yet, neither maker nor recused."""
    seats = seats_on(committee=resolution.committee, day=resolution.held_on)
    seated = set(seats.filter(person__is_active=True).values_list("person_id", flat=True))
    voted = set(resolution.votes.values_list("member__person_id", flat=True))
    kept_out = RecusalEntry.objects.filter(
        subject_type=resolution.subject_type, subject_id=str(resolution.subject_id)
    )
    if resolution.case is not None:
        kept_out = RecusalEntry.objects.filter(case=resolution.case)
    out = set(kept_out.values_list("person_id", flat=True))
    return seated - voted - out - makers_of_resolution(resolution=resolution)


WAITING = (
    Awaiting(
        kind=WorkKind.ROLES_ASSIGNMENT,
        model=Staff,
        waits=Q(is_active=True, standing=Standing.WORKING)
        & ~Exists(RoleAssignment.objects.filter(staff=OuterRef("pk"), ended_at__isnull=True)),
        title=lambda person: f"#{person.pk} · {person.unit.name}",
        url=lambda person: reverse("organization:person", args=[person.pk]),
        permission=Permission.ASSIGN_ROLES,
        related=("unit",),
    ),
    Awaiting(
        kind=WorkKind.ROLE_APPROVAL,
        model=RoleDefinition,
        waits=Q(status=DefinitionStatus.PROPOSED),
        title=lambda row: f"{row.code} · {row.name}",
        url=lambda row: reverse("organization:definition", args=[row.pk]),
        permission=Permission.CERTIFY_ACCESS,
        initiator_id=lambda row: row.proposed_by_id,
        is_by_another=True,
    ),
    Awaiting(
        kind=WorkKind.RECERTIFICATION,
        model=Recertification,
        waits=Q(closed_at__isnull=True),
        title=lambda campaign: campaign.title,
        url=lambda campaign: reverse("organization:recertification", args=[campaign.pk]),
        permission=Permission.CERTIFY_ACCESS,
        due_at=lambda campaign: end_of(campaign.due_on),
    ),
    Awaiting(
        kind=WorkKind.SIGN_IN_APPROVAL,
        model=SignInPolicy,
        waits=Q(status=ApprovalStatus.UNAPPROVED),
        title=lambda policy: f"{policy.role.name} · {policy.valid_from}",
        url=lambda policy: reverse("desk:policies"),
        permission=Permission.APPROVE_PARAMETERS,
        initiator_id=lambda policy: policy.proposed_by_id,
        is_by_another=True,
        related=("role",),
    ),
    Awaiting(
        kind=WorkKind.GRANT_APPROVAL,
        model=AuthorityGrant,
        waits=Q(status=GrantStatus.PROPOSED),
        title=_grant_title,
        url=_grant_url,
        permission=Permission.APPROVE_AUTHORITY,
        unit_id=lambda grant: grant.unit_id,
        initiator_id=lambda grant: grant.proposed_by_id,
        is_by_another=True,
        related=("unit",),
    ),
    Awaiting(
        kind=WorkKind.EMERGENCY_REVIEW,
        model=AuthorityGrant,
        waits=Q(kind=GrantKind.EMERGENCY, review_due_at__isnull=False, reviewed_at__isnull=True),
        title=_grant_title,
        url=_grant_url,
        permission=Permission.APPROVE_AUTHORITY,
        due_at=lambda grant: grant.review_due_at,
        initiator_id=lambda grant: grant.decided_by_id,
        is_by_another=True,
        related=("unit",),
    ),
    Awaiting(
        kind=WorkKind.COMMITTEE_APPROVAL,
        model=Committee,
        waits=Q(status=ApprovalStatus.UNAPPROVED),
        title=lambda committee: committee.name,
        url=lambda committee: reverse("organization:committee", args=[committee.pk]),
        permission=Permission.APPROVE_AUTHORITY,
        unit_id=lambda committee: committee.unit_id,
        initiator_id=lambda committee: committee.proposed_by_id,
        is_by_another=True,
    ),
    Awaiting(
        kind=WorkKind.CASE_DECISION,
        model=AuthorityCase,
        waits=Q(state=CaseState.SUBMITTED),
        title=_case_title,
        url=_case_url,
        permission=Permission.SIGN_CASES,
        unit_id=lambda case: case.unit_id,
        initiator_id=lambda case: case.maker_id,
        is_by_another=True,
    ),
    Awaiting(
        kind=WorkKind.CASE_REWORK,
        model=AuthorityCase,
        waits=Q(state=CaseState.RETURNED),
        title=_case_title,
        url=_case_url,
        permission=Permission.VIEW_AUTHORITY,
        unit_id=lambda case: case.unit_id,
        holder_id=lambda case: case.maker_id,
    ),
    Awaiting(
        kind=WorkKind.RELEASE_DECISION,
        model=RecusalRelease,
        waits=Q(status=ReleaseStatus.ASKED),
        title=lambda release: f"#{release.pk} {release.get_ground_display()}",
        url=lambda release: reverse("organization:releases"),
        permission=Permission.APPROVE_AUTHORITY,
        unit_id=lambda release: release.asked_by.unit_id,
        initiator_id=lambda release: release.asked_by_id,
        is_by_another=True,
        related=("asked_by",),
    ),
    Awaiting(
        kind=WorkKind.COMMITTEE_VOTE,
        model=Resolution,
        waits=_BEFORE
        & (
            Q(case__isnull=True)
            | Q(case__state=CaseState.SUBMITTED, case__version=F("case_version"))
        ),
        title=_resolution_title,
        url=_resolution_url,
        unit_id=lambda resolution: resolution.committee.unit_id,
        people=_voters,
        due_at=_day_of_meeting,
        initiator_id=lambda resolution: resolution.convened_by_id,
        related=("committee", "case"),
    ),
    Awaiting(
        kind=WorkKind.VOTE_COUNT,
        model=Resolution,
        waits=_BEFORE,
        title=_resolution_title,
        url=_resolution_url,
        permission=Permission.RUN_COMMITTEES,
        unit_id=lambda resolution: resolution.committee.unit_id,
        holder_id=lambda resolution: resolution.convened_by_id,
        due_at=_day_of_meeting,
        initiator_id=lambda resolution: resolution.convened_by_id,
        related=("committee", "case"),
    ),
)
