"""Counting what each person uses of personal data, under the quota."""

from __future__ import annotations

import datetime as dt

from django.db import connection, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from organization.models import Staff
from organization.services.awaiting import align_work
from parties.enums import AlertKind, UseKind, Window
from parties.errors import OverQuota
from parties.models import BehaviourAlert
from parties.selectors.behaviour import quota_of

_BOTH = (Window.HOUR, Window.DAY)
_WINDOWS = {UseKind.REVEAL: _BOTH, UseKind.LOOK_UP: _BOTH}  # all else is counted by day
# The sum and its limit are judged in one statement, so that no two at once pass the last place.
_COUNT = """
INSERT INTO parties_personaldatause AS u (staff_id, kind, "window", starts_at, used)
VALUES (%(staff)s, %(kind)s, %(window)s, %(start)s, %(amount)s)
ON CONFLICT (staff_id, kind, "window", starts_at) DO UPDATE SET used = u.used + EXCLUDED.used
WHERE %(most)s IS NULL OR u.used + EXCLUDED.used <= %(most)s
RETURNING used
"""


def start_of(window: Window, *, at: dt.datetime) -> dt.datetime:
    """Return when the hour or day of Shanghai began that an instant lies in."""
    start = timezone.localtime(at).replace(minute=0, second=0, microsecond=0)
    return start if window == Window.HOUR else start.replace(hour=0)


def count_use(
    *, staff: Staff, kind: UseKind, amount: int, at: dt.datetime, is_limited: bool = True
) -> None:
    """Count records into the day, reveals and look-ups into the hour too, in the caller's
    transaction.

    Raises:
        OverQuota: one of the two would pass its quota; nothing is counted.
    """
    for window in _WINDOWS.get(kind, (Window.DAY,)):
        most = (
            quota_of(kind=kind, window=window, as_of=timezone.localdate(at)) if is_limited else None
        )
        start = start_of(window, at=at)
        words = {"staff": staff.pk, "kind": kind, "window": window, "start": start}
        if (most is not None and amount > most) or not _counted(words, amount, most):
            sentence = _("You have used what is allowed per %(window)s (%(most)s): %(kind)s.")
            raise OverQuota(
                "over_quota",
                sentence % {"window": window.label, "most": f"{most:,}", "kind": kind.label},
                window=window,
                start=start,
                most=most,
                amount=amount,
            )


def _counted(words: dict[str, object], amount: int, most: int | None) -> bool:
    with connection.cursor() as cursor:
        cursor.execute(_COUNT, words | {"amount": amount, "most": most})
        return cursor.fetchone() is not None


def alert_over_quota(*, staff: Staff, kind: UseKind, refusal: OverQuota, at: dt.datetime) -> None:
    """Raise the alert of a quota that somebody ran into, once per hour or day.

    Called outside the transaction that was refused, so that the alert stays.
    """
    facts = refusal.context
    alert, is_new = BehaviourAlert.objects.get_or_create(
        staff=staff,
        kind=AlertKind.OVER_QUOTA,
        use=kind,
        window=facts["window"],
        starts_at=facts["start"],
        defaults={
            "observed": facts["most"] + facts["amount"],
            "allowed": facts["most"],
            "raised_at": at,
        },
    )
    if is_new:
        align_work(subjects=[alert], by=None, at=at)


def count_look_up(
    *, staff: Staff, at: dt.datetime, records: int = 1, is_limited: bool = True
) -> None:
    """Count records that a person opened or looked up, under one quota for both.

    Not called inside a transaction that a refusal would roll back: the alert stays.

    Raises:
        OverQuota: the hour or the day is used up; an alert is raised.
    Source: CRM-53, A20.
    """
    try:
        with transaction.atomic():
            count_use(
                staff=staff, kind=UseKind.LOOK_UP, amount=records, at=at, is_limited=is_limited
            )
    except OverQuota as refusal:
        alert_over_quota(staff=staff, kind=UseKind.LOOK_UP, refusal=refusal, at=at)
        raise
