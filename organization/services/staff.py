"""Appoint people; enter their posts and certificates."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from core.encryption import seal
from core.services import record_audit
from organization.enums import Permission, PersonnelKind
from organization.errors import RuleBroken
from organization.models import (
    Certificate,
    PersonnelOrder,
    Post,
    PostHolding,
    Role,
    Staff,
    Unit,
)
from organization.permissions import check, check_another
from organization.selectors.staff import CERTIFICATE
from organization.services.assignments import take_on_roles
from organization.services.awaiting import align_work


@transaction.atomic
def appoint_staff(
    *,
    username: str,
    name: str,
    unit: Unit,
    roles: Sequence[str],
    password: str,
    access_until: dt.datetime | None = None,
    at: dt.datetime | None = None,
) -> Staff:
    """Appoint a person with roles (by code), or set those of the one with this user name.

    This is how a house is set up, by nobody. People appoint with `hire_staff`.
    """
    staff = Staff.objects.filter(username=username).first() or Staff(username=username)
    staff.name, staff.unit, staff.access_until = name, unit, access_until
    staff.set_password(password)
    staff.save()
    take_on_roles(staff=staff, roles=list(Role.objects.filter(code__in=roles)), at=at)
    return staff


@transaction.atomic
def hire_staff(
    *,
    username: str,
    name: str,
    unit: Unit,
    password: str,
    by: Staff,
    at: dt.datetime,
    reason: str,
    access_until: dt.datetime | None = None,
) -> Staff:
    """Appoint a person without any role; whoever assigns roles finds that in the inbox.

    Raises:
        NotPermitted: the person does not manage staff.
        RuleBroken: the user name is taken, the unit closed, the password weak or the reason empty.
    Source: PRE-38c (joiner), safety.md (the one who appoints gives no rights).
    """
    check(by, Permission.MANAGE_STAFF)
    if not reason.strip():
        raise RuleBroken("reason_missing", _("Say why."), field="reason")
    if unit.closed_on is not None:
        raise RuleBroken("unit_closed", _("This unit is closed."), field="unit")
    if Staff.objects.filter(username=username).exists():
        raise RuleBroken("name_taken", _("This user name is taken."), field="username")
    staff = Staff(username=username, name=name, unit=unit, access_until=access_until)
    try:
        validate_password(password, staff)
    except ValidationError as refusal:
        raise RuleBroken("weak_password", " ".join(refusal.messages), "password") from refusal
    staff.set_password(password)
    staff.save()
    PersonnelOrder.objects.create(
        staff=staff,
        kind=PersonnelKind.APPOINT,
        effective_on=timezone.localdate(at),
        unit_after=unit,
        reason=reason,
        ordered_by=by,
        ordered_at=at,
        applied_at=at,
    )
    record_audit(
        action="organization.staff_appoint",
        subject=staff,
        by=by,
        at=at,
        reason=reason,
        unit=unit.code,
    )
    align_work(subjects=[staff], by=by, at=at)
    return staff


@transaction.atomic
def hold_post(
    *, staff: Staff, post: Post, valid_from: dt.date, by: Staff, at: dt.datetime
) -> PostHolding:
    """Enter that a person holds a post from a day on.

    Raises:
        NotPermitted: the person does not manage staff, or enters their own.
        RuleBroken: the person holds it already, or the unit is of another kind.
    Source: PRE-12d.
    """
    check(by, Permission.MANAGE_STAFF)
    check_another(by, staff)
    Staff.objects.select_for_update(of=("self",)).get(pk=staff.pk)
    if post.unit_kind and post.unit_kind != staff.unit.kind:
        raise RuleBroken("post_elsewhere", _("This post is not of such a unit."), field="post")
    if staff.holdings.filter(post=post, valid_to__isnull=True).exists():
        raise RuleBroken("post_held", _("The person holds this post already."), field="post")
    holding = PostHolding.objects.create(
        staff=staff, post=post, valid_from=valid_from, entered_by=by, entered_at=at
    )
    record_audit(action="organization.post_held", subject=staff, by=by, at=at, post=post.code)
    return holding


@transaction.atomic
def enter_certificate(
    *,
    staff: Staff,
    name: str,
    number: str,
    issued_on: dt.date,
    expires_on: dt.date | None,
    by: Staff,
    at: dt.datetime,
) -> Certificate:
    """Enter a certificate of a person; its number is sealed.

    Raises:
        NotPermitted: the person does not manage staff, or enters their own.
        RuleBroken: a word is missing or the days are out of order.
    Source: PRE-12d.
    """
    check(by, Permission.MANAGE_STAFF)
    check_another(by, staff)
    if not (name.strip() and number.strip()):
        raise RuleBroken("words_missing", _("Give name and number."), field="name")
    if expires_on is not None and expires_on <= issued_on:
        raise RuleBroken("days_in_order", _("The end lies before the beginning."), "expires_on")
    row = Certificate.objects.create(
        staff=staff,
        name=name,
        sealed_number=seal(number, column=CERTIFICATE, key=f"{staff.pk}:{name}"),
        issued_on=issued_on,
        expires_on=expires_on,
        entered_by=by,
        entered_at=at,
    )
    record_audit(
        action="organization.certificate_entered", subject=staff, by=by, at=at, certificate=row.pk
    )
    return row
