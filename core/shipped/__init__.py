"""Texts that Xinbao ships in rows: sources, units and notes of starter figures, and their values.

They stand in the rows in English, as they were shipped and as the audit trail knows them; a page
shows them in its own language. What a person typed is in no list here and stays as it was typed.
"""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _

from core.shipped.notes import CONTROLS, NOTES
from core.shipped.sources import SOURCES, UNITS
from core.shipped.values import VALUES

SHIPPED = frozenset((*SOURCES, *UNITS, *NOTES, *CONTROLS, *VALUES))


def shipped(text: str) -> str:
    """Return a shipped text in the language of the page, any other as it is."""
    return _(text) if text in SHIPPED else text


def shipped_like(words: str) -> list[str]:
    """Return the shipped texts that say these words in the language of the page."""
    return [text for text in SHIPPED if words.casefold() in _(text).casefold()]


def value_words(value: Any) -> str:
    """Print the value of a parameter for a reader: shipped words in the language of the page."""
    if isinstance(value, bool):
        return _("Yes") if value else _("No")
    if isinstance(value, dict):
        return "; ".join(f"{shipped(name)}: {_inside(each)}" for name, each in value.items())
    if isinstance(value, list):
        return ", ".join(_inside(each) for each in value)
    return shipped(str(value))


def _inside(value: Any) -> str:
    words = value_words(value)
    return f"({words})" if isinstance(value, dict | list) else words
