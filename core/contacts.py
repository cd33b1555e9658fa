"""The one form of a telephone, an account and an address by which each is found. Pure.

Every app that keeps a contact under a blind index takes it through here, so that two of them that
never met recognise the same number.
"""

from __future__ import annotations

import re
import unicodedata

_MOBILE = re.compile(r"1[3-9]\d{9}")
_LANDLINE = re.compile(r"0\d{2,3}\d{7,8}(?:-\d{1,6})?")
_CARD = re.compile(r"\d{9,30}")


def folded(text: str) -> str:
    """Return the text with its width folded and without white space."""
    return "".join(unicodedata.normalize("NFKC", text).split())


def normal_phone(text: str) -> str | None:
    """Return a telephone number as it is found; `None` where it is none.

    +86, 0086 and 86 before a mobile, hyphens, brackets and points go; an extension stays behind
    one hyphen.
    """
    whole = folded(text)
    number, _, extension = re.sub(r"[().]", "", whole).replace("转", "#").partition("#")
    parts = [part for part in number.split("-") if part]
    tail = extension
    if not tail and len(parts) > 2 and len(parts[-1]) <= 6 and parts[0].startswith("0"):
        tail = parts.pop()
    bare = re.sub(r"^(?:\+86|0086|86(?=1[3-9]\d{9}$))", "", "".join(parts))
    if _MOBILE.fullmatch(bare):
        return bare
    if bare and bare[0] in "123456789" and whole.startswith(("+86", "0086")):
        bare = "0" + bare
    line = f"{bare}-{tail}" if tail else bare
    return line if _LANDLINE.fullmatch(line) else None


def normal_card(text: str) -> str | None:
    """Return a card or account number as it is found, 9 to 30 digits; `None` where it is none."""
    bare = folded(text).replace("-", "")
    return bare if _CARD.fullmatch(bare) else None


def normal_address(text: str) -> str | None:
    """Return an address as it is found: as it is, in one width, without white space."""
    return folded(text).upper() or None
