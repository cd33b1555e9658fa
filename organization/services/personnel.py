"""Orders about people: moved, away, back, gone, again. A day ahead waits for the beat."""

from __future__ import annotations

import datetime as dt

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from core.errors import DomainError
from core.services import record_audit
from organization.enums import Permission, PersonnelKind, Standing
from organization.errors import RuleBroken, WrongState
from organization.models import PersonnelOrder, Staff, Unit
from organization.permissions import check, check_another
from organization.services.assignments import end_all, open_assignments
from organization.services.awaiting import align_work
from organization.services.handover import hand_over_all
from organization.services.leaving import end_powers

FROM = {  # order → how the person must stand
    PersonnelKind.TRANSFER: (Standing.WORKING, Standing.ON_LEAVE),
    PersonnelKind.LEAVE: (Standing.WORKING,),
    PersonnelKind.RETURN: (Standing.ON_LEAVE,),
    PersonnelKind.DISMISS: (Standing.WORKING, Standing.ON_LEAVE),
    PersonnelKind.REHIRE: (Standing.LEFT,),
}


@transaction.atomic
def order_personnel(
    *,
    staff: Staff,
    kind: str,
    effective_on: dt.date,
    by: Staff,
    at: dt.datetime,
    reason: str,
    unit: Unit | None = None,
    keeps_roles: bool = False,
    successor: Staff | None = None,
) -> PersonnelOrder:
    """Order a transfer, leave, return, leaving or re-hire; today's is done in this transaction.

    Leaving and leave cut the access at once and pass open work on; a transfer ends the roles of
    the old post unless they are kept, and hands its work over; a re-hire comes back without roles.

    Raises:
        NotPermitted: the person does not manage staff, or orders about themselves.
        WrongState: the other does not stand so that this may follow.
        RuleBroken: no reason, no unit, a past day, a closed unit, a successor who is away, or work
            that would be lost.
    Source: PRE-38c (mover, leaver), CRM-30.
    """
    check(by, Permission.MANAGE_STAFF)
    check_another(by, staff)
    order = PersonnelOrder(
        staff=staff,
        kind=kind,
        effective_on=effective_on,
        unit_after=unit,
        keeps_roles=keeps_roles,
        successor=successor,
        reason=reason,
        ordered_by=by,
        ordered_at=at,
    )
    _check_order(order, at)
    order.save()
    record_audit(
        action=f"organization.staff_{kind}",
        subject=staff,
        by=by,
        at=at,
        reason=reason,
        order=order.pk,
        effective_on=effective_on.isoformat(),
    )
    if effective_on <= timezone.localdate(at):
        _apply(order, at)
    return order


@transaction.atomic
def withdraw_order(*, order: PersonnelOrder, by: Staff, at: dt.datetime) -> PersonnelOrder:
    """Take an order back whose day has not come.

    Raises:
        NotPermitted: the person does not manage staff, or it is about themselves.
        WrongState: it was done or withdrawn already.
    """
    check(by, Permission.MANAGE_STAFF)
    check_another(by, order.staff)
    locked = PersonnelOrder.objects.select_for_update(of=("self",)).get(pk=order.pk)
    if locked.applied_at or locked.withdrawn_at:
        raise WrongState("order_not_waiting", _("This order no longer waits."))
    locked.withdrawn_at = at
    locked.save(update_fields=["withdrawn_at"])
    record_audit(action="organization.order_withdrawn", subject=locked, by=by, at=at)
    return locked


def apply_due_orders(*, at: dt.datetime) -> int:
    """Do the orders whose day has come, each in its own transaction; return how many."""
    due = PersonnelOrder.objects.filter(
        applied_at__isnull=True,
        withdrawn_at__isnull=True,
        effective_on__lte=timezone.localdate(at),
    ).order_by("effective_on", "pk")
    done = 0
    for order in due:
        try:
            with transaction.atomic():
                _apply(order, at)
                done += 1
        except DomainError as refusal:
            PersonnelOrder.objects.filter(pk=order.pk).update(refusal=refusal.message)
    return done


def end_visits(*, at: dt.datetime) -> int:
    """Cut the access of visitors whose time is over; return how many. Source: HQ-47."""
    over = Staff.objects.filter(access_until__lte=at, is_active=True)
    for staff in over:
        with transaction.atomic():
            _cut(staff)
            record_audit(action="organization.visit_over", subject=staff, by=None, at=at)
    return len(over)


