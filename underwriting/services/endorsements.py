"""Endorsements: asked for by one person, approved by another; the premium follows at once."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, BinaryIO

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from core.errors import NotPermitted, RuleBroken, WrongState
from core.selectors import figure
from core.services import record_audit
from core.uploads import Purpose, accept
from ledger.enums import LedgerEvent
from ledger.services import Part, post
from organization.enums import Permission
from organization.models import Staff
from organization.permissions import check
from organization.services.awaiting import align_work
from partners.models import Lender
from partners.selectors import why_no_funder
from products.selectors import PremiumPart, Schedule
from underwriting.enums import EndorsementKind, EndorsementStatus, PremiumMove
from underwriting.events import PolicyChanged, policy_changed
from underwriting.models import Endorsement, Policy, PolicyTerms
from underwriting.rules.assignments import change_of_insured_findings
from underwriting.rules.premiums import Instalment
from underwriting.selectors.schedules import changed_schedule, parts_of, schedule_of
from underwriting.services.drafts import schedule_rows
from underwriting.services.inclusive_flags import follow_obligors
from underwriting.services.instalments import (
    held_instalments,
    move_instalments,
    taxed,
    write_instalments,
)
from underwriting.services.obligor_notices import demand_notices
from underwriting.services.quotes import PAPER_KINDS, assignment_sentence

AGREEMENT = Purpose(name="transfer_agreement")


@dataclass(frozen=True, kw_only=True)
class Change:
    """What is to change: `changes` by kind: amount and effect; periods; annual_rate (text)."""

    kind: str
    effective_on: dt.date
    changes: Mapping[str, Any]
    reason: str
    new_insured: Lender | None = None


@transaction.atomic
def ask_endorsement(
    *,
    policy: Policy,
    change: Change,
    by: Staff,
    at: dt.datetime,
    agreement: tuple[str, BinaryIO] | None = None,
) -> Endorsement:
    """Put a change of a policy before somebody who may approve it.

    The new schedule is reckoned at once, so that what can not be is refused here.

    Raises:
        NotPermitted: the person quotes nothing in the policy's unit.
        WrongState: the policy ended, or another endorsement is under way.
        RuleBroken: the change can not be, the claim was assigned before cover, the new insured is
            the old one or no licensed funder, or the transfer agreement is missing.
    Source: PRE-02g, PRE-02k, PRE-34b, PRE-41c.
    """
    held = _held(policy)
    check(by, Permission.QUOTE_POLICIES, unit=held.unit)
    held.check_in_force()
    open_now = (EndorsementStatus.REQUESTED, EndorsementStatus.UNCONFIRMED)
    if held.endorsements.filter(status__in=open_now).exists():
        raise WrongState("endorsement_open", _("Another endorsement is under way."))
    if not change.reason.strip():
        raise RuleBroken("reason_missing", _("Say why."), field="reason")
    if not held.cover_from <= change.effective_on < held.cover_to:
        raise RuleBroken(
            "outside_cover", _("It takes effect while cover lasts."), field="effective_on"
        )
    stored = None
    if change.kind == EndorsementKind.CHANGE_OF_INSURED:
        _check_insured(held, change, agreement, timezone.localdate(at))
        name, stream = agreement
        stored = accept(
            stream=stream, name=name, kinds=PAPER_KINDS, by=by, at=at, purpose=AGREEMENT
        )
    else:
        changed_schedule(schedule_of(policy=held), change.kind, change.effective_on, change.changes)
    endorsement = Endorsement.objects.create(
        policy=held,
        number=held.endorsements.count() + 1,
        kind=change.kind,
        effective_on=change.effective_on,
        changes=dict(change.changes),
        new_insured=change.new_insured,
        agreement=stored,
        reason=change.reason,
        requested_by=by,
        requested_at=at,
    )
    record_audit(
        action="underwriting.endorsement_asked",
        subject=endorsement,
        by=by,
        at=at,
        reason=change.reason,
        kind=change.kind,
        policy=held.policy_no,
    )
    align_work(subjects=[endorsement], by=by, at=at)
    return endorsement


def _check_insured(
    policy: Policy, change: Change, agreement: tuple[str, BinaryIO] | None, day: dt.date
) -> None:
    before = policy.endorsements.filter(
        kind=EndorsementKind.CHANGE_OF_INSURED, status=EndorsementStatus.IN_FORCE
    ).count()
    found = change_of_insured_findings(
        transfers_before=policy.transfers_before,
        changes_before=before,
        most_changes=int(figure(name="policy.insured_changes", as_of=day)),
    )
    sentences = [f"{assignment_sentence(each.code)} ({each.article})" for each in found]
    if change.new_insured is None or change.new_insured.pk == policy.insured_id:
        sentences.append(_("Name another insured."))
    else:
        sentences += why_no_funder(lender=change.new_insured, day=day)
    if agreement is None:
        sentences.append(_("Add the transfer agreement."))
    if sentences:
        raise RuleBroken(
            "change_of_insured", " ".join(sentences), field="new_insured", findings=sentences
        )


@transaction.atomic
def decide_endorsement(
    *, endorsement: Endorsement, is_approved: bool, by: Staff, at: dt.datetime, reason: str = ""
) -> Endorsement:
    """Approve an endorsement, or refuse it with a reason; an approved one takes effect at once.

    A change of insured waits for the policyholder's confirmation first (PRE-02h). Premium of
    periods that begin later is cancelled and written anew from the new schedule.

    Raises:
        NotPermitted: the person asked for it, or may not approve.
        WrongState: it was decided already, or the policy ended.
    Source: PRE-02g, PRE-02h, PRE-41c; safety.md R11.
    """
    locked, policy = _locked(endorsement)
    check(by, Permission.ISSUE_POLICIES, unit=policy.unit)
    if locked.requested_by_id == by.pk:
        raise NotPermitted(
            "maker_is_checker", _("Whoever asked for an endorsement does not approve it.")
        )
    if not is_approved and not reason.strip():
        raise RuleBroken("reason_missing", _("Say why."), field="reason")
    is_insured = locked.kind == EndorsementKind.CHANGE_OF_INSURED
    locked.step("refuse" if not is_approved else "approve_unconfirmed" if is_insured else "approve")
    policy.check_in_force()
    locked.decided_by, locked.decided_at, locked.decision = by, at, reason
    if locked.status == EndorsementStatus.IN_FORCE:
        locked.premium_change = _take_effect(policy, locked, by, at)
        follow_obligors(policies=[policy.pk], as_of=timezone.localdate(at), at=at)
    locked.save()
    _tell(locked, "decided", by, at, reason)
    return locked


@transaction.atomic
def confirm_insured(
    *, endorsement: Endorsement, confirmation: str, by: Staff, at: dt.datetime
) -> Endorsement:
    """Record how the policyholder confirmed assignment and account; the new insured stands then.

    The insured is to notify the obligor of it (COMMENT-02).

    Raises:
        NotPermitted: the person quotes nothing in the policy's unit.
        WrongState: it does not await confirmation.
        RuleBroken: it is not said how, or the new insured is no licensed funder any more.
    Source: PRE-02h, PRE-02k.
    """
    locked, policy = _locked(endorsement)
    check(by, Permission.QUOTE_POLICIES, unit=policy.unit)
    if not confirmation.strip():
        raise RuleBroken("reason_missing", _("Say how it was confirmed."), field="confirmation")
    locked.step("confirm")
    policy.check_in_force()
    refusals = why_no_funder(lender=locked.new_insured, day=timezone.localdate(at))
    if refusals:
        raise RuleBroken("funder_refused", " ".join(refusals), findings=refusals)
    locked.confirmed_at, locked.confirmation = at, confirmation
    policy.insured = locked.new_insured
    policy.save(update_fields=["insured"])
    locked.premium_change = Decimal(0)
    locked.save()
    demand_notices(policies=[policy], number=locked.number, by=by, at=at)
    _tell(locked, "confirmed", by, at, confirmation)
    return locked


def _tell(endorsement: Endorsement, what: str, by: Staff, at: dt.datetime, reason: str) -> None:
    record_audit(
        action=f"underwriting.endorsement_{what}",
        subject=endorsement,
        by=by,
        at=at,
        reason=reason,
        status=endorsement.status,
        premium_change=str(endorsement.premium_change or ""),
    )
    align_work(subjects=[endorsement], by=by, at=at, outcome=endorsement.status)
    if endorsement.status == EndorsementStatus.IN_FORCE:
        event = PolicyChanged(policy_id=endorsement.policy_id, endorsement_id=endorsement.pk, at=at)
        policy_changed.send(sender=Policy, event=event)


def _take_effect(policy: Policy, endorsement: Endorsement, by: Staff, at: dt.datetime) -> Decimal:
    """Write the new terms, and put the premium of later periods in its place; return the change."""
    before = schedule_of(policy=policy)
    after = changed_schedule(
        before, endorsement.kind, endorsement.effective_on, endorsement.changes
    )
    parts = parts_of(policy=policy, schedule=after)
    lines = held_instalments(policy_ids=[policy.pk])[policy.pk]
    fresh, dropped = _replaced(policy, endorsement, parts, lines)
    change = sum((line.amount for line in fresh), Decimal(0)) - sum(
        (line.open for line in dropped), Decimal(0)
    )
    number = policy.terms.count()
    policy.cover_to = max(row.due_on for row in after.rows)
    policy.sum_insured = _sum_insured(policy, after)
    policy.premium += change
    policy.save(update_fields=["cover_to", "sum_insured", "premium"])
    PolicyTerms.objects.create(
        policy=policy,
        number=number,
        effective_on=endorsement.effective_on,
        cover_to=policy.cover_to,
        sum_insured=policy.sum_insured,
        premium=policy.premium,
        schedule=schedule_rows(after),
        worksheet={"endorsement": endorsement.number},
        recorded_at=at,
    )
    day = timezone.localdate(at)
    move_instalments(
        move=PremiumMove.CANCELLED,
        on=day,
        amounts={(policy.pk, line.n): line.open for line in dropped},
    )
    write_instalments(lines={policy.pk: fresh}, on=day, terms_number=number)
    _post_change(policy, endorsement, fresh, dropped, by=by, at=at)
    return change


def _replaced(
    policy: Policy,
    endorsement: Endorsement,
    parts: tuple[PremiumPart, ...],
    lines: list[Instalment],
) -> tuple[list[Instalment], list[Instalment]]:
    """Return the instalments to write and those to cancel: of periods that begin later, unpaid."""
    day, rate = (
        endorsement.effective_on,
        figure(name="premium.vat_rate", as_of=endorsement.effective_on),
    )
    paid_to = max((line.covers_to for line in lines if line.paid), default=day)
    dropped = [
        line for line in lines if line.covers_from >= max(day, paid_to) and line.open == line.amount
    ]
    if not dropped and len(lines) == 1:  # a single premium is changed by its filed refund alone
        return [], []
    later = [part for part in parts if part.covers_from >= max(day, paid_to)]
    return taxed(later, rate, max(line.n for line in lines) + 1), dropped


def _sum_insured(policy: Policy, schedule: Schedule) -> Decimal:
    return parts_of(policy=policy, schedule=schedule)[0].sum_insured


def _post_change(
    policy: Policy,
    endorsement: Endorsement,
    fresh: list[Instalment],
    dropped: list[Instalment],
    **common: Any,
) -> None:
    words = policy.dimensions
    day = timezone.localdate(common["at"])
    said = _("Endorsement %(number)s of policy %(no)s") % {
        "number": endorsement.number,
        "no": policy.policy_no,
    }
    vat = sum((line.vat for line in dropped), Decimal(0))
    gone = sum((line.open for line in dropped), Decimal(0))
    key = f"endorsement:{policy.policy_no}:{endorsement.number}"
    post(
        event=LedgerEvent.POLICY_CANCELLED,
        on=day,
        parts=[Part(amounts={"not_due": gone - vat, "vat_not_due": vat}, **words)],
        key=f"{key}:cancelled",
        summary=said,
        **common,
    )
    post(
        event=LedgerEvent.POLICY_ISSUED,
        on=day,
        parts=[
            Part(
                amounts={
                    "premium": sum((line.net for line in fresh), Decimal(0)),
                    "vat": sum((line.vat for line in fresh), Decimal(0)),
                },
                **words,
            )
        ],
        key=f"{key}:written",
        summary=said,
        **common,
    )


def _held(policy: Policy) -> Policy:
    return (
        Policy.objects.select_for_update(of=("self",))
        .select_related("unit", "lender", "insured", "product_version__product")
        .get(pk=policy.pk)
    )


def _locked(endorsement: Endorsement) -> tuple[Endorsement, Policy]:
    policy = _held(endorsement.policy)
    locked = (
        Endorsement.objects.select_for_update(of=("self",))
        .select_related("new_insured", "requested_by")
        .get(pk=endorsement.pk)
    )
    locked.policy = policy
    return locked, policy
