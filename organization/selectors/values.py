"""The values of product, obligor type, channel and grade that authority compares."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from organization.enums import GrantStatus
from organization.models import AuthorityGrant
from organization.rules.authority import ANY, SETS

_sources: dict[str, list[Callable[[], Iterable[str]]]] = {}


def register_values(fact: str, source: Callable[[], Iterable[str]]) -> None:
    """Let an app above say which values of a fact (a key of `SETS`) its book knows."""
    _sources.setdefault(fact, []).append(source)


def known_values(fact: str) -> list[str]:
    """Return the values that apps registered and that grants in force name, sorted.

    A case's fact is compared letter by letter, so its form offers these. Source: PRE-11c.
    """
    named = AuthorityGrant.objects.filter(status=GrantStatus.APPROVED).values_list(
        SETS[fact], flat=True
    )
    found = {each for names in named for each in names} - {ANY}
    for source in _sources.get(fact, ()):
        found.update(source())
    return sorted(found)
