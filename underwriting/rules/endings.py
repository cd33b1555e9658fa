"""When a policy may end, and the mark of what its end was seen to do. Pure. Source: PRE-41c."""

from __future__ import annotations

import datetime as dt
import hashlib
import json
from collections.abc import Iterable, Sequence
from decimal import Decimal

from underwriting.enums import PremiumStage
from underwriting.rules.premiums import NOTHING, Ending, Instalment


def ending_findings(
    action: str, *, on: dt.date, cover_from: dt.date, lines: Iterable[Instalment]
) -> tuple[str, ...]:
    """Return the codes of all that forbids this end: `before_cover`, `not_overdue`.

    A policy lapses only where its premium is overdue. Source: PRE-41c.
    """
    found = []
    if on < cover_from:
        found.append("before_cover")
    if action == "lapse" and not any(
        line.stage == PremiumStage.OVERDUE and line.open > 0 for line in lines
    ):
        found.append("not_overdue")
    return tuple(found)


def total_of(endings: Iterable[Ending], name: str) -> Decimal:
    """Add up one amount of the instalments, in yuan."""
    return sum((getattr(each, name) for each in endings), NOTHING)


def ending_mark(action: str, *, on: dt.date, endings: Sequence[Ending]) -> str:
    """Return the hash of what an end does; another day, act, payment or rule gives another."""
    words = [
        [each.n, each.basis, str(each.part), *map(str, _amounts(each))]
        for each in sorted(endings, key=lambda each: each.n)
    ]
    said = json.dumps([action, on.isoformat(), words])
    return hashlib.sha256(said.encode()).hexdigest()


def _amounts(each: Ending) -> tuple[Decimal, ...]:
    return (
        each.paid,
        each.cancelled,
        each.cancelled_vat,
        each.refunded,
        each.refunded_vat,
        each.owed,
    )
