"""Reads of identities."""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import Q, QuerySet

from core.encryption import blind_index, place_key, unseal
from core.masking import mask, mask_document, mask_name, scrub
from parties.enums import ContactKind, PartyKind
from parties.models import Party, PartyContact, PartyName
from parties.rules import normal_contact

DOCUMENT = "parties_party.sealed_document"
NAME = "parties_party.sealed_name"
HIDDEN = "***"
EARLIER_NAME = "parties_partyname.sealed_name"
CONTACT = "parties_partycontact.sealed_value"


@dataclass(frozen=True)
class Identity:
    """A party's name and document number in clear. Never print, log or keep it."""

    name: str
    document: str

    def __repr__(self) -> str:
        return "Identity(…)"


def party_by_document(*, number: str) -> Party | None:
    """Find the identity with this document number through the blind index."""
    return Party.objects.filter(document_index=blind_index(number, purpose="document")).first()


def parties_found(*, text: str) -> QuerySet[Party]:
    """Return the parties whose document, telephone or card number is exactly this text.

    Nothing is found by a part of a number, and a number that is not known finds nothing: there
    are no suggestions. Whoever calls narrows the answer to what the person may see.
    Source: CRM-39, A19.
    """
    found = Q(document_index=blind_index(text, purpose="document"))
    for kind in (ContactKind.PHONE, ContactKind.CARD):
        normal = normal_contact(kind, text)
        if normal is not None:
            found |= Q(
                pk__in=PartyContact.objects.filter(
                    kind=kind, value_index=contact_index(kind, normal), ended_at__isnull=True
                ).values("party")
            )
    return Party.objects.filter(found).order_by("pk")


def contact_index(kind: ContactKind, normal: str) -> bytes:
    """Return the blind index of a contact in its normal form."""
    return blind_index(normal, purpose=f"contact:{ContactKind(kind).value}")


def clear_identity(party: Party) -> Identity:
    """Open a party's name and document number; the caller has asked whether it may be seen."""
    key = place_key(party.document_index)
    return Identity(
        name=unseal(party.sealed_name, column=NAME, key=key),
        document=unseal(party.sealed_document, column=DOCUMENT, key=key),
    )


def masked_identity(party: Party) -> tuple[str, str]:
    """Return the masked name and masked document number of a party; an enterprise's name shows.

    Of a restricted one nothing shows, of a deleted one nothing is left.
    """
    if party.is_erased or party.restricted_at is not None:
        return HIDDEN, HIDDEN
    clear = clear_identity(party)
    is_enterprise = party.kind == PartyKind.ENTERPRISE
    return (
        scrub(clear.name) if is_enterprise else mask_name(clear.name),
        mask_document(clear.document),
    )


def earlier_names(*, party: Party) -> list[tuple[PartyName, str]]:
    """Return the names that a party bore before, newest first, masked."""
    rows = PartyName.objects.filter(party=party).order_by("-replaced_at", "-pk")
    return [(row, _masked_earlier(party, row)) for row in rows]


def _masked_earlier(party: Party, row: PartyName) -> str:
    if not row.sealed_name or party.restricted_at is not None:
        return HIDDEN
    key = place_key(row.party_id, row.name_index)
    name = unseal(row.sealed_name, column=EARLIER_NAME, key=key)
    return name if party.kind == PartyKind.ENTERPRISE else mask_name(name)


def clear_contact(contact: PartyContact) -> str:
    """Open a contact; the caller has asked whether it may be seen."""
    key = place_key(contact.party_id, contact.value_index)
    return unseal(contact.sealed_value, column=CONTACT, key=key)


def masked_contacts(*, party: Party) -> list[tuple[PartyContact, str]]:
    """Return a party's present contacts by kind, masked."""
    rows = PartyContact.objects.filter(party=party, ended_at__isnull=True).order_by("kind", "pk")
    return [(row, mask(clear_contact(row), row.kind)) for row in rows]


def ids_by_document(*, numbers: list[str]) -> dict[str, int]:
    """Return the ids of known identities by document number, one query; unknown ones are absent.

    Numbers that differ in width, case or white space alone belong to one identity.
    """
    indexes = {number: blind_index(number, purpose="document") for number in numbers}
    known = Party.objects.filter(document_index__in=set(indexes.values()))
    ids = {bytes(index): pk for pk, index in known.values_list("pk", "document_index")}
    return {number: ids[index] for number, index in indexes.items() if index in ids}
