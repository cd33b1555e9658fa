"""What a document number tells. Pure."""

from __future__ import annotations

import re
import unicodedata

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


_MOBILE = re.compile(r"1[3-9]\d{9}")
_LANDLINE = re.compile(r"0\d{2,3}\d{7,8}(?:-\d{1,6})?")
_CARD = re.compile(r"\d{9,30}")
_EMAIL = re.compile(r"[^@\s]+@[^@\s.]+(?:\.[^@\s.]+)+")


def normal_contact(kind: ContactKind, text: str) -> str | None:
    """Return the one form of a contact by which it is found; `None` where it is none of its kind.

    Width and case are folded, white space goes. Telephone: +86, 0086 and 86 before a mobile, and
    hyphens, brackets and points go; an extension stays behind one hyphen. Card or account: blanks
    and hyphens go, 9 to 30 digits. Address: as it is, without white space.
    """
    folded = "".join(unicodedata.normalize("NFKC", text).split())
    if kind == ContactKind.PHONE:
        return _normal_phone(folded)
    if kind == ContactKind.CARD:
        bare = folded.replace("-", "")
        return bare if _CARD.fullmatch(bare) else None
    if kind == ContactKind.EMAIL:
        lower = folded.lower()
        return lower if _EMAIL.fullmatch(lower) else None
    return folded.upper() or None


def _normal_phone(folded: str) -> str | None:
    number, _, extension = re.sub(r"[().]", "", folded).replace("转", "#").partition("#")
    parts = [part for part in number.split("-") if part]
    tail = extension
    if not tail and len(parts) > 2 and len(parts[-1]) <= 6 and parts[0].startswith("0"):
        tail = parts.pop()
    bare = re.sub(r"^(?:\+86|0086|86(?=1[3-9]\d{9}$))", "", "".join(parts))
    if _MOBILE.fullmatch(bare):
        return bare
    if bare and bare[0] in "123456789" and folded.startswith(("+86", "0086")):
        bare = "0" + bare
    whole = f"{bare}-{tail}" if tail else bare
    return whole if _LANDLINE.fullmatch(whole) else None
