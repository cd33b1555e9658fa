"""When somebody's use of personal data is out of the ordinary. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from statistics import median_high


def usual(counts: Sequence[int]) -> int | None:
    """Return the median (the higher of two) of days with any use, in records; empty: unknown."""
    used = [count for count in counts if count]
    return median_high(used) if used else None


def is_unusual(
    *, observed: int, own: int | None, peers: int | None, factor: int, floor: int
) -> bool:
    """Tell whether a day's use is unusual: at least `floor` records, and more than `factor` times
    both the own and the peers' usual. An unknown side does not excuse: what nobody else does and
    what was never done before stands out alone.

    Source: CRM-53, A20.
    """
    if observed < floor:
        return False
    return all(known is None or observed > factor * known for known in (own, peers))
