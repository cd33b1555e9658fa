"""Duties for a product: one answers for each activity, somebody does it. Pure. Source: PRE-33a."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from products.rules.tariffs import PriceFinding

ARTICLE = "PRE-33a"
ACCOUNTABLE, RESPONSIBLE = "accountable", "responsible"


@dataclass(frozen=True)
class Held:
    """One duty: the activity, its kind, and whether a post holds it."""

    activity: str
    kind: str
    is_post: bool


def duty_findings(held: Sequence[Held], activities: Collection[str]) -> tuple[PriceFinding, ...]:
    """Return for which activities not exactly one post answers, or nobody does them."""
    found = []
    for activity in activities:
        of = [each for each in held if each.activity == activity]
        answering = [each.is_post for each in of if each.kind == ACCOUNTABLE]
        if answering != [True]:
            found.append(_finding("duty_nobody_answers", activity))
        if not any(each.kind == RESPONSIBLE for each in of):
            found.append(_finding("duty_nobody_does", activity))
    return tuple(found)


def _finding(code: str, activity: str) -> PriceFinding:
    return PriceFinding(code=code, article=ARTICLE, values={"activity": activity})
