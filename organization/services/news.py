"""What people are told of their account, their rights and their work, in the caller's transaction.

The account's news are urgent: whoever took it over must not be the only one who knows.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from core.services import tell
from core.visitor import Visitor
from organization.models import AuthorityGrant, Delegation, RoleAssignment, Staff, WorkItem

FACTOR_CHANGES = {
    "added": _("Second factor added"),
    "removed": _("Second factor removed"),
    "renewed": _("Recovery codes renewed"),
    "forgotten": _("Second factors forgotten"),
}
PASSWORD_CHANGES = {
    False: _("Password changed"),
    True: _("Password reset"),
}
WHY_ENDED = {
    "": _("ended by the security administrator"),
    "roles changed": _("Roles changed"),
    "password": _("Password changed"),
    "other_device": _("Session used on another device"),
}
ROLE_CHANGES = {
    "began": pgettext_lazy("role", "given to you"),
    "ended": pgettext_lazy("role", "taken from you"),
    "suspended": pgettext_lazy("role", "suspended until it is certified"),
    "restored": pgettext_lazy("role", "counts again"),
}
UNTIL_REVOKED = _("until it is revoked")


def tell_new_place(*, staff: Staff, visitor: Visitor, at: dt.datetime) -> None:
    """Tell a person that their account came in from a device or network not known. CRM-36."""
    values = {"device": visitor.device_name, "network": visitor.network, "time": at}
    _tell_owner("account_new_place", staff, values, at)


def tell_factor_changed(*, staff: Staff, what: str, by: Staff | None, at: dt.datetime) -> None:
    """Tell a person that a second factor of theirs changed; setting up the house tells nobody."""
    if by is not None:
        values = {"change": FACTOR_CHANGES[what], "time": at}
        _tell_owner("account_factor", staff, values, at)


def tell_password_changed(
    *, staff: Staff, is_reset: bool, by: Staff | None, at: dt.datetime
) -> None:
    """Tell a person that their password changed; setting up the house tells nobody."""
    if by is not None:
        values = {"change": PASSWORD_CHANGES[is_reset], "time": at}
        _tell_owner("account_password", staff, values, at)


def tell_sessions_ended(
    *, staff: Staff, by: Staff | None, number: int, reason: str, at: dt.datetime
) -> None:
    """Tell a person who works here that somebody else, or the house, ended sessions of theirs."""
    if staff.is_active and (by is None or by.pk != staff.pk):
        why = WHY_ENDED.get(reason, reason)
        _tell_owner("account_session", staff, {"count": number, "reason": why, "time": at}, at)


def tell_role(*, assignment: RoleAssignment, change: str, at: dt.datetime) -> None:
    """Tell a person that a role of theirs began, ended, rests or counts again."""
    tell(
        notice="role_granted" if change in {"began", "restored"} else "role_ended",
        people=[assignment.staff],
        values={"role": assignment.role.name, "change": ROLE_CHANGES[change]},
        at=at,
        subject=assignment,
    )


def tell_authority(*, grant: AuthorityGrant, is_given: bool, at: dt.datetime) -> None:
    """Tell whoever holds a grant, by name or by role, that they have it or lost it. PRE-11c."""
    url = reverse("organization:grant", args=[grant.pk])
    label, end = f"#{grant.pk}", grant.ends_at or grant.valid_to
    _tell_authority(_holders(grant), grant, is_given=is_given, label=label, end=end, url=url, at=at)


def tell_delegation(*, delegation: Delegation, is_given: bool, at: dt.datetime) -> None:
    """Tell a colleague that authority was lent to them, or taken back. PRE-11c."""
    _tell_authority(
        [delegation.delegate],
        delegation,
        is_given=is_given,
        label=f"#{delegation.grant_id}-{delegation.pk}",
        end=delegation.valid_to,
        url=reverse("organization:delegations"),
        at=at,
    )


def tell_handed_over(*, items: Sequence[WorkItem], to: Staff, at: dt.datetime) -> None:
    """Tell a person of work that was handed over to them, in one message."""
    first = items[0]
    tell(
        notice="work_handed_over",
        people=[to],
        values={"count": len(items), "title": first.title},
        at=at,
        subject=first,
        url=first.url if len(items) == 1 else reverse("desk:home"),
    )


def _tell_owner(notice: str, staff: Staff, values: dict[str, Any], at: dt.datetime) -> None:
    url = reverse("desk:sessions")
    tell(notice=notice, people=[staff], values=values, at=at, subject=staff, url=url)


def _tell_authority(
    people: Sequence[Staff],
    subject: AuthorityGrant | Delegation,
    *,
    is_given: bool,
    label: str,
    end: dt.date | None,
    url: str,
    at: dt.datetime,
) -> None:
    values: dict[str, Any] = {"authority": label, "unit": subject.unit.name}
    if is_given:
        values["until"] = UNTIL_REVOKED if end is None else end
    notice = "authority_granted" if is_given else "authority_revoked"
    tell(notice=notice, people=people, values=values, at=at, subject=subject, url=url)


def _holders(grant: AuthorityGrant) -> list[Staff]:
    if grant.person_id:
        return [grant.person]
    return list(
        Staff.objects.filter(
            roles=grant.role_id, is_active=True, unit__path__startswith=grant.unit.path
        ).order_by("pk")
    )
