"""What a document number tells. Pure."""

from __future__ import annotations

import re

from core.contacts import folded, normal_address, normal_card, normal_phone
from parties.enums import ContactKind, PartyKind

_RESIDENT = re.compile(r"[1-9]\d{16}[\dX]")
_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
_CHECK = "10X98765432"
_CREDIT_CODE = re.compile(r"[0-9A-HJ-NPQRTUWXY]{2}\d{6}[0-9A-HJ-NPQRTUWXY]{10}")
_CREDIT_ALPHABET = "0123456789ABCDEFGHJKLMNPQRTUWXY"


def is_resident_number(number: str) -> bool:
    """Tell whether an 18-character number is a resident identity number with a right check digit.

    Source: GB 11643 (ISO 7064 MOD 11-2).
    """
    if not _RESIDENT.fullmatch(number):
        return False
    total = sum(int(digit) * weight for digit, weight in zip(number, _WEIGHTS, strict=False))
    return _CHECK[total % 11] == number[17]


def is_credit_code(number: str) -> bool:
    """Tell whether an 18-character number is a unified social credit code. Source: GB 32100."""
    if not _CREDIT_CODE.fullmatch(number):
        return False
    total = sum(
        _CREDIT_ALPHABET.index(char) * 3**place % 31 for place, char in enumerate(number[:17])
    )
    return _CREDIT_ALPHABET[(31 - total % 31) % 31] == number[17]


def kind_of_document(number: str) -> PartyKind:
    """Tell a person from an enterprise by the (normalised) document number; else unknown."""
    if is_resident_number(number):
        return PartyKind.PERSON
    if is_credit_code(number):
        return PartyKind.ENTERPRISE
    return PartyKind.UNKNOWN


_EMAIL = re.compile(r"[^@\s]+@[^@\s.]+(?:\.[^@\s.]+)+")


def normal_contact(kind: ContactKind, text: str) -> str | None:
    """Return the one form of a contact by which it is found; `None` where it is none of its kind.

    Width and case are folded, white space goes; the forms of telephone, card and address are the
    house's (`core.contacts`).
    """
    if kind == ContactKind.PHONE:
        return normal_phone(text)
    if kind == ContactKind.CARD:
        return normal_card(text)
    if kind == ContactKind.EMAIL:
        lower = folded(text).lower()
        return lower if _EMAIL.fullmatch(lower) else None
    return normal_address(text)
