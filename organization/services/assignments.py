"""Give people roles from a day to a day, end them, suspend and restore them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterable

from django.db import transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _

from core.errors import DomainError
from core.services import record_audit
from organization.enums import (
    HEAD_OFFICE_ONLY,
    Permission,
    RoleKind,
    Standing,
    UnitKind,
)
from organization.errors import RuleBroken, WrongState
from organization.models import DutyConflict, Role, RoleAssignment, Staff
from organization.permissions import check, check_another, forget_rights
from organization.rules import SINCE_EVER, conflicts_within, mixed_kinds
from organization.services.awaiting import align_work
from organization.services.news import tell_role

LONG_AGO = dt.datetime(1900, 1, 1, tzinfo=dt.UTC)


@transaction.atomic
def assign_role(
    *,
    staff: Staff,
    role: Role,
    valid_from: dt.date,
    valid_to: dt.date | None = None,
    by: Staff,
    at: dt.datetime,
    reason: str,
) -> RoleAssignment:
    """Give a person a role from a day, to a day or until it is ended.

    Raises:
        NotPermitted: the person does not assign roles, or would assign to themselves.
        WrongState: the other is away or left.
        RuleBroken: no reason, days out of order or past, the role is held or waits already, roles
            of two kinds would meet, duties that must be apart would meet, the role is the head
            office's and the person is not, or a regulator's account has no end; `findings` names
            what meets.
    Source: PRE-38a, PRE-38c, safety.md (三员).
    """
    person = Staff.objects.select_for_update(of=("self",)).select_related("unit").get(pk=staff.pk)
    check(by, Permission.ASSIGN_ROLES)
    check_another(by, person)
    if person.standing != Standing.WORKING:
        raise WrongState("not_working", _("%(name)s is away or left.") % {"name": person.name})
    _check_words(reason, valid_from, valid_to, timezone.localdate(at))
    held = list(person.role_assignments.filter(ended_at__isnull=True).select_related("role"))
    if any(each.role_id == role.pk for each in held):
        raise RuleBroken("role_held", _("The person has this role already."), field="role")
    _check_fits(person, [*(each.role for each in held), role])
    assignment = RoleAssignment.objects.create(
        staff=person,
        role=role,
        valid_from=valid_from,
        valid_to=valid_to,
        reason=reason,
        assigned_by=by,
        assigned_at=at,
    )
    if valid_from <= timezone.localdate(at):
        _begin(assignment, at)
    align_work(subjects=[person], by=by, at=at, outcome="assigned")
    _record("organization.role_assigned", assignment, by, at, reason)
    return assignment


@transaction.atomic
def end_assignment(
    *, assignment: RoleAssignment, by: Staff, at: dt.datetime, reason: str
) -> RoleAssignment:
    """Take a role from a person, from this moment on.

    Raises:
        NotPermitted: the person does not assign roles, or it is their own.
        WrongState: it ended already.
        RuleBroken: no reason is given.
    """
    check(by, Permission.ASSIGN_ROLES)
    check_another(by, assignment.staff)
    if not reason.strip():
        raise RuleBroken("reason_missing", _("Say why."), field="reason")
    Staff.objects.select_for_update(of=("self",)).get(pk=assignment.staff_id)
    locked = RoleAssignment.objects.select_for_update(of=("self",)).get(pk=assignment.pk)
    if locked.ended_at is not None:
        raise WrongState("assignment_ended", _("This role was ended already."))
    end_all(assignments=[locked], by=by, at=at, reason=reason)
    return locked


def end_all(
    *, assignments: Iterable[RoleAssignment], by: Staff | None, at: dt.datetime, reason: str
) -> None:
    """End assignments that the caller may end, in its transaction; rights go at once."""
    for each in assignments:
        each.ended_at, each.ended_by, each.end_reason = at, by, reason
        each.save(update_fields=["ended_at", "ended_by", "end_reason"])
        each.staff.roles.remove(each.role_id)
        forget_rights(each.staff)
        _record("organization.role_ended", each, by, at, reason)
        align_work(subjects=[each.staff], by=by, at=at, outcome="left")
        tell_role(assignment=each, change="ended", at=at)


def suspend(*, assignment: RoleAssignment, at: dt.datetime, reason: str) -> None:
    """Let a role not count until somebody certifies it."""
    assignment.suspended_at = at
    assignment.save(update_fields=["suspended_at"])
    assignment.staff.roles.remove(assignment.role_id)
    forget_rights(assignment.staff)
    _record("organization.role_suspended", assignment, None, at, reason)
    tell_role(assignment=assignment, change="suspended", at=at)


def restore(*, assignment: RoleAssignment, by: Staff, at: dt.datetime, reason: str) -> None:
    """Let a suspended role count again."""
    assignment.suspended_at = None
    assignment.save(update_fields=["suspended_at"])
    if assignment.ended_at is None and assignment.began_at is not None:
        assignment.staff.roles.add(assignment.role_id)
    forget_rights(assignment.staff)
    _record("organization.role_restored", assignment, by, at, reason)
    tell_role(assignment=assignment, change="restored", at=at)


def apply_due_assignments(*, at: dt.datetime) -> int:
    """Begin the roles whose day has come and end those whose day has passed; return how many."""
    today = timezone.localdate(at)
    open_ones = RoleAssignment.objects.filter(ended_at__isnull=True).select_related("staff", "role")
    ended = list(open_ones.filter(valid_to__lte=today))
    with transaction.atomic():
        end_all(assignments=ended, by=None, at=at, reason=_("The last day has passed."))
    done = len(ended)
    for assignment in open_ones.filter(began_at__isnull=True, valid_from__lte=today):
        try:
            with transaction.atomic():
                person = Staff.objects.select_for_update(of=("self",)).get(pk=assignment.staff_id)
                _check_fits(person, [*person.roles.all(), assignment.role])
                _begin(assignment, at)
                done += 1
        except DomainError as refusal:
            RoleAssignment.objects.filter(pk=assignment.pk).update(end_reason=refusal.message)
    return done


def duty_pairs() -> list[tuple[str, str]]:
    """Return the pairs of permissions that one person may not hold together."""
    return list(DutyConflict.objects.order_by("first", "second").values_list("first", "second"))


def take_on_roles(*, staff: Staff, roles: Collection[Role], at: dt.datetime | None) -> None:
    """Give roles while the house is set up, by nobody: what is not listed ends."""
    wanted = {role.pk for role in roles}
    held = list(staff.role_assignments.filter(ended_at__isnull=True))
    for each in held:
        if each.role_id not in wanted:
            RoleAssignment.objects.filter(pk=each.pk).update(
                ended_at=at or LONG_AGO + dt.timedelta(days=1)
            )
    known = {each.role_id for each in held}
    since = timezone.localdate(at) if at else SINCE_EVER
    began = at or LONG_AGO
    RoleAssignment.objects.bulk_create(
        RoleAssignment(staff=staff, role=role, valid_from=since, assigned_at=at, began_at=began)
        for role in roles
        if role.pk not in known
    )
    staff.roles.set(roles)
    forget_rights(staff)


def _begin(assignment: RoleAssignment, at: dt.datetime) -> None:
    assignment.began_at = at
    assignment.save(update_fields=["began_at"])
    assignment.staff.roles.add(assignment.role_id)
    forget_rights(assignment.staff)
    tell_role(assignment=assignment, change="began", at=at)


def _check_words(
    reason: str, valid_from: dt.date, valid_to: dt.date | None, today: dt.date
) -> None:
    if not reason.strip():
        raise RuleBroken("reason_missing", _("Say why."), field="reason")
    if valid_from < today:
        raise RuleBroken("day_past", _("The day is past: choose today or later."), "valid_from")
    if valid_to is not None and valid_to <= valid_from:
        raise RuleBroken("days_in_order", _("The end lies before the beginning."), "valid_to")


def _check_fits(person: Staff, roles: list[Role]) -> None:
    kinds = mixed_kinds(role.kind for role in roles)
    if kinds:
        words = " + ".join(str(RoleKind(kind).label) for kind in kinds)
        raise RuleBroken(
            "kinds_mixed",
            _("Nobody holds roles of two kinds: %(kinds)s.") % {"kinds": words},
            field="role",
            findings=kinds,
        )
    permissions = {code for role in roles for code in role.permissions}
    met = conflicts_within(permissions, duty_pairs())
    if met:
        words = "; ".join(
            f"{Permission(first).label} / {Permission(second).label}" for first, second in met
        )
        raise RuleBroken(
            "duties_conflict",
            _("These duties must be apart: %(pairs)s.") % {"pairs": words},
            field="role",
            findings=met,
        )
    is_branch = person.unit.kind != UnitKind.HEAD_OFFICE
    if is_branch and permissions & HEAD_OFFICE_ONLY:
        raise RuleBroken(
            "head_office_only",
            _("This role may only be held by people of the head office."),
            field="role",
        )
    if any(role.kind == RoleKind.REGULATOR for role in roles) and person.access_until is None:
        raise RuleBroken(
            "visitor_without_end",
            _("A regulator's account needs an end: set it on the person first."),
            field="role",
        )


def _record(
    action: str, assignment: RoleAssignment, by: Staff | None, at: dt.datetime, reason: str
) -> None:
    record_audit(
        action=action,
        subject=assignment.staff,
        by=by,
        at=at,
        reason=reason,
        role=assignment.role.code,
        assignment=assignment.pk,
        valid_from=assignment.valid_from.isoformat(),
        valid_to=assignment.valid_to.isoformat() if assignment.valid_to else None,
    )


def open_assignments(*, staff: Staff) -> list[RoleAssignment]:
    """Return the assignments of a person that did not end, locked."""
    return list(
        RoleAssignment.objects.select_for_update(of=("self",))
        .filter(Q(ended_at__isnull=True), staff=staff)
        .select_related("staff", "role")
        .order_by("pk")
    )
