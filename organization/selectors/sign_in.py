"""Reads of signing in: figures in force, limits, sessions, the security log."""

from __future__ import annotations

import datetime as dt

from django.db.models import Max, Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from core.enums import ApprovalStatus
from core.errors import Missing
from core.models import AuditRecord
from core.selectors import parameter
from organization.models import PasswordRecord, SignInPolicy, Staff, StaffSession
from organization.rules.sign_in import Limit

SUBJECT = "organization.staff"
ALERTS = (
    "sign_in.failed",
    "sign_in.locked",
    "sign_in.denied",
    "sign_in.new_device",
    "sign_in.new_network",
    "sign_in.stolen",
)


def figure(*, name: str, at: dt.datetime) -> int:
    """Return the whole number of a `security.…` parameter in force on the day (unit in its row)."""
    return int(parameter(name=f"security.{name}", as_of=timezone.localdate(at)).value)


def limits_of(*, staff: Staff, at: dt.datetime) -> list[Limit]:
    """Return the approved limits in force of all roles of the person. Source: CRM-37."""
    rows = policies_in_force(as_of=timezone.localdate(at)).filter(role__staff=staff)
    return [
        Limit(
            devices=tuple(row.devices),
            opens_at=row.opens_at,
            closes_at=row.closes_at,
            networks=tuple(row.networks),
        )
        for row in rows
    ]


def policies_in_force(*, as_of: dt.date) -> QuerySet[SignInPolicy]:
    """Return the approved limits in force on the day, one per role at most."""
    return (
        SignInPolicy.objects.filter(status=ApprovalStatus.APPROVED, valid_from__lte=as_of)
        .filter(Q(valid_to__isnull=True) | Q(valid_to__gt=as_of))
        .select_related("role")
        .order_by("role__code", "pk")
    )


def sign_in_policies() -> QuerySet[SignInPolicy]:
    """Return all limits, proposals first, then the newest."""
    return SignInPolicy.objects.select_related("role", "proposed_by", "approved_by").order_by(
        "-status", "-valid_from", "-pk"
    )


def sign_in_policy_of(*, pk: int) -> SignInPolicy:
    """Return one set of limits.

    Raises:
        Missing: there is none of this number.
    """
    row = sign_in_policies().filter(pk=pk).first()
    if row is None:
        raise Missing("policy_missing", _("There are no such limits."))
    return row


def live_sessions(*, at: dt.datetime) -> QuerySet[StaffSession]:
    """Return the sessions of signed-in people that have not ended, last seen first."""
    return (
        StaffSession.objects.filter(staff__isnull=False, expires_at__gt=at)
        .select_related("staff__unit")
        .order_by("-seen_at", "-pk")
    )


def sessions_of(*, staff: Staff, at: dt.datetime) -> QuerySet[StaffSession]:
    """Return the live sessions of one person, last seen first."""
    return live_sessions(at=at).filter(staff=staff)


def session_of(*, pk: int, at: dt.datetime, staff: Staff | None = None) -> StaffSession:
    """Return one live session, of the person where one is given.

    Raises:
        Missing: it ended, or is somebody else's.
    """
    rows = live_sessions(at=at)
    row = (rows if staff is None else rows.filter(staff=staff)).filter(pk=pk).first()
    if row is None:
        raise Missing("session_missing", _("This session has ended, or is not yours."))
    return row


def latest_password(*, staff: Staff) -> PasswordRecord | None:
    """Return the record of the person's present password."""
    return staff.passwords.order_by("-set_at", "-pk").first()


def security_log(*, action: str = "", staff: Staff | None = None) -> QuerySet[AuditRecord]:
    """Return what happened at the door, newest first; of one action or one person where asked."""
    rows = AuditRecord.objects.filter(object_type=SUBJECT, action__startswith="sign_in.")
    if action:
        rows = rows.filter(action=action)
    if staff is not None:
        rows = rows.filter(object_id=str(staff.pk))
    return rows.select_related("by").order_by("-at", "-pk")


def alerts_since(*, since: dt.datetime, staff: Staff | None = None) -> QuerySet[AuditRecord]:
    """Return what at the door deserves a look, since an instant; of one person where asked."""
    return security_log(staff=staff).filter(action__in=ALERTS, at__gte=since)


def people_under(*, staff: Staff, at: dt.datetime) -> QuerySet[Staff]:
    """Return active people of the person's unit and below, with `seen_at` of a live session."""
    return (
        Staff.objects.filter(is_active=True, unit__path__startswith=staff.unit.path)
        .select_related("unit")
        .annotate(seen_at=Max("sessions__seen_at", filter=Q(sessions__expires_at__gt=at)))
        .order_by("unit__path", "username")
    )
