"""Committees: founded, approved, seated; cases put to them; votes; what they come to.

`cast_vote` is no single transaction: the log of recusals is kept after a refusal.
"""

from __future__ import annotations

import dataclasses
import datetime as dt
from collections.abc import Sequence
from decimal import Decimal
from typing import BinaryIO

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from core.enums import ApprovalStatus, ContentKind
from core.errors import Conflict, NotPermitted, RuleBroken, WrongState
from core.services import record_audit
from core.uploads import Purpose, accept
from organization.enums import CaseState, Permission, RecusalStage, ResolutionOutcome
from organization.models import (
    AuthorityCase,
    Committee,
    CommitteeMember,
    CommitteeVote,
    Resolution,
    ResolutionFile,
    Staff,
    Unit,
)
from organization.permissions import check, check_approve_committee
from organization.rules.committees import CommitteeTerms, tally
from organization.selectors.cases import makers_of
from organization.selectors.committees import seats_on
from organization.selectors.recusal import recusals, traits_of_case
from organization.services.awaiting import align_work
from organization.services.decisions import Recused
from organization.services.recusal import log_recusal

DOCUMENT = Purpose(name="resolution_file", limit="evidence_bytes")
Documents = Sequence[tuple[str, BinaryIO]]


@transaction.atomic
def found_committee(
    *,
    code: str,
    name: str,
    kind: str,
    unit: Unit,
    quorum_share: Decimal,
    majority_share: Decimal,
    is_majority_of_members: bool,
    has_chair_veto: bool,
    source: str,
    valid_from: dt.date,
    by: Staff,
    at: dt.datetime,
) -> Committee:
    """Propose a committee with its terms; nothing is put to it before another person approves.

    Raises:
        NotPermitted: the person runs no committees in the unit.
        Conflict: the code is taken.
        RuleBroken: quorum or majority is no fraction, or the majority is below one half.
    Source: PRE-12a, PRE-12d.
    """
    check(by, Permission.RUN_COMMITTEES, unit=unit)
    if not (0 < quorum_share <= 1 and Decimal("0.5") <= majority_share <= 1):
        raise RuleBroken(
            "committee_terms",
            _("The quorum lies above 0 and up to 1, the majority from one half to 1."),
            field="majority_share",
        )
    if Committee.objects.filter(code=code).exists():
        raise Conflict("committee_code", _("This code is taken."), field="code")
    committee = Committee.objects.create(
        code=code,
        name=name,
        kind=kind,
        unit=unit,
        quorum_share=quorum_share,
        majority_share=majority_share,
        is_majority_of_members=is_majority_of_members,
        has_chair_veto=has_chair_veto,
        source=source,
        valid_from=valid_from,
        proposed_by=by,
        proposed_at=at,
    )
    record_audit(
        action="organization.committee_proposed",
        subject=committee,
        by=by,
        at=at,
        reason=source,
        quorum=str(quorum_share),
        majority=str(majority_share),
    )
    align_work(subjects=[committee], by=by, at=at)
    return committee


@transaction.atomic
def approve_committee(*, committee: Committee, by: Staff, at: dt.datetime) -> Committee:
    """Approve a committee's terms.

    Raises:
        NotPermitted: the person proposed it or lacks the permission.
        WrongState: it is approved already.
    """
    locked = _locked_committee(committee)
    check_approve_committee(by, committee=locked)
    if locked.status == ApprovalStatus.APPROVED:
        raise WrongState("committee_approved", _("The committee is approved already."))
    locked.status, locked.approved_by, locked.approved_at = ApprovalStatus.APPROVED, by, at
    locked.save()
    record_audit(action="organization.committee_approved", subject=locked, by=by, at=at)
    align_work(subjects=[locked], by=by, at=at, outcome="approved")
    return locked


@transaction.atomic
def seat_member(
    *,
    committee: Committee,
    person: Staff,
    is_chair: bool,
    valid_from: dt.date,
    by: Staff,
    at: dt.datetime,
) -> CommitteeMember:
    """Give a person of business a seat.

    Raises:
        NotPermitted: the person runs no committees in the unit, or seats oneself.
        Conflict: the person sits there, or another is the chair.
    Source: PRE-12d.
    """
    locked = _locked_committee(committee)
    check(by, Permission.RUN_COMMITTEES, unit=locked.unit)
    if person.pk == by.pk:
        raise NotPermitted("own_seat", _("Nobody gives oneself a seat."))
    try:
        with transaction.atomic():
            member = CommitteeMember.objects.create(
                committee=locked,
                person=person,
                is_chair=is_chair,
                valid_from=valid_from,
                appointed_by=by,
            )
    except IntegrityError as clash:
        raise Conflict(
            "seat_taken", _("This person sits there already, or the committee has a chair.")
        ) from clash
    record_audit(
        action="organization.member_seated", subject=member, by=by, at=at, is_chair=is_chair
    )
    _align_votes(locked, by, at, "")
    return member


