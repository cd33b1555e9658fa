"""Writes of contacts.

They ask no permission: contacts come with what a lender, an obligor or an application states, and
whoever takes that in has asked.
"""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from core.encryption import place_key, seal
from core.services import record_audit
from parties.enums import ContactKind
from parties.errors import ContactRefused
from parties.models import Party, PartyContact
from parties.rules import normal_contact
from parties.selectors import CONTACT, contact_index


@transaction.atomic
def know_contact(
    *, party: Party, kind: ContactKind, value: str, by: Any, at: dt.datetime
) -> PartyContact:
    """Note a contact of a party in its normal form; one that is known already stays as it is.

    Raises:
        ContactRefused: the text is not what its kind asks for; it is not repeated.
    Source: CRM-39, PRE-40a, safety.md (phones and cards go through encryption and blind index).
    """
    normal = normal_contact(kind, value)
    if normal is None:
        raise ContactRefused(
            "contact_malformed",
            _("This is no %(kind)s; check it and enter it again.")
            % {"kind": ContactKind(kind).label},
            field="value",
        )
    Party.objects.select_for_update(of=("self",)).get(pk=party.pk)
    index = contact_index(kind, normal)
    known = PartyContact.objects.filter(
        party=party, kind=kind, value_index=index, ended_at__isnull=True
    ).first()
    if known is not None:
        return known
    contact = PartyContact.objects.create(
        party=party,
        kind=kind,
        sealed_value=seal(normal, column=CONTACT, key=place_key(party.pk, index)),
        value_index=index,
        known_at=at,
        known_by=by,
    )
    record_audit(action="parties.contact_known", subject=contact, by=by, at=at, kind=str(kind))
    return contact


@transaction.atomic
def end_contact(*, contact: PartyContact, by: Any, at: dt.datetime, reason: str) -> PartyContact:
    """End a contact: it no longer finds its party, its row stays.

    Raises:
        ContactRefused: no reason.
    """
    if not reason.strip():
        raise ContactRefused("reason_missing", _("Say why the contact ends."), field="reason")
    locked = PartyContact.objects.select_for_update(of=("self",)).get(pk=contact.pk)
    if locked.ended_at is None:
        locked.ended_at = at
        locked.save(update_fields=["ended_at"])
        record_audit(action="parties.contact_ended", subject=locked, by=by, at=at, reason=reason)
    return locked
