"""Retained exposure of policies for any day, with the lines that make it. Source: F13, PRE-02b.

Who knows balances registers a source; a source answers for a day, as known at an instant.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from decimal import Decimal

from underwriting.models import CessionLine, CoinsuranceShare
from underwriting.rules.cessions import WHOLE, retained_amount
from underwriting.rules.insured import InsuredBalance
from underwriting.selectors.cessions import Coinsurance, coded

Source = Callable[[dt.date, dt.datetime | None], Iterable[InsuredBalance]]
_sources: dict[str, Source] = {}


@dataclass(frozen=True, kw_only=True)
class RetainedRow:
    """A policy's retained exposure in yuan, unrounded, and what produced it."""

    policy_no: str
    product_code: str
    lender_code: str
    balance: Decimal
    own_share: Decimal
    ceded_share: Decimal
    retained: Decimal
    coinsurance: CoinsuranceShare | None
    lines: tuple[CessionLine, ...]


@dataclass(frozen=True, kw_only=True)
class RetainedBook:
    """The retained exposure of many policies on a day; amounts in yuan, unrounded."""

    as_of: dt.date
    known_at: dt.datetime | None
    rows: tuple[RetainedRow, ...]
    balance: Decimal
    retained: Decimal


def register_balances(name: str, source: Source) -> None:
    """Let a source answer what the insured balances of policies were on a day."""
    _sources[name] = source


def forget_balances(name: str) -> None:
    """Take a source away."""
    _sources.pop(name, None)


def insured_balances(
    *, as_of: dt.date, known_at: dt.datetime | None = None
) -> list[InsuredBalance]:
    """Return what every source says of a day as known at an instant (now, without one)."""
    return [each for source in _sources.values() for each in source(as_of, known_at)]


def retained_exposure(
    *,
    as_of: dt.date,
    known_at: dt.datetime | None = None,
    balances: Iterable[InsuredBalance] | None = None,
    treaty: str = "",
    product: str = "",
    policy_no: str = "",
) -> RetainedBook:
    """Return balance × own share × (1 − ceded shares) of each policy on a day, and the sum.

    By the co-insurance and the lines in force on the day as known at an instant (now, without one),
    so that a past figure can be told again as it was. `balances`: those handed in, else what the
    sources say. With a treaty (its code) only policies that it takes part of, with a product only
    those of the product, with a policy that one. Shares are exact; the amounts are not rounded.
    Source: F13, PRE-02b.
    """
    if balances is None:
        balances = insured_balances(as_of=as_of, known_at=known_at)
    lines: dict[str, list[CessionLine]] = {}
    for line in coded(CessionLine.objects.known(known_at).in_force(as_of)).order_by("code"):
        if line.share:
            lines.setdefault(line.policy_no, []).append(line)
    coinsurance = Coinsurance(known_at)
    rows = []
    for each in balances:
        own = lines.get(each.policy_no, [])
        is_asked = (
            product in {"", each.product_code}
            and policy_no in {"", each.policy_no}
            and (not treaty or any(line.code == treaty for line in own))
        )
        if not is_asked:
            continue
        rows.append(_row(each, own, coinsurance, as_of))
    return RetainedBook(
        as_of=as_of,
        known_at=known_at,
        rows=tuple(rows),
        balance=sum((row.balance for row in rows), Decimal(0)),
        retained=sum((row.retained for row in rows), Decimal(0)),
    )


def _row(
    each: InsuredBalance,
    lines: list[CessionLine],
    coinsurance: Coinsurance,
    as_of: dt.date,
) -> RetainedRow:
    said = coinsurance.rows(each.policy_no, each.lender_code, each.product_code)
    row = next((one for one in said if _holds(one, as_of)), None)
    own = row.own_share if row else WHOLE
    shares = [line.share for line in lines]
    return RetainedRow(
        policy_no=each.policy_no,
        product_code=each.product_code,
        lender_code=each.lender_code,
        balance=each.balance,
        own_share=own,
        ceded_share=sum(shares, Decimal(0)),
        retained=retained_amount(each.balance, own, shares),
        coinsurance=row,
        lines=tuple(lines),
    )


def _holds(row: CoinsuranceShare, day: dt.date) -> bool:
    return row.valid_from <= day and (row.valid_to is None or day < row.valid_to)
