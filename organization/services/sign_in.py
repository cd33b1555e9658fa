"""At the door: who may enter from here and now, who entered, who failed; all of it is recorded."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from core.encryption import keyed_digest
from core.services import record_audit
from core.visitor import Visitor
from organization.models import KnownPlace, Staff, StaffSession
from organization.rules.passwords import GB, must_change
from organization.rules.sign_in import refusal_of, unpacked
from organization.selectors.sign_in import figure, latest_password, limits_of
from organization.services.news import tell_new_place, tell_sessions_ended
from organization.services.sessions import begin_session

NOBODY = 0  # the object of what concerns no known person


@dataclass(frozen=True)
class Arrival:
    """What must be said or done after somebody entered."""

    must_change_password: bool
    is_new_device: bool
    is_new_network: bool


@transaction.atomic
def admit(*, staff: Staff, visitor: Visitor, at: dt.datetime) -> str:
    """Return why the limits of the roles forbid entry (`device`, `hours`, `network`), or nothing.

    A refusal is recorded with its reason. Source: CRM-37.
    """
    refusal = refusal_of(
        limits_of(staff=staff, at=at),
        device=visitor.device,
        address=visitor.address,
        local_time=timezone.localtime(at).time(),
    )
    if refusal:
        _record("denied", staff, visitor, at, why=refusal)
    return refusal


@transaction.atomic
def enter(
    *, row: StaffSession, staff: Staff, visitor: Visitor, has_second_factor: bool, at: dt.datetime
) -> Arrival:
    """Begin the session of a person who proved who they are; note a new device or network.

    The first place of all is not new. Source: CRM-36, CRM-38.
    """
    begin_session(row=row, staff=staff, visitor=visitor, at=at)
    known = list(KnownPlace.objects.filter(staff=staff))
    is_new_device = bool(known) and visitor.device_name not in {p.device_name for p in known}
    is_new_network = bool(known) and visitor.network not in {p.network for p in known}
    KnownPlace.objects.update_or_create(
        staff=staff,
        device_name=visitor.device_name,
        network=visitor.network,
        defaults={"last_seen_at": at},
        create_defaults={"first_seen_at": at, "last_seen_at": at},
    )
    _record("succeeded", staff, visitor, at, by=staff, second_factor=has_second_factor)
    if is_new_device:
        _record("new_device", staff, visitor, at, by=staff)
    if is_new_network:
        _record("new_network", staff, visitor, at, by=staff)
    if is_new_device or is_new_network:
        tell_new_place(staff=staff, visitor=visitor, at=at)
    return Arrival(_must_change(staff, at), is_new_device, is_new_network)


@transaction.atomic
def leave(*, staff: Staff, visitor: Visitor, at: dt.datetime) -> None:
    """Record that somebody signed out."""
    _record("signed_out", staff, visitor, at, by=staff)


@transaction.atomic
def record_failure(*, username: str, visitor: Visitor, step: str, at: dt.datetime) -> None:
    """Record a wrong password or code (`step`), whether or not the name is somebody's.

    A name that is nobody's is kept as a keyed hash: it may be a password in the wrong field.
    Source: CRM-36, safety.md A14, A15.
    """
    _record("failed", _known(username), visitor, at, step=step, name=_hashed(username))


@transaction.atomic
def record_lock(*, username: str, visitor: Visitor, at: dt.datetime) -> None:
    """Record that a name or an address is locked for a while."""
    _record("locked", _known(username), visitor, at, name=_hashed(username))


def allowed_still(
    *, row: StaffSession | None, staff: Staff, visitor: Visitor, at: dt.datetime
) -> str:
    """Return why a session may not go on (`no_facts`, `other_device`, or a limit), or nothing.

    Asks the facts of the session alone; `at` is local time of Asia/Shanghai. Source: A6, CRM-37.
    """
    if row is None or row.staff_id != staff.pk:
        return "no_facts"
    if row.fingerprint != visitor.fingerprint:
        return "other_device"
    return refusal_of(
        [unpacked(limit) for limit in row.limits],
        device=visitor.device,
        address=visitor.address,
        local_time=at.time(),
    )


@transaction.atomic
def expel(*, row: StaffSession, staff: Staff, visitor: Visitor, at: dt.datetime, why: str) -> None:
    """End a session that came back from another device, or outside its limits. Source: A6."""
    StaffSession.objects.filter(pk=row.pk).delete()
    kind = "stolen" if why == "other_device" else "denied"
    _record(kind, staff, visitor, at, why=why, begun_on=row.device_name)
    if kind == "stolen":
        tell_sessions_ended(staff=staff, by=None, number=1, reason=why, at=at)


def _must_change(staff: Staff, at: dt.datetime) -> bool:
    latest = latest_password(staff=staff)
    is_rotating = settings.PASSWORD_PROFILE == GB
    return must_change(
        profile=settings.PASSWORD_PROFILE,
        is_temporary=latest is not None and latest.is_temporary,
        set_at=latest and latest.set_at,
        at=at,
        max_days=figure(name="password_days", at=at) if is_rotating else 0,
    )


def _known(username: str) -> Staff:
    return Staff.objects.filter(username=username).first() or Staff(pk=NOBODY)


def _hashed(username: str) -> str:
    return keyed_digest(username, purpose="sign-in name").hex()[:16]


def _record(
    what: str,
    staff: Staff,
    visitor: Visitor,
    at: dt.datetime,
    *,
    by: Staff | None = None,
    **detail: object,
) -> None:
    record_audit(
        action=f"sign_in.{what}",
        subject=staff,
        by=by,
        at=at,
        device=visitor.device_name,
        device_class=visitor.device,
        network=visitor.network,
        **detail,
    )
