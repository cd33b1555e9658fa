"""What is put to a committee: materials, votes, and what they come to."""

from __future__ import annotations

import dataclasses
import datetime as dt
from collections.abc import Collection, Sequence
from typing import Any, BinaryIO

from django.db import IntegrityError, transaction
from django.db.models import Model
from django.utils import timezone
from django.utils.translation import gettext as _

from core.enums import ApprovalStatus, ContentKind
from core.errors import Conflict, NotPermitted, WrongState
from core.services import record_audit
from core.uploads import Purpose, accept
from organization.enums import CaseState, Permission, RecusalStage, ResolutionOutcome
from organization.events import ResolutionClosed, resolution_closed
from organization.models import (
    AuthorityCase,
    Committee,
    CommitteeVote,
    Resolution,
    ResolutionFile,
    Staff,
    Unit,
)
from organization.permissions import check
from organization.rules.committees import CommitteeTerms, tally
from organization.selectors.committees import (
    makers_of_resolution,
    seats_on,
    traits_of_resolution,
)
from organization.selectors.recusal import recusals
from organization.services.awaiting import align_work
from organization.services.committees import locked_committee
from organization.services.recusal import (
    Matter,
    Recused,
    log_recusal,
    matter_of_case,
    recusals_kept,
)

DOCUMENT = Purpose(name="resolution_file", limit="evidence_bytes")
Documents = Sequence[tuple[str, BinaryIO]]


@transaction.atomic
def put_to_committee(
    *,
    case: AuthorityCase,
    committee: Committee,
    meeting: str,
    held_on: dt.date,
    by: Staff,
    at: dt.datetime,
    documents: Documents = (),
) -> Resolution:
    """Put a waiting case to an approved committee, with its materials.

    Raises:
        NotPermitted: the person runs no committees in the unit.
        WrongState: the case does not wait, or the committee does not stand.
        Conflict: it is before a committee already.
    Source: PRE-12a.
    """
    locked = (
        AuthorityCase.objects.select_for_update(of=("self",)).select_related("unit").get(pk=case.pk)
    )
    committee = locked_committee(committee)
    check(by, Permission.RUN_COMMITTEES, unit=committee.unit)
    if locked.state != CaseState.SUBMITTED or not _stands(committee, locked.unit, held_on):
        raise WrongState(
            "not_before_committee",
            _("Only a waiting case goes to an approved committee over its unit."),
        )
    resolution = _put(
        {"case": locked, "case_version": locked.version},
        committee=committee, meeting=meeting, held_on=held_on, by=by, at=at, documents=documents,
    )  # fmt: skip
    record_audit(
        action="organization.case_put_to_committee",
        subject=resolution,
        by=by,
        at=at,
        case=locked.pk,
        committee=committee.code,
    )
    return _told(resolution, by, at)


@dataclasses.dataclass(frozen=True, kw_only=True)
class MatterForVote:
    """What an app above puts to a committee: its locked row, version, title, makers and unit."""

    row: Model
    version: int
    title: str
    unit: Unit
    makers: Collection[Staff]


@transaction.atomic
def put_matter_to_committee(
    *,
    matter: MatterForVote,
    committee: Committee,
    meeting: str,
    held_on: dt.date,
    by: Staff,
    at: dt.datetime,
    documents: Documents = (),
) -> Resolution:
    """Put a matter of an app above to an approved committee; that app asked whether it may be.

    The caller holds the row and asked its own permission. What the votes came to is announced by
    `resolution_closed`.

    Raises:
        WrongState: the committee does not stand on the day, or is not over the unit.
        Conflict: it is before a committee already.
    Source: PRE-33b.
    """
    committee = locked_committee(committee)
    if not _stands(committee, matter.unit, held_on):
        raise WrongState(
            "committee_not_over_it",
            _("It goes to an approved committee that stands on that day and is over its unit."),
        )
    resolution = _put(
        {
            "subject_type": matter.row._meta.label_lower,
            "subject_id": matter.row.pk,
            "title": matter.title,
            "maker_ids": sorted({each.pk for each in matter.makers}),
            "case_version": matter.version,
        },
        committee=committee, meeting=meeting, held_on=held_on, by=by, at=at, documents=documents,
    )  # fmt: skip
    record_audit(
        action="organization.matter_put_to_committee",
        subject=resolution,
        by=by,
        at=at,
        matter=f"{resolution.subject_type} {resolution.subject_id}",
        committee=committee.code,
    )
    return _told(resolution, by, at)


