"""Cover ends: settled early, surrendered, lapsed, expired, by a claim; the unearned goes back."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from core.bulk import update_rows
from core.errors import Conflict, RuleBroken
from core.services import audit_record, record_audit, record_audits
from ledger.enums import LedgerEvent
from ledger.selectors import balance_by_policy
from ledger.services import Part, post
from organization.enums import Permission
from organization.models import Staff
from organization.permissions import check
from underwriting.enums import PolicyState, PremiumMove
from underwriting.events import PolicyEnded, policy_ended
from underwriting.models import Policy
from underwriting.rules.endings import ending_findings, ending_mark, total_of
from underwriting.rules.premiums import Ending, Instalment, ending_of
from underwriting.selectors.endings import ending_sentence
from underwriting.services.instalments import held_instalments, move_instalments
from underwriting.services.obligor_notices import end_demands

REFUND_PAYABLE = "224101"
LAST_MONTH = dt.date(9999, 12, 1)


@transaction.atomic
def settle_early(
    *, policies: Sequence[Policy], on: dt.date, by: Staff | None, at: dt.datetime, reason: str
) -> list[Policy]:
    """End policies whose loans were repaid early; `on` is the first day without cover.

    What has not begun is cancelled; what is paid for the days left is given back by the filed
    share. Raises as `end_policies`. Source: PRE-41c, HQ-20.
    """
    return end_policies("settle", policies=policies, on=on, by=by, at=at, reason=reason)


@transaction.atomic
def end_policy(
    *,
    action: str,
    policy: Policy,
    on: dt.date,
    by: Staff,
    at: dt.datetime,
    reason: str,
    seen: str = "",
) -> Policy:
    """End one policy at a person's word: `settle`, `surrender`, or `lapse` for unpaid premium.

    What is overdue stays owed. `seen` is the mark of the preview that the person confirmed. Raises
    as `end_policies`. Source: PRE-41c (surrender, instalment default).
    """
    (ended,) = end_policies(
        action,
        policies=[policy],
        on=on,
        by=by,
        at=at,
        reason=reason,
        seen={policy.pk: seen} if seen else {},
    )
    return ended


@transaction.atomic
def expire_policies(*, through: dt.date, by: Staff | None, at: dt.datetime) -> list[Policy]:
    """End the policies whose cover ran out by a day."""
    over = list(
        Policy.objects.filter(status=PolicyState.IN_FORCE, cover_to__lte=through).order_by("pk")
    )
    by_day: dict[dt.date, list[Policy]] = {}
    for policy in over:
        by_day.setdefault(policy.cover_to, []).append(policy)
    reason = _("The term ended.")
    return [
        ended
        for day, policies in sorted(by_day.items())
        for ended in end_policies("expire", policies=policies, on=day, by=by, at=at, reason=reason)
    ]


@transaction.atomic
def end_policies(
    action: str,
    *,
    policies: Sequence[Policy],
    on: dt.date,
    by: Staff | None,
    at: dt.datetime,
    reason: str,
    seen: Mapping[int, str] | None = None,
) -> list[Policy]:
    """End policies at once, cancel and give back premium, and set what is unearned to nothing.

    The share of the running period that goes back is filed with the product. One entry of the book
    for all that is cancelled, one for what was unearned. `seen` holds by policy id the marks of
    the previews that were confirmed (`ending_preview`): what is done is what was seen.

    Raises:
        NotPermitted: the person may not end policies.
        WrongState: one is no longer in force.
        Conflict: the figures of one moved since its preview.
        RuleBroken: no reason is given, the day lies before the cover begins, or a policy is to
            lapse and nothing of it is overdue.
    """
    check(by, Permission.ISSUE_POLICIES)
    if not reason.strip():
        raise RuleBroken("reason_missing", _("Say why."), field="reason")
    held = list(
        Policy.objects.select_for_update(of=("self",))
        .select_related("lender", "unit", "product_version__product")
        .filter(pk__in=[policy.pk for policy in policies])
        .order_by("pk")
    )
    for unit in {policy.unit_id: policy.unit for policy in held}.values():
        check(by, Permission.ISSUE_POLICIES, unit=unit)
    lines = held_instalments(policy_ids=[policy.pk for policy in held])
    _check_endings(action, held, lines, on)
    changes = {
        policy.pk: tuple(
            ending_of(line, on=on, rule=policy.product_version.refund_rule)
            for line in lines.get(policy.pk, [])
        )
        for policy in held
    }
    for policy in held:
        policy.end(action, on=on, at=at, reason=reason)
        _check_seen(action, policy, on, changes[policy.pk], (seen or {}).get(policy.pk))
    update_rows(rows=held, fields=["status", "ended_on", "ended_at", "end_reason"])
    _apply(changes, on)
    if held:
        marks = f"{action}:{on}:{uuid.uuid4().hex}"
        said = _("%(count)s policies ended on %(day)s") % {"count": len(held), "day": on}
        _post_endings(held, changes, marks, on=on, by=by, at=at, summary=said)
    record_audits(
        records=[
            audit_record(
                action=f"underwriting.policy_{policy.status}",
                subject=policy,
                by=by,
                at=at,
                reason=reason,
                on=on.isoformat(),
                refund=str(total_of(changes[policy.pk], "refunded")),
            )
            for policy in held
        ]
    )
    end_demands(policies=held, by=by, at=at)
    for policy in held:
        event = PolicyEnded(policy_id=policy.pk, status=policy.status, on=on, at=at)
        policy_ended.send(sender=Policy, event=event)
    return held


def _check_endings(
    action: str, policies: Sequence[Policy], lines: Mapping[int, list[Instalment]], on: dt.date
) -> None:
    found = {
        policy.policy_no: ending_findings(
            action, on=on, cover_from=policy.cover_from, lines=lines.get(policy.pk, [])
        )
        for policy in policies
    }
    for code, field in (("before_cover", "on"), ("not_overdue", "action")):
        numbers = [number for number, codes in found.items() if code in codes]
        if numbers:
            raise RuleBroken(code, ending_sentence(code, "、".join(numbers)), field=field)


def _check_seen(
    action: str, policy: Policy, on: dt.date, endings: Sequence[Ending], seen: str | None
) -> None:
    if seen and seen != ending_mark(action, on=on, endings=endings):
        raise Conflict(
            "ending_moved",
            _("The figures moved since you saw them. Look at the new ones and confirm again."),
        )


def _apply(changes: dict[int, tuple[Ending, ...]], on: dt.date) -> None:
    for move in (PremiumMove.CANCELLED, PremiumMove.REFUNDED):
        move_instalments(
            move=move,
            on=on,
            amounts={
                (pk, each.n): getattr(each, move) for pk, found in changes.items() for each in found
            },
        )


def _post_endings(
    policies: Sequence[Policy],
    changes: dict[int, tuple[Ending, ...]],
    marks: str,
    **common: Any,
) -> None:
    parts, zeroes = [], []
    for policy in policies:
        found, words = changes[policy.pk], policy.dimensions
        vat, back_vat = total_of(found, "cancelled_vat"), total_of(found, "refunded_vat")
        amounts = {
            "not_due": total_of(found, "cancelled") - vat,
            "vat_not_due": vat,
            "refund": total_of(found, "refunded") - back_vat,
            "vat_refund": back_vat,
        }
        parts.append(Part(amounts=amounts, **words))
        zeroes.append(Part(amounts={"balance": Decimal(0)}, **words))
    post(event=LedgerEvent.POLICY_CANCELLED, parts=parts, key=f"ended:{marks}", **common)
    post(event=LedgerEvent.UNEARNED_PREMIUM, parts=zeroes, key=f"earned:{marks}", **common)


@transaction.atomic
def pay_refund(
    *, policy: Policy, on: dt.date, reference: str, by: Staff, at: dt.datetime
) -> Decimal:
    """Pay out what is owed back on a policy, and return it in yuan.

    The bank's reference is the key: the same one pays once.

    Raises:
        NotPermitted: the person may not move premiums.
        RuleBroken: nothing is owed back, or the reference is missing.
    Source: PRE-41b; safety.md I3.
    """
    check(by, Permission.RECEIVE_PREMIUMS)
    if not reference.strip():
        raise RuleBroken("reference_missing", _("Give the bank's reference."), field="reference")
    held = (
        Policy.objects.select_for_update(of=("self",))
        .select_related("lender", "unit", "product_version__product")
        .get(pk=policy.pk)
    )
    owed = refund_owed(policy=held)
    if owed <= 0:
        raise RuleBroken("no_refund", _("Nothing is owed back on this policy."))
    post(
        event=LedgerEvent.PREMIUM_REFUND,
        on=on,
        parts=[Part(amounts={"amount": owed}, **held.dimensions)],
        key=f"refund:{held.policy_no}:{reference.strip()}",
        summary=_("Refund of policy %(no)s") % {"no": held.policy_no},
        by=by,
        at=at,
    )
    record_audit(
        action="underwriting.refund_paid",
        subject=held,
        by=by,
        at=at,
        amount=str(owed),
        reference=reference,
    )
    return owed


def refund_owed(*, policy: Policy) -> Decimal:
    """Return what is owed back on a policy, in yuan, as the book says."""
    found = balance_by_policy(
        account=REFUND_PAYABLE, through=LAST_MONTH, policies=[policy.policy_no]
    )
    return -found.get(policy.policy_no, Decimal(0))
