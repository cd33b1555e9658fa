"""Premium that is taken back: overdue premium given up, receipts returned. Asked by one, decided by
another; then it stands in the journal of the sub-ledger and in the book.
"""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from core.errors import Conflict, RuleBroken, WrongState
from core.services import record_audit
from ledger.enums import LedgerEvent
from ledger.services import Part, post
from organization.enums import Permission
from organization.errors import NotPermitted
from organization.models import Staff
from organization.permissions import check
from organization.services.awaiting import align_work
from underwriting.enums import CorrectionKind, CorrectionStatus, PremiumMove, PremiumStage
from underwriting.models import Policy, PremiumCorrection, PremiumReceipt
from underwriting.rules.premiums import Instalment, allocate
from underwriting.services.instalments import held_instalments, move_instalments

Amounts = dict[tuple[int, int], Decimal]


@transaction.atomic
def ask_write_off(
    *, policy: Policy, on: dt.date, reason: str, by: Staff, at: dt.datetime
) -> PremiumCorrection:
    """Ask for everything overdue on a policy to be given up from a day on.

    Raises:
        NotPermitted: the person may not move premiums.
        RuleBroken: nothing is overdue, or no reason is given.
        Conflict: another correction of the policy awaits approval.
    Source: PRE-41b.
    """
    check(by, Permission.RECEIVE_PREMIUMS)
    policy = _held(policy)
    amount = sum((line.open for line in _overdue(policy)), Decimal(0))
    if not amount:
        raise RuleBroken("nothing_overdue", _("Nothing of this premium is overdue."))
    asked = PremiumCorrection(kind=CorrectionKind.WRITE_OFF, amount=amount)
    return _asked(asked, policy=policy, on=on, reason=reason, requested_by=by, requested_at=at)


@transaction.atomic
def ask_return(
    *, receipt: PremiumReceipt, on: dt.date, reason: str, by: Staff, at: dt.datetime
) -> PremiumCorrection:
    """Ask for a receipt to be taken back, because the bank returned it on a day.

    Raises:
        NotPermitted: the person may not move premiums.
        RuleBroken: no reason is given, the day is before the receipt, or it was given back in part.
        Conflict: it is taken back already, or another correction awaits approval.
    Source: POST-23c.
    """
    check(by, Permission.RECEIVE_PREMIUMS)
    policy = _held(receipt.policy)
    if on < receipt.received_on:
        raise RuleBroken("before_receipt", _("It can not be returned before it came."), field="on")
    taken = PremiumCorrection.objects.filter(receipt=receipt, status=CorrectionStatus.APPROVED)
    if taken.exists():
        raise Conflict("returned_already", _("This receipt is taken back already."))
    _returned(receipt, policy)
    asked = PremiumCorrection(kind=CorrectionKind.RETURN, receipt=receipt, amount=receipt.amount)
    return _asked(asked, policy=policy, on=on, reason=reason, requested_by=by, requested_at=at)


@transaction.atomic
def decide_correction(
    *,
    correction: PremiumCorrection,
    is_approved: bool,
    decision: str,
    by: Staff,
    at: dt.datetime,
) -> PremiumCorrection:
    """Approve or refuse a correction; approved, it is in the journal and the book at once.

    Raises:
        NotPermitted: the person may not approve vouchers, or asked for it.
        WrongState: it is decided, or the month of the books is closed.
        RuleBroken: less is overdue than was asked for, or the receipt was given back in part.
    """
    check(by, Permission.APPROVE_VOUCHERS)
    policy = _held(correction.policy)
    held = PremiumCorrection.objects.select_for_update(of=("self",)).get(pk=correction.pk)
    if held.requested_by_id == by.pk:
        raise NotPermitted(
            "maker_is_checker", _("Whoever asked for a correction does not approve it.")
        )
    if held.status != CorrectionStatus.REQUESTED:
        raise WrongState("decided_already", _("This correction is decided already."))
    held.status = CorrectionStatus.APPROVED if is_approved else CorrectionStatus.REFUSED
    held.decided_by, held.decided_at, held.decision = by, at, decision
    held.save(update_fields=["status", "decided_by", "decided_at", "decision"])
    if is_approved:
        if held.kind == CorrectionKind.WRITE_OFF:
            _write_off(held, policy)
        else:
            _take_back(held, policy)
    record_audit(
        action=f"underwriting.correction_{held.status}",
        subject=held,
        by=by,
        at=at,
        reason=decision,
        amount=str(held.amount),
    )
    align_work(subjects=[held], by=by, at=at, outcome=held.status)
    return held


