"""Worksheets as they were kept: what was quoted is shown and issued, never priced again.

A formula reviewed later, another ceiling or a newer engine must not change what a past quote says.
Source: PRE-34a, PRE-41a.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from products.selectors import PremiumPart
from underwriting.models import Quote


@dataclass(frozen=True, kw_only=True)
class KeptWorksheet:
    """A stored worksheet read back: yuan, days, fractions; `steps` and `rows` as they were kept."""

    formula: Mapping[str, Any]
    sum_insured: Decimal
    steps: tuple[Mapping[str, str], ...]
    parts: tuple[PremiumPart, ...]
    rows: tuple[Mapping[str, str], ...]
    nominal_cost: Decimal | None


def worksheet_of_quote(*, quote: Quote) -> KeptWorksheet:
    """Return the worksheet of a quote as it was made; reads nothing but the quote."""
    kept = quote.worksheet
    nominal = (kept.get("cost") or {}).get("nominal")
    return KeptWorksheet(
        formula=kept.get("formula") or {},
        sum_insured=quote.sum_insured,
        steps=tuple(kept["steps"]),
        parts=tuple(_part(each) for each in kept["parts"]),
        rows=tuple(
            {
                "due_on": row["due_on"],
                **{name: f"{Decimal(row[name]):.2f}" for name in ROW_AMOUNTS},
            }
            for row in kept["schedule"]
        ),
        nominal_cost=None if nominal is None else Decimal(nominal),
    )


ROW_AMOUNTS = ("principal", "interest", "balance")
DAYS = ("covers_from", "covers_to", "due_on")
AMOUNTS = ("sum_insured", "amount")


def _part(kept: Mapping[str, Any]) -> PremiumPart:
    return PremiumPart(
        n=int(kept["n"]),
        **{name: dt.date.fromisoformat(kept[name]) for name in DAYS},
        **{name: Decimal(kept[name]) for name in AMOUNTS},
    )