def _stands(committee: Committee, unit: Unit, held_on: dt.date) -> bool:
    return (
        committee.status == ApprovalStatus.APPROVED
        and committee.valid_from <= held_on
        and (committee.valid_to is None or held_on < committee.valid_to)
        and unit.path.startswith(committee.unit.path)
    )


def _put(
    about: dict[str, Any],
    *,
    committee: Committee,
    meeting: str,
    held_on: dt.date,
    by: Staff,
    at: dt.datetime,
    documents: Documents,
) -> Resolution:
    try:
        with transaction.atomic():
            resolution = Resolution.objects.create(
                committee=committee,
                meeting=meeting,
                held_on=held_on,
                convened_by=by,
                convened_at=at,
                **about,
            )
    except IntegrityError as clash:
        raise Conflict("before_committee", _("It is before a committee already.")) from clash
    _keep_files(resolution, documents, by, at)
    return resolution


def _told(resolution: Resolution, by: Staff, at: dt.datetime) -> Resolution:
    _log_recused(resolution)
    align_work(subjects=[resolution], by=by, at=at)
    return resolution


@transaction.atomic
def add_materials(
    *, resolution: Resolution, by: Staff, at: dt.datetime, documents: Documents
) -> Resolution:
    """Add materials or minutes to what is put to a committee.

    Raises:
        NotPermitted: the person runs no committees in the unit.
    """
    locked = _locked_resolution(resolution)
    check(by, Permission.RUN_COMMITTEES, unit=locked.committee.unit)
    _keep_files(locked, documents, by, at)
    return locked


def cast_vote(
    *, resolution: Resolution, choice: str, by: Staff, at: dt.datetime, remark: str = ""
) -> CommitteeVote:
    """Vote oneself, once; nobody votes for another.

    Raises:
        NotPermitted: no seat on the day of the meeting, the case's maker, or recused (logged).
        WrongState: the resolution is closed, or its day has not come.
        Conflict: the member has voted.
    Source: PRE-12a, PRE-12e.
    """
    try:
        return _vote(resolution=resolution, choice=choice, by=by, at=at, remark=remark)
    except Recused:
        align_work(subjects=[resolution], by=by, at=at, outcome="recused")
        raise


@recusals_kept
@transaction.atomic
def _vote(
    *, resolution: Resolution, choice: str, by: Staff, at: dt.datetime, remark: str
) -> CommitteeVote:
    locked = _locked_resolution(resolution)
    _check_open(locked)
    if timezone.localdate(at) < locked.held_on:
        raise WrongState("meeting_not_yet", _("The day of the meeting has not come."))
    member = seats_on(committee=locked.committee, day=locked.held_on).filter(person=by).first()
    if member is None or not by.is_active:
        raise NotPermitted("no_seat", _("You have no seat in this committee on that day."))
    if by.pk in makers_of_resolution(resolution=locked):
        raise NotPermitted("maker_is_checker", _("Whoever makes a case does not decide it."))
    found = _recused(locked, [by.pk])
    if found:
        raise Recused(found[by.pk], person=by, matter=_matter(locked), stage=RecusalStage.VOTING)
    try:
        with transaction.atomic():
            vote = CommitteeVote.objects.create(
                resolution=locked, member=member, choice=choice, remark=remark, at=at
            )
    except IntegrityError as clash:
        raise Conflict("voted", _("You have voted already.")) from clash
    record_audit(action="organization.vote_cast", subject=vote, by=by, at=at, choice=choice)
    align_work(subjects=[locked], by=by, at=at, outcome="voted")
    return vote


