"""The short-rate table of a refund: by the part of the period run, what is kept of it. Pure.

Parts and shares are exact fractions. A step holds up to and with its `until`; the last reaches the
whole period. Source: PRE-34a, PRE-41c.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from products.rules.tariffs import PriceFinding

ARTICLE = "PRE-41c"
SHORT_RATE = "short_rate"


@dataclass(frozen=True)
class RefundStep:
    """Up to this part of the period run (a fraction), this share of the premium is kept."""

    until: Fraction
    kept: Fraction


def read_steps(rule: Mapping[str, Any]) -> tuple[RefundStep, ...]:
    """Return the steps of a refund rule in order; none where it has no table.

    Fractions may be written as decimals or as `3/12`.
    """
    if rule.get("kind") != SHORT_RATE:
        return ()
    steps = (
        RefundStep(Fraction(str(row["until"])), Fraction(str(row["kept"])))
        for row in rule.get("table", ())
    )
    return tuple(sorted(steps, key=lambda step: step.until))


def step_findings(steps: Sequence[RefundStep]) -> tuple[PriceFinding, ...]:
    """Return all that is wrong with a table, in the order given; `line` counts from 1.

    Parts of the period rise from above 0 to exactly 1, shares lie from 0 to 1 and never fall: who
    leaves later is given back no more of the period's premium. Source: PRE-34a, PRE-41c.
    """
    if not steps:
        return (_finding("refund_empty", 0),)
    found, before = [], RefundStep(Fraction(0), Fraction(0))
    for line, step in enumerate(steps, 1):
        if not 0 < step.until <= 1:
            found.append(_finding("refund_outside", line))
        elif step.until <= before.until:
            found.append(_finding("refund_not_rising", line))
        if not 0 <= step.kept <= 1:
            found.append(_finding("refund_no_share", line))
        elif step.kept < before.kept:
            found.append(_finding("refund_falls", line))
        before = step
    if steps[-1].until != 1:
        found.append(_finding("refund_ends_early", len(steps)))
    return tuple(found)


def _finding(code: str, line: int) -> PriceFinding:
    return PriceFinding(code=code, article=ARTICLE, values={"line": line})
