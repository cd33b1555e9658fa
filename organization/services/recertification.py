"""Every quarter somebody else confirms each role of each person, or takes it away."""

from __future__ import annotations

import datetime as dt

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from core.selectors import parameter
from core.services import record_audit
from organization.enums import CertificationDecision, Permission
from organization.errors import Conflict, RuleBroken, WrongState
from organization.models import (
    Recertification,
    RecertificationLine,
    RoleAssignment,
    Staff,
)
from organization.permissions import check, check_certify
from organization.rules import quarter_of
from organization.services.assignments import end_all, restore, suspend
from organization.services.awaiting import align_work


@transaction.atomic
def open_recertification(*, by: Staff | None, at: dt.datetime) -> Recertification:
    """Open the campaign of the quarter: a line for every role in force of every active person.

    Raises:
        NotPermitted: the person does not certify access.
        Conflict: the quarter has one.
    Source: PRE-38c (quarterly).
    """
    check(by, Permission.CERTIFY_ACCESS)
    today = timezone.localdate(at)
    title = quarter_of(today)
    days = int(parameter(name="access.recertification_days", as_of=today).value)
    campaign, is_new = Recertification.objects.get_or_create(
        title=title,
        defaults={"due_on": today + dt.timedelta(days=days), "opened_by": by, "opened_at": at},
    )
    if not is_new:
        raise Conflict("recertification_open", _("This quarter has its recertification."))
    in_force = RoleAssignment.objects.filter(
        ended_at__isnull=True, began_at__isnull=False, staff__is_active=True
    ).select_related("staff")
    RecertificationLine.objects.bulk_create(
        RecertificationLine(
            campaign=campaign,
            assignment=each,
            staff_id=each.staff_id,
            unit_id=each.staff.unit_id,
        )
        for each in in_force
    )
    align_work(subjects=[campaign], by=by, at=at)
    record_audit(action="organization.recertification_opened", subject=campaign, by=by, at=at)
    return campaign


@transaction.atomic
def certify(
    *,
    line: RecertificationLine,
    is_confirmed: bool,
    by: Staff,
    at: dt.datetime,
    reason: str = "",
) -> RecertificationLine:
    """Confirm a role of a person, or take it away at once; a suspended one may be confirmed late.

    Raises:
        NotPermitted: the person does not certify access there, or it is their own.
        WrongState: it was decided already.
        RuleBroken: a role is taken away without a reason.
    Source: PRE-38c.
    """
    locked = (
        RecertificationLine.objects.select_for_update(of=("self",))
        .select_related("staff__unit", "unit", "assignment__staff", "assignment__role", "campaign")
        .get(pk=line.pk)
    )
    check_certify(by, line=locked)
    open_ones = (CertificationDecision.PENDING, CertificationDecision.SUSPENDED)
    if locked.decision not in open_ones:
        raise WrongState("line_decided", _("This role was certified already."))
    if not is_confirmed and not reason.strip():
        raise RuleBroken("reason_missing", _("Say why."), field="reason")
    was_suspended = locked.decision == CertificationDecision.SUSPENDED
    locked.decision = (
        CertificationDecision.CONFIRMED if is_confirmed else CertificationDecision.REVOKED
    )
    locked.decided_by, locked.decided_at, locked.reason = by, at, reason
    locked.save()
    if is_confirmed and was_suspended:
        restore(assignment=locked.assignment, by=by, at=at, reason=reason)
    if not is_confirmed and locked.assignment.ended_at is None:
        end_all(assignments=[locked.assignment], by=by, at=at, reason=reason)
    record_audit(
        action=f"organization.access_{locked.decision}",
        subject=locked.staff,
        by=by,
        at=at,
        reason=reason,
        role=locked.assignment.role.code,
        campaign=locked.campaign.title,
    )
    _close_if_done(locked.campaign, by, at)
    return locked


def open_recertification_of_quarter(*, at: dt.datetime) -> bool:
    """Open the campaign of the present quarter where none is; return whether it was opened."""
    if Recertification.objects.filter(title=quarter_of(timezone.localdate(at))).exists():
        return False
    open_recertification(by=None, at=at)
    return True


@transaction.atomic
def suspend_uncertified(*, at: dt.datetime) -> int:
    """Suspend every role that nobody certified by the last day; return how many."""
    late = list(
        RecertificationLine.objects.select_for_update(of=("self",))
        .filter(
            decision=CertificationDecision.PENDING,
            campaign__due_on__lt=timezone.localdate(at),
            campaign__closed_at__isnull=True,
        )
        .select_related("assignment__staff", "assignment__role", "campaign")
        .order_by("pk")
    )
    for line in late:
        line.decision, line.decided_at = CertificationDecision.SUSPENDED, at
        line.save(update_fields=["decision", "decided_at"])
        if line.assignment.ended_at is None:
            suspend(
                assignment=line.assignment,
                at=at,
                reason=_("Not certified by %(day)s.") % {"day": line.campaign.due_on},
            )
    for campaign in {line.campaign for line in late}:
        _close_if_done(campaign, None, at)
    return len(late)


def _close_if_done(campaign: Recertification, by: Staff | None, at: dt.datetime) -> None:
    if campaign.lines.filter(decision=CertificationDecision.PENDING).exists():
        return
    Recertification.objects.filter(pk=campaign.pk, closed_at__isnull=True).update(closed_at=at)
    align_work(subjects=[campaign], by=by, at=at, outcome="done")
