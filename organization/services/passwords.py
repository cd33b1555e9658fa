"""Passwords: changed by their owner, reset by whoever manages signing in; both end sessions."""

from __future__ import annotations

import datetime as dt
import secrets

from axes.utils import reset as lift_lock
from django.conf import settings
from django.contrib.auth.hashers import check_password
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from core.errors import NotPermitted, RuleBroken
from core.services import record_audit
from organization.enums import Permission
from organization.models import PasswordRecord, Staff, StaffSession
from organization.permissions import check
from organization.rules.passwords import GB
from organization.selectors.sign_in import figure
from organization.services.news import tell_password_changed
from organization.services.second_factor import forget_factors
from organization.services.sessions import end_sessions_of

LETTERS = "abcdefghjkmnpqrstuvwxyzABCDEFGHJKMNPQRSTUVWXYZ23456789"  # none that look alike


@transaction.atomic
def change_password(
    *, staff: Staff, old: str, new: str, at: dt.datetime, keep: StaffSession | None = None
) -> None:
    """Change the own password; all sessions but `keep` end.

    Raises:
        RuleBroken: the old one is wrong, or the new one breaks the profile or was used before.
    Source: safety.md, password profiles, A6.
    """
    locked = Staff.objects.select_for_update().get(pk=staff.pk)
    if not locked.check_password(old):
        raise RuleBroken("old_password_wrong", _("The present password is wrong."), "old")
    keep_password(staff=locked, password=new, by=locked, at=at, keep=keep)
    staff.password = locked.password


@transaction.atomic
def keep_password(
    *,
    staff: Staff,
    password: str,
    by: Staff | None,
    at: dt.datetime,
    is_temporary: bool = False,
    keep: StaffSession | None = None,
    reason: str = "",
) -> None:
    """Set a password that keeps to the profile, remember its hash, and end the other sessions.

    Raises:
        RuleBroken: it breaks the profile, or is one of the last ones (GB).
    """
    try:
        validate_password(password, staff)
    except ValidationError as refusal:
        raise RuleBroken("password_weak", " ".join(refusal.messages), "new") from refusal
    _check_not_used(staff, password, at)
    staff.set_password(password)
    staff.save(update_fields=["password"])
    PasswordRecord.objects.create(
        staff=staff, digest=staff.password, set_at=at, set_by=by, is_temporary=is_temporary
    )
    end_sessions_of(staff=staff, by=by, at=at, reason=reason or "password", keep=keep)
    what = "password_reset" if is_temporary else "password_changed"
    record_audit(action=f"sign_in.{what}", subject=staff, by=by, at=at, reason=reason)
    tell_password_changed(staff=staff, is_reset=is_temporary, by=by, at=at)


@transaction.atomic
def reset_sign_in(*, staff: Staff, by: Staff, at: dt.datetime, reason: str) -> str:
    """Give a one-time password to somebody who lost theirs; forget second factors, lift a lock.

    Returns the password: it is shown once and must be changed at the next sign-in.

    Raises:
        NotPermitted: the person does not manage signing in, or means themselves.
        RuleBroken: no reason is given.
    Source: PRE-43a.
    """
    check(by, Permission.MANAGE_SIGN_IN)
    if staff.pk == by.pk:
        raise NotPermitted("own_reset", _("Nobody resets their own sign-in: ask a colleague."))
    if not reason.strip():
        raise RuleBroken("reason_missing", _("Give a reason."), "reason")
    parts = ["".join(secrets.choice(LETTERS) for _i in range(5)) for _j in range(4)]
    password = "-".join([*parts, "a2"])  # of three kinds, whatever was drawn
    locked = Staff.objects.select_for_update().get(pk=staff.pk)
    keep_password(staff=locked, password=password, by=by, at=at, is_temporary=True, reason=reason)
    forget_factors(staff=locked, by=by, at=at, reason=reason)
    lift_lock(username=locked.username)
    return password


def _check_not_used(staff: Staff, password: str, at: dt.datetime) -> None:
    """Refuse the last passwords where the profile keeps a history."""
    if settings.PASSWORD_PROFILE != GB:
        return
    last = figure(name="password_history", at=at)
    kept = staff.passwords.order_by("-set_at", "-pk").values_list("digest", flat=True)[:last]
    if any(check_password(password, digest) for digest in [staff.password, *kept] if digest):
        raise RuleBroken(
            "password_used",
            _("This is one of your last %(count)d passwords: choose another.") % {"count": last},
            "new",
        )
