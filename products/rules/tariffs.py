"""Rate tables: which cell a loan falls into, and whether a price lies in its band. Pure.

Rates are fractions, loan-to-value a fraction, terms months. A cell holds both ends of its terms; of
its loan-to-value the upper end alone: “60 % to 80 %” counts 80 %, not 60 %. Source: PRE-34a,
PRE-34b.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

ANY = "*"
FILED, TRADES = "PRE-34a", "PRE-34b"


@dataclass(frozen=True, kw_only=True)
class PriceFinding:
    """Why a price cannot be: a code, the values its sentence needs, and the article."""

    code: str
    article: str
    values: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True)
class Cell:
    """A line of a rate table; `grade` and `channel` may be any, loan-to-value may not matter."""

    pk: int
    grade: str
    term_from: int
    term_to: int
    ltv_from: Decimal | None
    ltv_to: Decimal | None
    channel: str
    rate_low: Decimal
    rate: Decimal
    rate_high: Decimal


def find_cell(
    cells: Sequence[Cell],
    *,
    grade: str | None,
    term: int,
    ltv: Decimal | None,
    channel: str | None,
) -> tuple[Cell | None, tuple[PriceFinding, ...]]:
    """Return the one cell of a loan, or why there is none.

    A fact that the table asks for and nobody gave is unknown; it is never guessed. Source: PRE-34b.
    """
    at_term = [each for each in cells if each.term_from <= term <= each.term_to]
    missing = [
        name
        for name, value, is_asked in (
            ("grade", grade, any(each.grade != ANY for each in at_term)),
            ("ltv", ltv, any(each.ltv_to is not None for each in at_term)),
            ("channel", channel, any(each.channel != ANY for each in at_term)),
        )
        if is_asked and value in {None, ""}
    ]
    if missing:
        return None, tuple(
            PriceFinding(code="fact_unknown", article=TRADES, values={"fact": name})
            for name in missing
        )
    fitting = [
        each
        for each in at_term
        if each.grade in {ANY, grade} and each.channel in {ANY, channel} and _holds(each, ltv)
    ]
    if len(fitting) != 1:
        code = "tariff_several" if fitting else "tariff_none"
        return None, (PriceFinding(code=code, article=TRADES),)
    return fitting[0], ()


def _holds(cell: Cell, ltv: Decimal | None) -> bool:
    if cell.ltv_from is None or cell.ltv_to is None:
        return True
    return ltv is not None and (cell.ltv_from < ltv <= cell.ltv_to or ltv == cell.ltv_from == 0)


def agreed_rate(cell: Cell, wanted: Decimal | None) -> tuple[Decimal, tuple[PriceFinding, ...]]:
    """Return the rate that holds, a fraction: the filed one, or the agreed one inside the band.

    Source: PRE-34b (no price outside the filed table).
    """
    if wanted is None:
        return cell.rate, ()
    if cell.rate_low <= wanted <= cell.rate_high:
        return wanted, ()
    values = {"rate": wanted, "low": cell.rate_low, "high": cell.rate_high}
    return wanted, (PriceFinding(code="rate_outside_band", article=TRADES, values=values),)
