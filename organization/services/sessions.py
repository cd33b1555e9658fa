"""Sessions: begun at the door, kept alive, ended by anybody who may, on every device at once."""

from __future__ import annotations

import datetime as dt

from django.db import transaction

from core.services import record_audit
from core.visitor import Visitor
from organization.enums import Permission
from organization.models import Staff, StaffSession
from organization.permissions import check
from organization.rules.sign_in import packed
from organization.selectors.sign_in import figure, limits_of
from organization.services.news import tell_sessions_ended

TOUCH = dt.timedelta(minutes=1)  # how finely idleness is measured


@transaction.atomic
def begin_session(
    *, row: StaffSession, staff: Staff, visitor: Visitor, at: dt.datetime
) -> StaffSession:
    """Make the browser's row a session of the person, with both its ends.

    Source: CRM-38, safety.md (idle and absolute time-outs, server-side).
    """
    row.staff = staff
    row.device, row.device_name = visitor.device, visitor.device_name
    row.fingerprint, row.address = visitor.fingerprint, visitor.address
    row.created_at = row.seen_at = at
    row.ends_at = at + dt.timedelta(hours=figure(name="absolute_hours", at=at))
    row.expires_at = min(row.ends_at, _idle_end(at))
    row.limits = [packed(limit) for limit in limits_of(staff=staff, at=at)]
    row.save()
    return row


def keep_alive(*, row: StaffSession, staff: Staff, at: dt.datetime) -> None:
    """Put off the idle end, at most once a minute; take on what limits say now.

    The content of the session is not written, so that no other request's writing is lost.
    """
    if at - row.seen_at < TOUCH:
        return
    limits = [packed(limit) for limit in limits_of(staff=staff, at=at)]
    StaffSession.objects.filter(pk=row.pk).update(
        seen_at=at, expires_at=min(row.ends_at, _idle_end(at)), limits=limits
    )


def move_session(*, row: StaffSession, address: str) -> None:
    """Take on the network that a confirmed person has moved to."""
    StaffSession.objects.filter(pk=row.pk).update(address=address)


@transaction.atomic
def end_session(
    *, session: StaffSession, by: Staff | None, at: dt.datetime, reason: str = ""
) -> None:
    """End one session at once: the own, or anybody's by whoever manages signing in.

    Raises:
        NotPermitted: it is somebody else's and the person does not manage signing in.
    Source: CRM-36, issue 3 (sessions list with kill).
    """
    if by is None or session.staff_id != by.pk:
        check(by, Permission.MANAGE_SIGN_IN)
    StaffSession.objects.filter(pk=session.pk).delete()
    record_audit(
        action="sign_in.session_ended",
        subject=session.staff,
        by=by,
        at=at,
        reason=reason,
        device=session.device_name,
        sessions=1,
    )
    tell_sessions_ended(staff=session.staff, by=by, number=1, reason=reason, at=at)


@transaction.atomic
def end_sessions_of(
    *,
    staff: Staff,
    by: Staff | None,
    at: dt.datetime,
    reason: str,
    keep: StaffSession | None = None,
) -> int:
    """Sign the person out everywhere; called where a password, a role or the post changes.

    Returns how many sessions ended. `keep` stays. Source: safety.md A6, CRM-30.
    """
    rows = StaffSession.objects.filter(staff=staff)
    ended, _kinds = (rows if keep is None else rows.exclude(pk=keep.pk)).delete()
    if ended:
        record_audit(
            action="sign_in.session_ended",
            subject=staff,
            by=by,
            at=at,
            reason=reason,
            sessions=ended,
        )
        tell_sessions_ended(staff=staff, by=by, number=ended, reason=reason, at=at)
    return ended


def _idle_end(at: dt.datetime) -> dt.datetime:
    return at + dt.timedelta(minutes=figure(name="idle_minutes", at=at))