@transaction.atomic
def close_resolution(*, resolution: Resolution, by: Staff, at: dt.datetime) -> Resolution:
    """Count the votes by the committee's terms; recused members and the maker do not count.

    Raises:
        NotPermitted: the person runs no committees in the unit.
        WrongState: it is closed already, the day has not come, or the case changed since.
    Source: PRE-12a.
    """
    locked = _locked_resolution(resolution)
    check(by, Permission.RUN_COMMITTEES, unit=locked.committee.unit)
    _check_open(locked)
    if timezone.localdate(at) < locked.held_on:
        raise WrongState("meeting_not_yet", _("The day of the meeting has not come."))
    seats = list(seats_on(committee=locked.committee, day=locked.held_on))
    out = _recused(locked, [seat.person_id for seat in seats])
    makers = makers_of_resolution(resolution=locked)
    counted = {
        seat.pk: seat
        for seat in seats
        if seat.person_id not in out and seat.person_id not in makers
    }
    votes = dict(locked.votes.filter(member__in=counted).values_list("member_id", "choice"))
    chair = next((pk for pk, seat in counted.items() if seat.is_chair), None)
    committee = locked.committee
    result = tally(
        terms=CommitteeTerms(
            quorum_share=committee.quorum_share,
            majority_share=committee.majority_share,
            is_majority_of_members=committee.is_majority_of_members,
            has_chair_veto=committee.has_chair_veto,
        ),
        members=len(counted),
        votes=list(votes.values()),
        chair_vote=votes.get(chair),
    )
    locked.outcome = ResolutionOutcome(result.outcome)
    locked.tally = dataclasses.asdict(result) | {"recused": len(out)}
    locked.resolved_by, locked.resolved_at = by, at
    locked.save()
    record_audit(
        action=f"organization.resolution_{result.outcome}",
        subject=locked,
        by=by,
        at=at,
        **locked.tally,
    )
    align_work(subjects=[locked], by=by, at=at, outcome="counted")
    if locked.case is None:
        event = ResolutionClosed(
            resolution_id=locked.pk,
            subject_type=locked.subject_type,
            subject_id=locked.subject_id,
            version=locked.case_version,
            outcome=locked.outcome,
            by_id=by.pk,
            at=at,
        )
        resolution_closed.send(Resolution, event=event)
    return locked


def _matter(resolution: Resolution) -> Matter:
    if resolution.case is not None:
        return matter_of_case(resolution.case)
    return Matter(
        subject_type=resolution.subject_type,
        subject_id=str(resolution.subject_id),
        unit_id=resolution.committee.unit_id,
    )


def _log_recused(resolution: Resolution) -> None:
    """Keep at once which members stay out: nobody asks them for a vote."""
    seats = {
        seat.person_id: seat.person
        for seat in seats_on(committee=resolution.committee, day=resolution.held_on)
    }
    for person_id, findings in _recused(resolution, list(seats)).items():
        log_recusal(
            matter=_matter(resolution),
            person=seats[person_id],
            findings=findings,
            stage=RecusalStage.VOTING,
            at=resolution.convened_at,
        )


def _locked_resolution(resolution: Resolution) -> Resolution:
    return (
        Resolution.objects.select_for_update(of=("self",))
        .select_related("committee", "committee__unit", "case")
        .get(pk=resolution.pk)
    )


def _check_open(resolution: Resolution) -> None:
    if resolution.outcome != ResolutionOutcome.OPEN:
        raise WrongState("resolution_closed", _("The vote is closed already."))


def _recused(resolution: Resolution, person_ids: list[int]) -> dict:
    return recusals(
        person_ids=person_ids,
        case=traits_of_resolution(resolution=resolution),
        maker_id=resolution.case.maker_id
        if resolution.case
        else next(iter(resolution.maker_ids), None),
        as_of=resolution.held_on,
    )


def _keep_files(resolution: Resolution, documents: Documents, by: Staff, at: dt.datetime) -> None:
    for name, stream in documents:
        stored = accept(
            stream=stream, name=name, by=by, at=at, kinds=tuple(ContentKind), purpose=DOCUMENT
        )
        ResolutionFile.objects.create(resolution=resolution, stored=stored)
