"""Menu entries that apps register in `ready()`; each shows only to those who may open it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.urls import reverse


@dataclass(frozen=True, kw_only=True)
class Entry:
    """One entry: a lazy title, a Tabler icon name, a URL name, its place and who may open it."""

    title: Any
    icon: str
    url_name: str
    order: int
    may_open: Callable[[Any], bool]


_entries: list[Entry] = []


def register(entry: Entry) -> None:
    """Add an entry to the menu."""
    _entries.append(entry)


def entries_for(person: Any, path: str) -> list[dict[str, object]]:
    """Return the entries that the person may open, the one of this page marked."""
    shown = []
    for entry in sorted(_entries, key=lambda e: e.order):
        if entry.may_open(person):
            url = reverse(entry.url_name)
            here = path == url or (url != "/" and path.startswith(url))
            shown.append({"title": entry.title, "icon": entry.icon, "url": url, "is_here": here})
    return shown