@transaction.atomic
def end_seat(
    *, member: CommitteeMember, by: Staff, at: dt.datetime, reason: str
) -> CommitteeMember:
    """End a seat today.

    Raises:
        NotPermitted: the person runs no committees in the unit.
        WrongState: it ended already.
        RuleBroken: nothing is said.
    """
    locked = CommitteeMember.objects.select_for_update(of=("self",)).get(pk=member.pk)
    check(by, Permission.RUN_COMMITTEES, unit=locked.committee.unit)
    if locked.valid_to is not None:
        raise WrongState("seat_ended", _("This seat ended already."))
    if not reason.strip():
        raise RuleBroken("reason_missing", _("Say the reason in a few words."), field="reason")
    locked.valid_to = max(timezone.localdate(at), locked.valid_from)
    locked.save(update_fields=["valid_to"])
    record_audit(action="organization.seat_ended", subject=locked, by=by, at=at, reason=reason)
    _align_votes(locked.committee, by, at, "left")
    return locked


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
    committee = _locked_committee(committee)
    check(by, Permission.RUN_COMMITTEES, unit=committee.unit)
    stands = (
        committee.status == ApprovalStatus.APPROVED
        and committee.valid_from <= held_on
        and (committee.valid_to is None or held_on < committee.valid_to)
        and locked.unit.path.startswith(committee.unit.path)
    )
    if locked.state != CaseState.SUBMITTED or not stands:
        raise WrongState(
            "not_before_committee",
            _("Only a waiting case goes to an approved committee over its unit."),
        )
    try:
        with transaction.atomic():
            resolution = Resolution.objects.create(
                committee=committee,
                case=locked,
                case_version=locked.version,
                meeting=meeting,
                held_on=held_on,
                convened_by=by,
                convened_at=at,
            )
    except IntegrityError as clash:
        raise Conflict("before_committee", _("The case is before a committee already.")) from clash
    _keep_files(resolution, documents, by, at)
    record_audit(
        action="organization.case_put_to_committee",
        subject=resolution,
        by=by,
        at=at,
        case=locked.pk,
        committee=committee.code,
    )
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
    except Recused as refusal:
        log_recusal(
            case=resolution.case,
            person=by,
            findings=refusal.found,
            stage=RecusalStage.VOTING,
            at=at,
        )
        align_work(subjects=[resolution], by=by, at=at, outcome="recused")
        raise


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
    if by.pk in makers_of(case=locked.case):
        raise NotPermitted("maker_is_checker", _("Whoever makes a case does not decide it."))
    found = _recused(locked, [by.pk])
    if found:
        raise Recused(found[by.pk])
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
    makers = makers_of(case=locked.case)
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
    return locked


def _align_votes(committee: Committee, by: Staff, at: dt.datetime, outcome: str) -> None:
    """Let who sits there now, and only they, be asked for the votes that are open."""
    before = committee.resolutions.filter(outcome=ResolutionOutcome.OPEN)
    align_work(subjects=list(before), by=by, at=at, outcome=outcome)


def _log_recused(resolution: Resolution) -> None:
    """Keep at once which members stay out: nobody asks them for a vote."""
    seats = {
        seat.person_id: seat.person
        for seat in seats_on(committee=resolution.committee, day=resolution.held_on)
    }
    for person_id, findings in _recused(resolution, list(seats)).items():
        log_recusal(
            case=resolution.case,
            person=seats[person_id],
            findings=findings,
            stage=RecusalStage.VOTING,
            at=resolution.convened_at,
        )


def _locked_committee(committee: Committee) -> Committee:
    return (
        Committee.objects.select_for_update(of=("self",))
        .select_related("unit")
        .get(pk=committee.pk)
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
        case=traits_of_case(case=resolution.case),
        maker_id=resolution.case.maker_id,
        as_of=resolution.held_on,
    )


def _keep_files(resolution: Resolution, documents: Documents, by: Staff, at: dt.datetime) -> None:
    for name, stream in documents:
        stored = accept(
            stream=stream, name=name, by=by, at=at, kinds=tuple(ContentKind), purpose=DOCUMENT
        )
        ResolutionFile.objects.create(resolution=resolution, stored=stored)
