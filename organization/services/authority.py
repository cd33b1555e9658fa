"""Authority grants: proposed, approved or refused by another person, revoked at once."""

from __future__ import annotations

import dataclasses
import datetime as dt
from collections.abc import Collection
from decimal import Decimal

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from core.errors import RuleBroken, WrongState
from core.selectors import parameter
from core.services import record_audit
from organization.enums import GrantKind, GrantStatus
from organization.events import EmergencyUnreviewed, emergency_unreviewed
from organization.models import AuthorityGrant, Role, Staff, Unit
from organization.permissions import (
    check_decide_grant,
    check_propose_grant,
    check_review_emergency,
    check_revoke_grant,
)
from organization.rules.authority import LIFTS, Extent
from organization.selectors.authority import extent_of
from organization.services.awaiting import align_work
from organization.services.news import tell_authority


def grant_draft(
    *,
    extent: Extent,
    unit: Unit,
    level: int,
    role: Role | None,
    person: Staff | None,
    valid_from: dt.date,
    valid_to: dt.date | None,
    by: Staff,
    at: dt.datetime,
    reason: str,
    kind: str = GrantKind.STANDING,
    ends_at: dt.datetime | None = None,
) -> AuthorityGrant:
    """Return a grant as it would be proposed, not stored: what a preview looks at."""
    words = dataclasses.asdict(extent)
    del words["unit_path"]
    words |= {
        name: list(words[name])
        for name in ("products", "obligor_types", "channels", "grades", "exceptions")
    }
    return AuthorityGrant(
        **words,
        kind=kind,
        unit=unit,
        level=level,
        role=role,
        person=person,
        valid_from=valid_from,
        valid_to=valid_to,
        ends_at=ends_at,
        reason=reason,
        proposed_by=by,
        proposed_at=at,
    )


@transaction.atomic
def propose_grant(*, grant: AuthorityGrant, by: Staff, at: dt.datetime) -> AuthorityGrant:
    """Propose a grant (made by `grant_draft`); it authorises nothing before another approves it.

    Raises:
        NotPermitted: the person may not propose, would gain by it, or is not of head office where
            it is an emergency.
        RuleBroken: it is for nobody or for two, its dates are out of order, or an emergency lasts
            longer than the parameter `authority.emergency_hours` allows.
    Source: PRE-11c, HQ-43.
    """
    check_propose_grant(by, grant=grant)
    _check_sound(grant, at)
    grant.proposed_by, grant.proposed_at = by, at
    grant.save(force_insert=True)
    record_audit(
        action="organization.grant_proposed",
        subject=grant,
        by=by,
        at=at,
        reason=grant.reason,
        **_terms(grant),
    )
    align_work(subjects=[grant], by=by, at=at)
    return grant


@transaction.atomic
def decide_grant(
    *, grant: AuthorityGrant, is_approved: bool, by: Staff, at: dt.datetime, reason: str = ""
) -> AuthorityGrant:
    """Approve a proposed grant, or refuse it with a reason.

    Raises:
        NotPermitted: the person proposed it, would gain by it, or lacks the permission.
        WrongState: it was decided already.
        RuleBroken: a refusal says nothing, or an emergency grant has ended meanwhile.
    Source: PRE-11c, HQ-43.
    """
    locked = _locked(grant)
    check_decide_grant(by, grant=locked)
    if locked.status != GrantStatus.PROPOSED:
        raise WrongState("grant_decided", _("This proposal was decided already."))
    if not is_approved:
        _check_said(reason)
    locked.status = GrantStatus.APPROVED if is_approved else GrantStatus.REFUSED
    locked.decided_by, locked.decided_at = by, at
    locked.refusal = "" if is_approved else reason
    if is_approved and locked.kind == GrantKind.EMERGENCY:
        if locked.ends_at <= at:
            raise RuleBroken("emergency_over", _("The emergency grant has ended meanwhile."))
        days = parameter(name="authority.emergency_review_days", as_of=timezone.localdate(at))
        locked.review_due_at = locked.ends_at + dt.timedelta(days=int(days.value))
    locked.save()
    record_audit(
        action=f"organization.grant_{locked.status}",
        subject=locked,
        by=by,
        at=at,
        reason=reason,
        **_terms(locked),
    )
    align_work(subjects=[locked], by=by, at=at, outcome=locked.status)
    if is_approved:
        tell_authority(grant=locked, is_given=True, at=at)
    return locked


@transaction.atomic
def revoke_grant(
    *, grant: AuthorityGrant, by: Staff, at: dt.datetime, reason: str
) -> AuthorityGrant:
    """Take a grant back at once: no decision that commits later rests on it.

    A decision holds the grant's row `FOR SHARE`; the revocation waits for those under way.

    Raises:
        NotPermitted: the person may not approve authority.
        WrongState: it is not approved, or revoked already.
        RuleBroken: nothing is said.
    Source: PRE-11c (HQ may revoke with immediate effect).
    """
    locked = _locked(grant)
    check_revoke_grant(by, grant=locked)
    if locked.status != GrantStatus.APPROVED:
        raise WrongState("grant_not_in_force", _("Only an approved grant can be revoked."))
    _check_said(reason)
    locked.status = GrantStatus.REVOKED
    locked.revoked_by, locked.revoked_at, locked.revocation = by, at, reason
    locked.save()
    record_audit(action="organization.grant_revoked", subject=locked, by=by, at=at, reason=reason)
    tell_authority(grant=locked, is_given=False, at=at)
    return locked


