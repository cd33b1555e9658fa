"""Reads of identities."""

from __future__ import annotations

from core.encryption import blind_index, mask_document, mask_name, normalise, unseal
from parties.models import Party
from parties.rules import is_resident_number

DOCUMENT = "parties_party.sealed_document"
NAME = "parties_party.sealed_name"
HIDDEN = "***"


def party_by_document(*, number: str) -> Party | None:
    """Find the identity with this document number through the blind index."""
    return Party.objects.filter(document_index=blind_index(number, purpose="document")).first()


def masked_identity(party: Party) -> tuple[str, str]:
    """Return the masked name and masked document number of a party.

    Of a restricted one nothing shows, of a deleted one nothing is left.
    """
    if party.is_erased or party.restricted_at is not None:
        return HIDDEN, HIDDEN
    key = bytes(party.document_index).hex()
    return (
        mask_name(unseal(party.sealed_name, column=NAME, key=key)),
        mask_document(unseal(party.sealed_document, column=DOCUMENT, key=key)),
    )


def mask_if_person(text: str) -> str:
    """Mask a text that is a resident identity number; return any other as it is."""
    return mask_document(text) if is_resident_number(normalise(text)) else text


def ids_by_document(*, numbers: list[str]) -> dict[str, int]:
    """Return the ids of known identities by document number, one query; unknown ones are absent.

    Numbers that differ in width, case or white space alone belong to one identity.
    """
    indexes = {number: blind_index(number, purpose="document") for number in numbers}
    known = Party.objects.filter(document_index__in=set(indexes.values()))
    ids = {bytes(index): pk for pk, index in known.values_list("pk", "document_index")}
    return {number: ids[index] for number, index in indexes.items() if index in ids}
