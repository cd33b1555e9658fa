"""Whether a set of thresholds makes sense, and what two sets differ in."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

LEVELS = ("yellow", "orange", "red")


@dataclass(frozen=True, kw_only=True)
class ThresholdLine:
    """One test of one indicator on one dimension: its limits by level and what they share."""

    indicator: str
    dimension: str
    test: str
    limits: tuple[Decimal | None, Decimal | None, Decimal | None]
    min_sample: int
    hysteresis: Decimal
    base_floor: Decimal = Decimal(0)
    months: int | None = None
    min_history: int | None = None

    @property
    def key(self) -> tuple[str, str, str]:
        """What makes two lines speak of the same test."""
        return (self.indicator, self.dimension, self.test)


@dataclass(frozen=True, kw_only=True)
class ThresholdChange:
    """A line of one set beside the same line of another; `None` is not there."""

    key: tuple[str, str, str]
    before: ThresholdLine | None
    after: ThresholdLine | None


def line_findings(lines: Sequence[ThresholdLine]) -> list[tuple[tuple[str, str, str], str]]:
    """Return every reason why the lines cannot be a set: (line, code), all of them.

    Codes: `repeated`, `empty` (no limit), `not_positive`, `out_of_order` (yellow ≤ orange ≤ red),
    `hysteresis` (0 ≤ h < 1), `history` (0 < history ≤ months). Source: POST-07d-g.
    """
    findings, seen = [], set()
    for line in lines:
        if line.key in seen:
            findings.append((line.key, "repeated"))
        seen.add(line.key)
        findings.extend((line.key, code) for code in _line_codes(line))
    return findings


def threshold_changes(
    before: Mapping[tuple[str, str, str], ThresholdLine],
    after: Mapping[tuple[str, str, str], ThresholdLine],
) -> list[ThresholdChange]:
    """Return the lines that differ between two sets, in the order of their keys."""
    return [
        ThresholdChange(key=key, before=before.get(key), after=after.get(key))
        for key in sorted(before.keys() | after.keys())
        if before.get(key) != after.get(key)
    ]


def _line_codes(line: ThresholdLine) -> list[str]:
    given = [limit for limit in line.limits if limit is not None]
    codes = [] if given else ["empty"]
    if any(limit <= 0 for limit in given):
        codes.append("not_positive")
    if given != sorted(given):
        codes.append("out_of_order")
    if not 0 <= line.hysteresis < 1:
        codes.append("hysteresis")
    if line.test == "against_trend" and not 0 < (line.min_history or 0) <= (line.months or 0):
        codes.append("history")
    return codes
