"""What becomes of a premium over the life of its policy: tax, receipt, earning, ending. Pure.

Amounts are yuan to the fen and include the tax unless said; cover is half-open [from, to). Source:
PRE-36, PRE-41b, PRE-41c; F1a.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from fractions import Fraction
from typing import Any

from core.money import FEN, round_fen
from underwriting.enums import PremiumStage

NOTHING = Decimal("0.00")
ORDER = (PremiumStage.OVERDUE, PremiumStage.DUE, PremiumStage.NOT_DUE)


@dataclass(frozen=True, kw_only=True)
class Instalment:
    """One part of a premium: what it covers, when it is due, and what became of it so far."""

    n: int
    covers_from: dt.date
    covers_to: dt.date
    due_on: dt.date
    amount: Decimal
    vat: Decimal
    paid: Decimal = NOTHING
    cancelled: Decimal = NOTHING
    refunded: Decimal = NOTHING
    written_off: Decimal = NOTHING
    stage: str = PremiumStage.NOT_DUE

    @property
    def open(self) -> Decimal:
        """Return what is still to be paid, in yuan."""
        return self.amount - self.paid - self.cancelled - self.written_off

    @property
    def net(self) -> Decimal:
        """Return the premium without its tax, in yuan."""
        return self.amount - self.vat


def vat_in(gross: Decimal, rate: Decimal) -> Decimal:
    """Return the tax that an amount in yuan contains at a rate (a fraction), HALF_UP to the fen."""
    return round_fen(gross - gross / (1 + rate))


@dataclass(frozen=True, kw_only=True)
class Allocation:
    """What of a receipt goes to one instalment."""

    n: int
    stage: str
    amount: Decimal


def allocate(
    amount: Decimal, lines: Iterable[Instalment]
) -> tuple[tuple[Allocation, ...], Decimal]:
    """Give a receipt in yuan to what is open: overdue first, then due, then not yet due, by date.

    Returns the allocations and what is left over. Source: PRE-41c.
    """
    left, found = amount, []
    waiting = sorted(
        (line for line in lines if line.open > 0),
        key=lambda line: (ORDER.index(PremiumStage(line.stage)), line.due_on, line.n),
    )
    for line in waiting:
        part = min(left, line.open)
        if part > 0:
            found.append(Allocation(n=line.n, stage=line.stage, amount=part))
            left -= part
    return tuple(found), left


def days_left(line: Instalment, on: dt.date) -> tuple[int, int]:
    """Return the days of cover from the day `on` (counted), and the days of the whole."""
    whole = (line.covers_to - line.covers_from).days
    return max(0, (line.covers_to - max(line.covers_from, on)).days), whole


def unearned(lines: Iterable[Instalment], *, as_of: dt.date) -> Decimal:
    """Return the unearned premium at the end of a day, without tax, by days: the 1/365 method.

    Each instalment is earned evenly over the days that it covers; what was cancelled or refunded is
    no premium any more. HALF_UP to the fen per policy; exactly zero from the last day on.
    Source: F1a, PRE-41b.
    """
    after = as_of + dt.timedelta(days=1)
    total = Decimal(0)
    for line in lines:
        left, whole = days_left(line, after)
        kept = line.amount - line.cancelled - line.refunded
        if left and kept:
            total += line.net * kept / line.amount * left / whole
    return round_fen(total)


class EndingBasis(StrEnum):
    """Where an instalment's period stands on the first day without cover."""

    OVER = "over"
    RUNNING = "running"
    NOT_BEGUN = "not_begun"


@dataclass(frozen=True, kw_only=True)
class Ending:
    """What the end of cover does to one instalment: cancelled and given back, tax included.

    Yuan; `part` is the fraction of `paid` (what was paid and not yet given back) that goes back;
    `owed` is what stays to be paid.
    """

    n: int
    basis: EndingBasis
    left: int
    whole: int
    part: Fraction
    paid: Decimal
    cancelled: Decimal
    cancelled_vat: Decimal
    refunded: Decimal
    refunded_vat: Decimal
    owed: Decimal

    @property
    def kept(self) -> Decimal:
        """Return what of the paid premium stays with the insurer, in yuan."""
        return self.paid - self.refunded


def given_back(rule: Mapping[str, Any], *, left: int, whole: int) -> Fraction:
    """Return the part of a running period's premium that its filed refund rule gives back.

    `pro_rata`: the days left. `none`: nothing. `short_rate`: what the first step of the table that
    reaches the part of the period run (`until`, a fraction) does not keep (`kept`); past the last
    step nothing.
    """
    if rule.get("kind") == "none":
        return Fraction(0)
    if rule.get("kind") != "short_rate":
        return Fraction(left, whole)
    run = Fraction(whole - left, whole)
    steps = sorted((Fraction(str(row["until"])), row["kept"]) for row in rule.get("table", ()))
    kept = next((kept for until, kept in steps if run <= until), 1)
    return 1 - Fraction(str(kept))


def ending(
    lines: Sequence[Instalment], *, on: dt.date, rule: Mapping[str, Any]
) -> tuple[Ending, ...]:
    """Return what changes when `on` is the first day without cover; instalments that do.

    Source: PRE-41c, PRE-34a.
    """
    found = (ending_of(line, on=on, rule=rule) for line in lines)
    return tuple(each for each in found if each.cancelled or each.refunded)


def ending_of(line: Instalment, *, on: dt.date, rule: Mapping[str, Any]) -> Ending:
    """Return what becomes of one instalment when `on` is the first day without cover, in yuan.

    A period that has not begun is cancelled as far as it is open, and given back as far as it is
    paid. Of the period that runs, the part that the filed refund `rule` says is given back of what
    is paid, HALF_UP to the fen; what of it is unpaid stays owed, for its cover began. Nothing
    becomes of a period that is over. Source: PRE-41c, PRE-34a.
    """
    left, whole = days_left(line, on)
    paid, cancelled = line.paid - line.refunded, NOTHING
    if not left:
        basis, part = EndingBasis.OVER, Fraction(0)
    elif left == whole:
        basis, part, cancelled = EndingBasis.NOT_BEGUN, Fraction(1), line.open
    else:
        basis, part = EndingBasis.RUNNING, given_back(rule, left=left, whole=whole)
    refunded = round_fen(paid * part.numerator / part.denominator)
    return Ending(
        n=line.n,
        basis=basis,
        left=left,
        whole=whole,
        part=part,
        paid=paid,
        cancelled=cancelled,
        cancelled_vat=_vat_part(line, cancelled),
        refunded=refunded,
        refunded_vat=_vat_part(line, refunded),
        owed=line.open - cancelled,
    )


def _vat_part(line: Instalment, gross: Decimal) -> Decimal:
    if gross == line.amount:
        return line.vat
    return (line.vat * gross / line.amount).quantize(FEN) if gross else NOTHING