@transaction.atomic
def extend_visit(
    *, staff: Staff, access_until: dt.datetime | None, by: Staff, at: dt.datetime, reason: str
) -> Staff:
    """Set until when an account may be used; a visitor's (a regulator's) always has an end.

    Raises:
        NotPermitted: the person does not manage staff, or it is their own account.
        RuleBroken: no reason, or the end is past.
        WrongState: the other is away or left.
    """
    check(by, Permission.MANAGE_STAFF)
    check_another(by, staff)
    locked = _locked(staff)
    if not reason.strip():
        raise RuleBroken("reason_missing", _("Say why."), field="reason")
    if access_until is not None and access_until <= at:
        raise RuleBroken("day_past", _("The day is past: choose today or later."), "access_until")
    if locked.standing != Standing.WORKING:
        raise WrongState("not_working", _("%(name)s is away or left.") % {"name": locked.name})
    locked.access_until, locked.is_active = access_until, True
    locked.save(update_fields=["access_until", "is_active"])
    record_audit(
        action="organization.access_until",
        subject=locked,
        by=by,
        at=at,
        reason=reason,
        until=access_until.isoformat() if access_until else None,
    )
    return locked


def _check_order(order: PersonnelOrder, at: dt.datetime) -> None:
    if not order.reason.strip():
        raise RuleBroken("reason_missing", _("Say why."), field="reason")
    if order.effective_on < timezone.localdate(at):
        raise RuleBroken("day_past", _("The day is past: choose today or later."), "effective_on")
    needs_unit = order.kind in (PersonnelKind.TRANSFER, PersonnelKind.REHIRE)
    unit, successor = order.unit_after, order.successor
    if needs_unit and (unit is None or unit.closed_on is not None):
        raise RuleBroken("unit_missing", _("Choose an open unit."), field="unit")
    if successor is not None and (
        successor.pk == order.staff_id or successor.standing != Standing.WORKING
    ):
        raise RuleBroken(
            "successor_away", _("The successor must be another who is here."), field="successor"
        )


def _locked(staff: Staff) -> Staff:
    return Staff.objects.select_for_update(of=("self",)).select_related("unit").get(pk=staff.pk)


def _apply(order: PersonnelOrder, at: dt.datetime) -> None:
    staff = _locked(order.staff)
    if staff.standing not in FROM[PersonnelKind(order.kind)]:
        raise WrongState(
            "wrong_standing",
            _("%(name)s is “%(standing)s”; this cannot follow.")
            % {"name": staff.name, "standing": staff.get_standing_display()},
        )
    order.unit_before = staff.unit
    _DO[PersonnelKind(order.kind)](order, staff, at)
    align_work(subjects=[staff], by=order.ordered_by, at=at, outcome="left")
    order.applied_at, order.refusal = at, ""
    order.save(update_fields=["unit_before", "applied_at", "refusal"])


def _transfer(order: PersonnelOrder, staff: Staff, at: dt.datetime) -> None:
    _pass_on(order, staff, at)
    staff.unit = order.unit_after
    staff.save(update_fields=["unit"])
    if not order.keeps_roles:
        _end_roles(order, staff, at)
    staff.holdings.filter(valid_to__isnull=True).update(valid_to=order.effective_on)


def _leave(order: PersonnelOrder, staff: Staff, at: dt.datetime) -> None:
    staff.standing = Standing.ON_LEAVE
    _cut(staff)
    _pass_on(order, staff, at)


def _return(_order: PersonnelOrder, staff: Staff, _at: dt.datetime) -> None:
    staff.standing, staff.is_active = Standing.WORKING, True
    staff.save(update_fields=["standing", "is_active"])


def _dismiss(order: PersonnelOrder, staff: Staff, at: dt.datetime) -> None:
    staff.standing = Standing.LEFT
    _cut(staff)
    _pass_on(order, staff, at)
    end_powers(person=staff, by=order.ordered_by, at=at, reason=order.get_kind_display())
    _end_roles(order, staff, at)
    staff.holdings.filter(valid_to__isnull=True).update(valid_to=order.effective_on)


def _rehire(order: PersonnelOrder, staff: Staff, at: dt.datetime) -> None:
    staff.standing, staff.is_active, staff.unit = Standing.WORKING, True, order.unit_after
    staff.save(update_fields=["standing", "is_active", "unit"])


_DO = {
    PersonnelKind.TRANSFER: _transfer,
    PersonnelKind.LEAVE: _leave,
    PersonnelKind.RETURN: _return,
    PersonnelKind.DISMISS: _dismiss,
    PersonnelKind.REHIRE: _rehire,
}


def _cut(staff: Staff) -> None:
    """Take the access; the sessions end with it (`organization.subscribers`)."""
    staff.is_active = False
    staff.save(update_fields=["is_active", "standing"])


def _pass_on(order: PersonnelOrder, staff: Staff, at: dt.datetime) -> None:
    passed = hand_over_all(
        person=staff,
        successor=order.successor,
        by=order.ordered_by,
        at=at,
        reason=order.get_kind_display(),
    )
    record_audit(
        action="organization.work_handed_over",
        subject=order,
        by=order.ordered_by,
        at=at,
        items=[[each.item_id, each.to_id] for each in passed],
    )


def _end_roles(order: PersonnelOrder, staff: Staff, at: dt.datetime) -> None:
    end_all(
        assignments=open_assignments(staff=staff),
        by=order.ordered_by,
        at=at,
        reason=order.reason,
    )
