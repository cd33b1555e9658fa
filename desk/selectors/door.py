"""What happened at the door, in words, and who is at work."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.db.models import Count
from django.utils.translation import gettext_lazy as _

from core.audit_words import ACTIONS
from core.models import AuditRecord
from organization.models import Staff
from organization.selectors.sign_in import alerts_since
from postloss.selectors.warnings import open_warnings_held

SIGN_IN_EVENTS = {code: word for code, word in ACTIONS.items() if code.startswith("sign_in.")}


WHY = {
    "device": _("Device"),
    "hours": _("Hours"),
    "network": _("Network"),
    "other_device": _("Other device"),
    "password": _("Password"),
    "code": _("Verification code"),
    "others": _("All other sessions"),
    "roles changed": _("Roles changed"),
    "not active": _("No longer active"),
    "totp": _("Authenticator app"),
    "webauthn": _("Security key"),
    "recovery_codes": _("Recovery codes"),
    "all": _("All"),
}


@dataclass(frozen=True, kw_only=True)
class SignInEvent:
    """A line of the security log in words; `staff` is nobody where the name is nobody's."""

    record: AuditRecord
    word: Any
    why: Any
    staff: Staff | None


def named_events(records: Iterable[AuditRecord]) -> list[SignInEvent]:
    """Return lines of the security log with the people whom they concern (two queries)."""
    rows = list(records)
    people = Staff.objects.in_bulk({int(row.object_id) for row in rows})
    return [
        SignInEvent(
            record=row,
            word=SIGN_IN_EVENTS.get(row.action, row.action),
            why=_why(row),
            staff=people.get(int(row.object_id)),
        )
        for row in rows
    ]


def _why(row: AuditRecord) -> Any:
    said = [row.reason, *(row.detail.get(name, "") for name in ("why", "step", "kind"))]
    given = next(filter(None, said), "")
    return WHY.get(given, given)


def alert_counts(*, at: dt.datetime) -> list[tuple[Any, str, int]]:
    """Return word, action and number of every kind of alert of the last 24 hours."""
    rows = alerts_since(since=at - dt.timedelta(days=1)).order_by().values_list("action")
    counts = dict(rows.annotate(number=Count("pk")))
    return [(SIGN_IN_EVENTS[action], action, counts[action]) for action in sorted(counts)]


def with_open_work(people: list[Staff]) -> list[tuple[Staff, int]]:
    """Return each person with the number of open warnings that they hold. Source: CRM-54."""
    held = open_warnings_held(people=people)
    return [(person, held.get(person.pk, 0)) for person in people]
