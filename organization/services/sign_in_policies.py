"""Limits of signing in per role: proposed by one, approved by another, in force from a day on."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from core.enums import ApprovalStatus
from core.errors import Conflict, RuleBroken, WrongState
from core.services import record_audit
from organization.enums import Permission
from organization.models import Role, SignInPolicy, Staff
from organization.permissions import check, check_approve_sign_in_policy
from organization.rules.sign_in import unreadable_networks
from organization.services.awaiting import align_work


@transaction.atomic
def propose_sign_in_policy(
    *,
    role: Role,
    devices: Sequence[str],
    opens_at: dt.time | None,
    closes_at: dt.time | None,
    networks: Sequence[str],
    valid_from: dt.date,
    by: Staff,
    at: dt.datetime,
    reason: str,
) -> SignInPolicy:
    """Propose with what, when and from where the holders of a role may sign in.

    Raises:
        NotPermitted: the person does not manage signing in.
        RuleBroken: a network is unreadable, hours are half given or empty, no device is allowed,
            the day is past, or no reason is given.
    Source: CRM-37.
    """
    check(by, Permission.MANAGE_SIGN_IN)
    if not devices:
        raise RuleBroken("no_device", _("Allow one kind of device at least."), "devices")
    is_whole = (opens_at is None) == (closes_at is None)
    if not is_whole or (opens_at is not None and opens_at == closes_at):
        raise RuleBroken(
            "hours_half", _("Give both ends of the hours, and different ones."), "opens_at"
        )
    if wrong := unreadable_networks(networks):
        raise RuleBroken(
            "network_unreadable",
            _("This is no name with a range such as 10.1.0.0/16: %(line)s") % {"line": wrong[0]},
            "networks",
        )
    if valid_from < timezone.localdate(at):
        raise RuleBroken("day_past", _("Limits begin today or later."), "valid_from")
    if not reason.strip():
        raise RuleBroken("reason_missing", _("Give a reason."), "reason")
    row = SignInPolicy.objects.create(
        role=role,
        devices=list(devices),
        opens_at=opens_at,
        closes_at=closes_at,
        networks=list(networks),
        valid_from=valid_from,
        reason=reason,
        proposed_by=by,
        proposed_at=at,
    )
    record_audit(
        action="sign_in_policy.proposed", subject=row, by=by, at=at, reason=reason, role=role.code
    )
    align_work(subjects=[row], by=by, at=at)
    return row


@transaction.atomic
def approve_sign_in_policy(*, policy: SignInPolicy, by: Staff, at: dt.datetime) -> SignInPolicy:
    """Approve proposed limits; those in force before end on their first day.

    They bind at the next sign-in, and sessions within a minute.

    Raises:
        NotPermitted: the person may not approve, or proposed them.
        WrongState: they are approved already.
        Conflict: later limits of the role are approved already.
    Source: CRM-37.
    """
    Role.objects.select_for_update().get(pk=policy.role_id)
    row = SignInPolicy.objects.select_for_update(of=("self",)).get(pk=policy.pk)
    check_approve_sign_in_policy(by, policy=row)
    if row.status == ApprovalStatus.APPROVED:
        raise WrongState("policy_approved", _("These limits are approved already."))
    approved = SignInPolicy.objects.filter(role=row.role_id, status=ApprovalStatus.APPROVED)
    if approved.filter(valid_from__gte=row.valid_from).exists():
        raise Conflict(
            "policy_later", _("Limits of this role from this day or a later one are approved.")
        )
    approved.filter(valid_to__isnull=True).update(valid_to=row.valid_from)
    row.status, row.approved_by, row.approved_at = ApprovalStatus.APPROVED, by, at
    row.save(update_fields=["status", "approved_by", "approved_at"])
    record_audit(
        action="sign_in_policy.approved", subject=row, by=by, at=at, valid_from=str(row.valid_from)
    )
    align_work(subjects=[row], by=by, at=at, outcome="approved")
    return row
