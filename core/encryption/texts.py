"""Sealed values that stand inside tables of others as text: registered, so that keys may rotate."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class SealedTexts:
    """Where such values are found, and how one is replaced if it is still the same.

    `values` yields (handle, sealed value); `replace` takes handle, old and new value and tells
    whether it did. `column` and `key` are the associated data.
    """

    column: str
    key: str
    values: Callable[[], Iterable[tuple[Any, bytes]]]
    replace: Callable[[Any, bytes, bytes], bool]


_registered: dict[str, SealedTexts] = {}


def register_sealed_texts(texts: SealedTexts) -> None:
    """Let rotations of keys know of sealed values inside another's table."""
    _registered[texts.column] = texts


def sealed_texts() -> list[SealedTexts]:
    """Return what was registered."""
    return list(_registered.values())
