"""Words with places in them: `{name}` is replaced by a value, and nothing is ever evaluated.

No template engine reads what a person wrote: a brace that is no declared place is refused when the
words are saved, and a value is put in once, so a value with braces stays what it is. Values lose
line ends, control characters and marks that turn the direction of writing: a name cannot begin a
new header of an e-mail, nor hide behind another. Source: safety.md A11, A12.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection, Mapping

LONGEST_VALUE = 200
_PLACE = re.compile(r"\{([a-z][a-z_]*)\}")
_BRACE = re.compile(r"[{}]")
_TURNS = frozenset("\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
_ENDS = "\u2028\u2029"


def places_in(words: str) -> set[str]:
    """Return the names of the places in the words."""
    return set(_PLACE.findall(words))


def stray_braces(words: str) -> bool:
    """Tell whether a brace stands there that belongs to no place."""
    return bool(_BRACE.search(_PLACE.sub("", words)))


def undeclared(words: str, declared: Collection[str]) -> list[str]:
    """Return the places in the words that nobody declared, in order."""
    return sorted(places_in(words) - set(declared))


def clean(value: object, *, at_most: int = LONGEST_VALUE) -> str:
    """Return a value fit for any channel: one line, no control characters, not too long."""
    text = "".join(_harmless(char) for char in str(value))
    text = " ".join(text.split())
    return text if len(text) <= at_most else text[: at_most - 1] + "…"


def fill(words: str, values: Mapping[str, str]) -> str:
    """Put the values in, each place once; a place without a value shows a dash."""
    return _PLACE.sub(lambda place: values.get(place[1], "—"), words)


def _harmless(char: str) -> str:
    if char in _TURNS:
        return ""
    return " " if char in _ENDS or unicodedata.category(char) in {"Cc", "Cs"} else char
