"""Premium schedules tied to a repayment schedule: single, level and declining. Pure.

Amounts are yuan to the fen, each rounded once, HALF_UP; parts equal the whole. Source: PRE-35,
PRE-36b, PRE-36c.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from fractions import Fraction
from itertools import pairwise

from core.errors import RuleBroken
from core.money import FEN, from_fen, split_fen, to_fen
from products.rules.daycounts import DayCount, year_fraction
from products.rules.due_dates import months_on
from products.rules.rounding import Rounding, exact, round_to, wide
from products.rules.schedules import Row, RowKind, Schedule


class SumInsuredBasis(StrEnum):
    """How the terms determine the sum insured. Source: PRE-35."""

    PRINCIPAL = "principal"
    PRINCIPAL_AND_INTEREST = "principal_and_interest"
    OPENING_OUTSTANDING = "opening_outstanding"  # principal owed at the start of each period


class PremiumMode(StrEnum):
    """How the premium is paid. Source: PRE-36b, PRE-36c."""

    SINGLE = "single"
    LEVEL = "level"
    DECLINING = "declining"


class RatePer(StrEnum):
    """For what time the premium rate holds."""

    TERM = "term"
    YEAR = "year"
    PERIOD = "period"


class PaidAt(StrEnum):
    """When a part falls due: with the instalment, or when the period that it covers begins."""

    INSTALMENT = "instalment"
    PERIOD_START = "period_start"


@dataclass(frozen=True)
class PremiumPart:
    """A part of the premium: for which period (half-open), when due, on what sum, in yuan."""

    n: int
    covers_from: dt.date
    covers_to: dt.date
    due_on: dt.date
    sum_insured: Decimal
    amount: Decimal


def sums_insured(schedule: Schedule, basis: SumInsuredBasis) -> tuple[Decimal, ...]:
    """Return the sum insured of each instalment's period, in yuan to the fen.

    Principal, or principal and interest of the whole schedule, throughout; or the principal that is
    owed when each period begins. Source: PRE-35.
    """
    rows = _instalments(schedule)
    down = schedule.terms.down_payment
    if basis == SumInsuredBasis.PRINCIPAL:
        return (schedule.terms.principal - down,) * len(rows)
    if basis == SumInsuredBasis.PRINCIPAL_AND_INTEREST:
        return (schedule.total - down,) * len(rows)
    return tuple(row.balance + row.principal for row in rows)


def premium_parts(
    schedule: Schedule,
    *,
    mode: PremiumMode,
    basis: SumInsuredBasis,
    rate: Decimal,
    rate_per: RatePer = RatePer.TERM,
    paid_at: PaidAt = PaidAt.INSTALMENT,
) -> tuple[PremiumPart, ...]:
    """Return the parts of the premium, in yuan to the fen.

    The whole is Σ rate × sum insured of each period. Single: one part at the start. Level: the
    whole divided over the periods by largest remainder. Declining: each period's own amount, on
    what it opens with. `rate` is a fraction of the sum insured per term, per year (whole months
    from the start, else days over 365) or per period.

    Raises:
        RuleBroken: the rate is no fraction, or mode, basis and rate do not go together.
    """
    _check_premium(mode, basis, rate, rate_per)
    rows, sums = _instalments(schedule), sums_insured(schedule, basis)
    if not rows:
        raise RuleBroken("no_instalments", "The schedule has no instalment to tie a premium to.")
    starts = (schedule.terms.start, *(row.due_on for row in rows[:-1]))
    with wide():
        shares = _shares(schedule, (*starts, rows[-1].due_on), rate_per)
        exactly = [rate * each * share for each, share in zip(sums, shares, strict=True)]
        whole = round_to(sum(exactly, Decimal(0)), FEN, Rounding.HALF_UP)
    if mode == PremiumMode.SINGLE:
        start, end = schedule.terms.start, rows[-1].due_on
        return (PremiumPart(1, start, end, start, sums[0], whole),)
    if mode == PremiumMode.LEVEL:
        amounts = split_premium(whole, len(rows))
    else:
        amounts = tuple(round_to(each, FEN, Rounding.HALF_UP) for each in exactly)
    return tuple(
        PremiumPart(
            n, start, row.due_on, row.due_on if paid_at == PaidAt.INSTALMENT else start, *money
        )
        for n, (start, row, *money) in enumerate(zip(starts, rows, sums, amounts, strict=True), 1)
    )


def _check_premium(
    mode: PremiumMode, basis: SumInsuredBasis, rate: Decimal, rate_per: RatePer
) -> None:
    opens = basis == SumInsuredBasis.OPENING_OUTSTANDING
    if not 0 <= rate <= 1:
        raise RuleBroken("premium_rate", "A premium rate is a fraction from 0 to 1.")
    if mode == PremiumMode.DECLINING and not opens:
        raise RuleBroken("premium_basis", "A declining premium is on what each period opens with.")
    if opens and rate_per == RatePer.TERM:
        raise RuleBroken("premium_rate", "On what periods open with, a rate is per year or period.")


def split_premium(amount: Decimal, parts: int) -> tuple[Decimal, ...]:
    """Split a premium in yuan into equal parts to the fen, by largest remainder; they sum to it."""
    return tuple(from_fen(each) for each in split_fen(to_fen(amount), [1] * parts))


def premium_of(parts: Sequence[PremiumPart]) -> Decimal:
    """Return the whole premium in yuan to the fen."""
    return sum((part.amount for part in parts), Decimal("0.00"))


def _instalments(schedule: Schedule) -> tuple[Row, ...]:
    return tuple(row for row in schedule.rows if row.kind == RowKind.INSTALMENT)


def shares_of_rate(schedule: Schedule, rate_per: RatePer) -> tuple[Decimal, ...]:
    """Return the part of the rate that the period of each instalment takes, unrounded."""
    days = (schedule.terms.start, *(row.due_on for row in _instalments(schedule)))
    with wide():
        return _shares(schedule, days, rate_per)


def _shares(schedule: Schedule, days: Sequence[dt.date], rate_per: RatePer) -> tuple[Decimal, ...]:
    """Return the part of the rate that each period takes."""
    number = len(days) - 1
    if rate_per == RatePer.PERIOD:
        return (Decimal(1),) * number
    if rate_per == RatePer.TERM:
        return (Decimal(1) / number,) * number
    years = [_years(schedule.terms.start, day) for day in days]
    return tuple(exact(after - before) for before, after in pairwise(years))


def _years(start: dt.date, day: dt.date) -> Fraction:
    months = (day.year - start.year) * 12 + day.month - start.month
    if months_on(start, months) == day:
        return Fraction(months, 12)
    return year_fraction(start, day, DayCount.ACTUAL_365)
