"""Rules of the organisation: where a unit may stand, which roles go together, who is loaded."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterable

SINCE_EVER = dt.date(1900, 1, 1)
PARENT_OF = {"branch": "head_office", "sub_branch": "branch"}


def may_stand_under(*, kind: str, parent_kind: str) -> bool:
    """Tell whether a unit of one kind may stand under one of the other. Source: PRE-11a."""
    return PARENT_OF.get(kind) == parent_kind


def mixed_kinds(kinds: Iterable[str]) -> list[str]:
    """Return the kinds of roles, sorted, where one person would hold more than one; else nothing.

    The three administrators 三员, the regulator and the business are disjoint. Source: safety.md.
    """
    found = sorted(set(kinds))
    return found if len(found) > 1 else []


def conflicts_within(
    permissions: Collection[str], pairs: Iterable[tuple[str, str]]
) -> list[tuple[str, str]]:
    """Return the pairs of permissions that one person may not hold and these would. PRE-38c."""
    held = set(permissions)
    return [pair for pair in pairs if held.issuperset(pair)]


def load_level(*, cases: int, limit: int) -> str:
    """Return how loaded a person is with so many cases: red above the limit, orange from 80 % of
    it, else green; a limit of 0 is unknown. Source: PRE-12c.
    """
    if limit <= 0:
        return "unknown"
    if cases > limit:
        return "red"
    return "orange" if cases * 5 >= limit * 4 else "green"


def quarter_of(day: dt.date) -> str:
    """Return the quarter of a day as people write it: 2026Q4."""
    return f"{day.year}Q{(day.month - 1) // 3 + 1}"
