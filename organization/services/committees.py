"""Committees: founded, approved, seated; seats and whole committees end on a day."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from core.enums import ApprovalStatus
from core.errors import Conflict, NotPermitted, RuleBroken, WrongState
from core.services import record_audit
from organization.enums import Permission, ResolutionOutcome
from organization.models import Committee, CommitteeMember, Staff, Unit
from organization.permissions import check, check_approve_committee
from organization.services.awaiting import align_work


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
    locked = locked_committee(committee)
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
    locked = locked_committee(committee)
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
    *,
    member: CommitteeMember,
    by: Staff,
    at: dt.datetime,
    reason: str,
    valid_to: dt.date | None = None,
) -> CommitteeMember:
    """End a seat on a day, the first on which it is no more; today where none is said.

    Raises:
        NotPermitted: the person runs no committees in the unit.
        WrongState: its end is set already.
        RuleBroken: nothing is said, or the day is past.
    """
    locked = CommitteeMember.objects.select_for_update(of=("self",)).get(pk=member.pk)
    check(by, Permission.RUN_COMMITTEES, unit=locked.committee.unit)
    if locked.valid_to is not None:
        raise WrongState("seat_ended", _("The end of this seat is set already."))
    locked.valid_to = max(_end(valid_to, reason, at), locked.valid_from)
    locked.save(update_fields=["valid_to"])
    record_audit(
        action="organization.seat_ended",
        subject=locked,
        by=by,
        at=at,
        reason=reason,
        valid_to=locked.valid_to.isoformat(),
    )
    _align_votes(locked.committee, by, at, "left")
    return locked


@transaction.atomic
def end_committee(
    *, committee: Committee, valid_to: dt.date, by: Staff, at: dt.datetime, reason: str
) -> Committee:
    """End an approved committee on a day, with its seats; what it resolved stands.

    Raises:
        NotPermitted: the person does not approve authority over its unit.
        WrongState: it is not approved, its end is set already, or a vote of it is still open.
        RuleBroken: nothing is said, or the day is past.
    Source: PRE-12a, PRE-12d.
    """
    locked = locked_committee(committee)
    check(by, Permission.APPROVE_AUTHORITY, unit=locked.unit)
    if locked.status != ApprovalStatus.APPROVED or locked.valid_to is not None:
        raise WrongState(
            "committee_not_standing", _("Only a standing committee without an end is ended.")
        )
    if locked.resolutions.filter(outcome=ResolutionOutcome.OPEN).exists():
        raise WrongState(
            "committee_votes_open", _("Close the votes that are open before it, then end it.")
        )
    locked.valid_to = max(_end(valid_to, reason, at), locked.valid_from)
    locked.save(update_fields=["valid_to"])
    seats = locked.members.filter(valid_to__isnull=True)
    ended = seats.filter(valid_from__lte=locked.valid_to).update(valid_to=locked.valid_to)
    record_audit(
        action="organization.committee_ended",
        subject=locked,
        by=by,
        at=at,
        reason=reason,
        valid_to=locked.valid_to.isoformat(),
        seats=ended,
    )
    return locked


def _align_votes(committee: Committee, by: Staff, at: dt.datetime, outcome: str) -> None:
    """Let who sits there now, and only they, be asked for the votes that are open."""
    before = committee.resolutions.filter(outcome=ResolutionOutcome.OPEN)
    align_work(subjects=list(before), by=by, at=at, outcome=outcome)


def _end(day: dt.date | None, reason: str, at: dt.datetime) -> dt.date:
    """Return the day on which something ends; say what is missing."""
    if not reason.strip():
        raise RuleBroken("reason_missing", _("Say the reason in a few words."), field="reason")
    today = timezone.localdate(at)
    if day is not None and day < today:
        raise RuleBroken("day_past", _("The day is past: choose today or later."), field="valid_to")
    return day or today


def locked_committee(committee: Committee) -> Committee:
    """Return the committee, locked for a change, with its unit."""
    return (
        Committee.objects.select_for_update(of=("self",))
        .select_related("unit")
        .get(pk=committee.pk)
    )
