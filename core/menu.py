"""Menu entries that apps register in `ready()`; each shows only to those who may open it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from typing import Any

from django.urls import get_script_prefix, reverse
from django.utils.translation import gettext_lazy as _

HEADINGS = {  # by the hundreds of an entry's order; what is everybody's own needs no heading
    0: "",
    1: _("Risk monitoring"),
    2: _("Data and reports"),
    3: _("Governance"),
    4: _("Evidence and personal data"),
    5: _("Organisation and roles"),
    6: _("Security of signing in"),
}


@dataclass(frozen=True, kw_only=True)
class Entry:
    """One entry: a lazy title, a Tabler icon name, a URL name, who may open it, and its place.

    The hundreds of `order` are the group (`HEADINGS`), the rest is the place within the group.
    """

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
    """Return the entries that the person may open, the one of this page marked.

    Where one address begins with that of another, the longer one is meant.
    """
    entries = sorted(_entries, key=lambda entry: entry.order)
    prefix = get_script_prefix()
    urls = {e: _address(e.url_name, prefix) for e in entries if e.may_open(person)}
    here = max((url for url in urls.values() if _is_under(path, url)), key=len, default=None)
    return [
        {
            "title": entry.title,
            "icon": entry.icon,
            "url": url,
            "is_here": url == here,
            "heading": HEADINGS[entry.order // 100],
        }
        for entry, url in urls.items()
    ]


@cache
def _address(url_name: str, _prefix: str) -> str:
    """Addresses stay what they are while the process lives; a page asks for all of them."""
    return reverse(url_name)


def _is_under(path: str, url: str) -> bool:
    return path == url or (url != "/" and path.startswith(url))
