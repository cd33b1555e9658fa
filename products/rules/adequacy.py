"""Whether what happened still carries the filed price. Pure. Ratios are unrounded fractions.

Source: PRE-33c.
"""

from __future__ import annotations

from decimal import Decimal
from enum import StrEnum


class Verdict(StrEnum):
    """How a ratio stands to what the price assumes."""

    WITHIN = "within"
    ABOVE = "above"
    UNKNOWN = "unknown"


def verdict_of(actual: Decimal | None, assumed: Decimal | None) -> Verdict:
    """Tell whether a ratio lies within what the price assumes; exactly as assumed is within.

    Where one of both is not known nobody knows. Source: PRE-33c.
    """
    if actual is None or assumed is None:
        return Verdict.UNKNOWN
    return Verdict.WITHIN if actual <= assumed else Verdict.ABOVE


def indicated_change(actual: Decimal | None, assumed: Decimal | None) -> Decimal | None:
    """Return by how much the rate would have to change so that the loss ratio is as assumed.

    The loss-ratio method: actual / assumed − 1, an unrounded fraction; 0.25 is a quarter dearer.
    Nothing where one of both is not known or nothing is assumed. Source: PRE-33c.
    """
    if actual is None or not assumed:
        return None
    return actual / assumed - 1