def _held(policy: Policy) -> Policy:
    return (
        Policy.objects.select_for_update(of=("self",))
        .select_related("lender", "unit", "product_version__product")
        .get(pk=policy.pk)
    )


def _asked(asked: PremiumCorrection, **words: Any) -> PremiumCorrection:
    for name, value in words.items():
        setattr(asked, name, value)
    if not asked.reason.strip():
        raise RuleBroken("reason_missing", _("Say why."), field="reason")
    if asked.policy.corrections.filter(status=CorrectionStatus.REQUESTED).exists():
        raise Conflict("correction_waits", _("Another correction awaits approval."))
    asked.save(force_insert=True)
    record_audit(
        action="underwriting.correction_requested",
        subject=asked,
        by=asked.requested_by,
        at=asked.requested_at,
        reason=asked.reason,
        kind=asked.kind,
        amount=str(asked.amount),
    )
    align_work(subjects=[asked], by=asked.requested_by, at=asked.requested_at)
    return asked


def _overdue(policy: Policy) -> list[Instalment]:
    lines = held_instalments(policy_ids=[policy.pk], is_due=True).get(policy.pk, [])
    return [line for line in lines if line.stage == PremiumStage.OVERDUE]


def _write_off(held: PremiumCorrection, policy: Policy) -> None:
    given, left = allocate(held.amount, _overdue(policy))
    if left:
        raise RuleBroken(
            "less_overdue", _("Less is overdue now than was asked for; refuse it and ask anew.")
        )
    amounts = {(policy.pk, part.n): part.amount for part in given}
    move_instalments(move=PremiumMove.WRITTEN_OFF, on=held.on, amounts=amounts)
    _post(held, policy, LedgerEvent.PREMIUM_WRITTEN_OFF, {"amount": held.amount})


def _returned(receipt: PremiumReceipt, policy: Policy) -> tuple[Amounts, dict[str, Decimal]]:
    """Return what a receipt paid by instalment, and by the stage on which each stands now."""
    lines = {line.n: line for line in held_instalments(policy_ids=[policy.pk])[policy.pk]}
    amounts: Amounts = {}
    by_stage = {stage.value: Decimal(0) for stage in PremiumStage}
    for n, amount in receipt.movements.filter(move=PremiumMove.PAID).values_list("n", "amount"):
        line = lines[n]
        if line.paid - amount < line.refunded:
            raise RuleBroken(
                "given_back", _("Part of this receipt was given back; have the refund returned.")
            )
        amounts[policy.pk, n] = amount
        by_stage[line.stage] += amount
    return amounts, by_stage


def _take_back(held: PremiumCorrection, policy: Policy) -> None:
    amounts, by_stage = _returned(held.receipt, policy)
    receipts = {policy.pk: held.receipt_id}
    move_instalments(move=PremiumMove.RETURNED, on=held.on, amounts=amounts, receipts=receipts)
    _post(held, policy, LedgerEvent.PREMIUM_RETURNED, by_stage)


def _post(
    held: PremiumCorrection, policy: Policy, event: LedgerEvent, amounts: dict[str, Decimal]
) -> None:
    post(
        event=event,
        on=held.on,
        parts=[Part(amounts=amounts, **policy.dimensions)],
        key=f"premium_correction:{held.pk}",
        summary=f"{event.label} {policy.policy_no}",
        by=held.decided_by,
        at=held.decided_at,
    )
