"""Whoever goes takes no power along: grants by name, delegations and seats end with them."""

from __future__ import annotations

import datetime as dt

from django.utils import timezone

from core.services import record_audit
from organization.enums import GrantStatus, ResolutionOutcome
from organization.models import Resolution, Staff
from organization.selectors.leavers import delegations_with, grants_by_name, seats_of
from organization.services.awaiting import align_work


def end_powers(*, person: Staff, by: Staff, at: dt.datetime, reason: str) -> None:
    """Revoke the grants by name, end delegations given and held, and the seats in committees.

    Called inside the transaction that cuts the access; its permission was asked there. Votes that
    the person owed are owed no more.

    Source: CRM-30, PRE-11c.
    """
    for grant in grants_by_name(person=person).select_for_update(of=("self",)):
        grant.status = GrantStatus.REVOKED
        grant.revoked_by, grant.revoked_at, grant.revocation = by, at, reason
        grant.save(update_fields=["status", "revoked_by", "revoked_at", "revocation"])
        record_audit(
            action="organization.grant_revoked", subject=grant, by=by, at=at, reason=reason
        )
    for lent in delegations_with(person=person).select_for_update(of=("self",)):
        lent.revoked_by, lent.revoked_at, lent.revocation = by, at, reason
        lent.save(update_fields=["revoked_by", "revoked_at", "revocation"])
        record_audit(
            action="organization.delegation_revoked", subject=lent, by=by, at=at, reason=reason
        )
    committees = []
    for seat in seats_of(person=person).select_for_update(of=("self",)):
        seat.valid_to = max(timezone.localdate(at), seat.valid_from)
        seat.save(update_fields=["valid_to"])
        record_audit(action="organization.seat_ended", subject=seat, by=by, at=at, reason=reason)
        committees.append(seat.committee_id)
    open_votes = Resolution.objects.filter(
        committee__in=committees, outcome=ResolutionOutcome.OPEN
    ).order_by("pk")
    align_work(subjects=list(open_votes), by=by, at=at, outcome="left")
