"""Second factors: codes are taken once, secrets are sealed, lost ones are forgotten."""

from __future__ import annotations

import datetime as dt
import hmac

from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value
from allauth.mfa.utils import decrypt, encrypt
from django.db import transaction

from core.services import record_audit
from organization.models import Staff
from organization.services.news import tell_factor_changed

PERIOD = 30  # seconds a code of an authenticator app lives (RFC 6238)
DRIFT = 1  # codes before and after the present one that are taken


@transaction.atomic
def accept_code(*, staff: Staff, code: str, at: dt.datetime) -> Authenticator | None:
    """Return the authenticator whose code this is, and take the code so that it works once.

    A code of the app counts once and none before it counts any more, over all processes (RFC 6238,
    section 5.2); a recovery code is used up. A wrong one changes nothing.
    """
    code = "".join(code.split())
    rows = Authenticator.objects.select_for_update().filter(user=staff).order_by("pk")
    for row in rows:
        if row.type == Authenticator.Type.TOTP and _takes(row, code, at):
            return row
        if row.type == Authenticator.Type.RECOVERY_CODES and RecoveryCodes(row).validate_code(code):
            return row
    return None


def _takes(row: Authenticator, code: str, at: dt.datetime) -> bool:
    secret, now = decrypt(row.data["secret"]), int(at.timestamp()) // PERIOD
    for counter in range(now - DRIFT, now + DRIFT + 1):
        is_right = hmac.compare_digest(
            format_hotp_value(hotp_value(secret, counter)).encode(), code.encode()
        )
        if is_right and counter > row.data.get("last_counter", 0):
            row.data["last_counter"] = counter
            row.save(update_fields=["data"])
            return True
    return False


def is_enrolled(*, staff: Staff) -> bool:
    """Tell whether the person has a second factor that is no recovery code."""
    rows = Authenticator.objects.filter(user=staff)
    return rows.exclude(type=Authenticator.Type.RECOVERY_CODES).exists()


@transaction.atomic
def enrol_app(*, staff: Staff, secret: str, by: Staff | None, at: dt.datetime) -> Authenticator:
    """Enrol an authenticator app by its secret (base 32), with recovery codes; for commands."""
    row = Authenticator.objects.create(
        user=staff, type=Authenticator.Type.TOTP, data={"secret": encrypt(secret)}
    )
    RecoveryCodes.activate(staff)
    record_factor(staff=staff, what="added", kind=row.type, by=by, at=at)
    return row


@transaction.atomic
def forget_factors(*, staff: Staff, by: Staff | None, at: dt.datetime, reason: str) -> None:
    """Remove all second factors: the next sign-in enrols anew."""
    if Authenticator.objects.filter(user=staff).delete()[0]:
        record_factor(staff=staff, what="forgotten", kind="all", by=by, at=at, reason=reason)


@transaction.atomic
def record_factor(
    *, staff: Staff, what: str, kind: str, by: Staff | None, at: dt.datetime, reason: str = ""
) -> None:
    """Record that a second factor was added, removed, renewed or forgotten."""
    record_audit(
        action=f"sign_in.factor_{what}", subject=staff, by=by, at=at, reason=reason, kind=kind
    )
    tell_factor_changed(staff=staff, what=what, by=by, at=at)
