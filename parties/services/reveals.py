"""Unmasking one record, for a reason, under a quota."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

from django.db import transaction
from django.utils.translation import gettext as _

from core.services import record_audit
from organization.enums import Permission
from organization.models import Staff
from organization.permissions import check
from parties.enums import RevealedField, UseKind
from parties.errors import OverQuota, RuleBroken
from parties.models import Party, Reveal
from parties.selectors.identities import clear_identity
from parties.services.uses import alert_over_quota, count_use


def reveal_identity(
    *,
    party: Party,
    fields: Sequence[str],
    reason: str,
    seen_through: str,
    by: Staff,
    at: dt.datetime,
) -> dict[str, str]:
    """Return the chosen fields of one party in clear, by field name; the caller saw to the scope.

    The audit names the fields and the reason, never a value. Not one transaction: the alert of a
    used-up quota stays although the reveal is refused.

    Raises:
        NotPermitted: the person may not unmask.
        RuleBroken: no reason, no field, or the identity is restricted or deleted.
        OverQuota: the hour or the day is used up; an alert is raised.

    Source: CRM-39, PRE-45c, A20.
    """
    try:
        return _reveal(
            party, fields=fields, reason=reason.strip(), seen_through=seen_through, by=by, at=at
        )
    except OverQuota as refusal:
        alert_over_quota(staff=by, kind=UseKind.REVEAL, refusal=refusal, at=at)
        raise


@transaction.atomic
def _reveal(
    party: Party,
    *,
    fields: Sequence[str],
    reason: str,
    seen_through: str,
    by: Staff,
    at: dt.datetime,
) -> dict[str, str]:
    party = Party.objects.select_for_update(of=("self",)).get(pk=party.pk)
    check(by, Permission.UNMASK)
    chosen = [field for field in RevealedField if field in fields]
    if not reason:
        raise RuleBroken("reason_missing", _("Say why you need to see it."), "reason")
    if not chosen:
        raise RuleBroken("field_missing", _("Choose what you need to see."), "fields")
    _refuse_closed(party)
    count_use(staff=by, kind=UseKind.REVEAL, amount=1, at=at)
    Reveal.objects.create(
        party=party,
        fields=chosen,
        reason=reason,
        seen_through=seen_through,
        by=by,
        unit=by.unit,
        at=at,
    )
    record_audit(
        action="identity_revealed",
        subject=party,
        by=by,
        at=at,
        reason=reason,
        fields=[field.value for field in chosen],
        seen_through=seen_through,
    )
    return {field.value: _clear(party, field) for field in chosen}


def _refuse_closed(party: Party) -> None:
    if party.is_erased:
        raise RuleBroken("identity_deleted", _("This identity was deleted at the end of its time."))
    if party.restricted_at is not None:
        raise RuleBroken(
            "identity_restricted",
            _("The person asked for deletion; the identity is kept under a legal duty only."),
        )


def _clear(party: Party, field: RevealedField) -> str:
    clear = clear_identity(party)
    return clear.name if field == RevealedField.NAME else clear.document