@transaction.atomic
def review_emergency(
    *, grant: AuthorityGrant, by: Staff, at: dt.datetime, review: str
) -> AuthorityGrant:
    """Say what head office found when it looked at an emergency grant afterwards.

    Raises:
        NotPermitted: the person had a part in it.
        WrongState: there is nothing to review, or it was reviewed.
        RuleBroken: nothing is said.
    Source: HQ-43 (break-glass with HQ review).
    """
    locked = _locked(grant)
    check_review_emergency(by, grant=locked)
    if locked.review_due_at is None or locked.reviewed_at is not None:
        raise WrongState("nothing_to_review", _("There is no emergency grant to review here."))
    _check_said(review)
    locked.reviewed_by, locked.reviewed_at, locked.review = by, at, review
    locked.save()
    record_audit(
        action="organization.emergency_reviewed", subject=locked, by=by, at=at, reason=review
    )
    align_work(subjects=[locked], by=by, at=at, outcome="reviewed")
    return locked


@transaction.atomic
def escalate_unreviewed_emergencies(*, at: dt.datetime) -> int:
    """Escalate each emergency grant that nobody reviewed in time, once; return how many.

    Source: HQ-43.
    """
    late = list(
        AuthorityGrant.objects.select_for_update(of=("self",), skip_locked=True)
        .filter(review_due_at__lt=at, reviewed_at__isnull=True, escalated_at__isnull=True)
        .order_by("pk")
    )
    for grant in late:
        grant.escalated_at = at
        grant.save(update_fields=["escalated_at"])
        record_audit(action="organization.emergency_escalated", subject=grant, by=None, at=at)
        event = EmergencyUnreviewed(grant_id=grant.pk, due_at=grant.review_due_at, at=at)
        emergency_unreviewed.send(AuthorityGrant, event=event)
    return len(late)


def _locked(grant: AuthorityGrant) -> AuthorityGrant:
    return (
        AuthorityGrant.objects.select_for_update(of=("self",))
        .select_related("unit")
        .get(pk=grant.pk)
    )


def _check_said(reason: str) -> None:
    if not reason.strip():
        raise RuleBroken("reason_missing", _("Say the reason in a few words."), field="reason")


def check_amount(*, exceptions: Collection[str], max_amount: Decimal | None) -> None:
    """Refuse an extent that mixes cases and lifts of controls.

    Raises:
        RuleBroken: it lifts controls beside other exceptions or with an amount, or names no amount.
    """
    is_lift = tuple(exceptions) == LIFTS
    if is_lift == (max_amount is None) and (is_lift or not set(LIFTS) & set(exceptions)):
        return
    raise RuleBroken(
        "amount_or_lift",
        _("Authority over cases names an amount; lifting controls is granted alone, without one."),
        field="max_amount",
    )


def _check_sound(grant: AuthorityGrant, at: dt.datetime) -> None:
    if (grant.role is None) == (grant.person is None):
        raise RuleBroken(
            "grant_holder", _("A grant is given to a role or to a person."), field="role"
        )
    if grant.valid_to is not None and grant.valid_to <= grant.valid_from:
        raise RuleBroken("dates", _("The end lies after the start."), field="valid_to")
    _check_said(grant.reason)
    check_amount(exceptions=grant.exceptions, max_amount=grant.max_amount)
    if grant.kind != GrantKind.EMERGENCY:
        return
    if grant.person is None or grant.ends_at is None:
        raise RuleBroken(
            "emergency_terms", _("An emergency grant names a person and an end."), field="ends_at"
        )
    hours = parameter(name="authority.emergency_hours", as_of=timezone.localdate(at)).value
    if not at < grant.ends_at <= at + dt.timedelta(hours=int(hours)):
        raise RuleBroken(
            "emergency_too_long",
            _("An emergency grant ends within %(hours)s hours.") % {"hours": hours},
            field="ends_at",
        )


def _terms(grant: AuthorityGrant) -> dict[str, object]:
    """Return what a grant says, for the record: codes and figures, no name."""
    extent = dataclasses.asdict(extent_of(grant))
    return {name: _plain(value) for name, value in extent.items()} | {
        "kind": grant.kind,
        "level": grant.level,
        "role": grant.role_id,
        "person": grant.person_id,
        "valid_from": grant.valid_from.isoformat(),
        "valid_to": grant.valid_to.isoformat() if grant.valid_to else None,
    }


def _plain(value: object) -> object:
    if isinstance(value, tuple):
        return list(value)
    return value if value is None or isinstance(value, int) else str(value)
