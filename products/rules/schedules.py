"""Repayment schedules: rows that repay a principal exactly, by seven methods. Pure.

The instalment is rounded to its unit, interest to its own; the last row clears the balance. Source:
PRE-35, PRE-36c; what contracts settle differently stands in `terms.Convention`.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from enum import StrEnum

from core.errors import RuleBroken
from core.money import FEN
from products.rules.periods import Period, interest_of, level_instalment, periods_of, whole_period
from products.rules.rounding import Rounding, round_to, wide
from products.rules.terms import LONGEST, FirstPeriod, FlatRemainder, Method, Terms, check_terms

LEVEL = {Method.EQUAL_INSTALMENT, Method.FIXED_INSTALMENT, Method.FLAT}
NOTHING = Decimal("0.00")


class RowKind(StrEnum):
    """Why something falls due."""

    INSTALMENT = "instalment"
    DOWN_PAYMENT = "down_payment"
    PREPAYMENT = "prepayment"
    DRAWDOWN = "drawdown"  # principal and instalment below zero: the borrower receives


@dataclass(frozen=True)
class Row:
    """What falls due on a day, in yuan to the fen; `balance` is what is owed after it."""

    n: int
    due_on: dt.date
    principal: Decimal
    interest: Decimal
    instalment: Decimal
    balance: Decimal
    kind: RowKind = RowKind.INSTALMENT


@dataclass(frozen=True, kw_only=True)
class Leg:
    """A stretch of a schedule under one rate and one level.

    `level` is the instalment, or the principal part of equal principal. `base` is the principal
    that a flat interest is reckoned on. `interest_only` rows at its front pay no principal.
    `beyond` are periods after the last row that the level counts in: the last row is a balloon.
    """

    opening: Decimal
    annual_rate: Decimal
    periods: tuple[Period, ...]
    level: Decimal
    base: Decimal
    interest_only: int = 0
    beyond: tuple[Period, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Schedule:
    """The rows of a loan, with what is needed to change it later: its last leg."""

    terms: Terms
    rows: tuple[Row, ...]
    leg: Leg

    @property
    def interest(self) -> Decimal:
        """Return the interest of all rows, in yuan to the fen."""
        return sum((row.interest for row in self.rows), NOTHING)

    @property
    def total(self) -> Decimal:
        """Return everything that is paid, in yuan to the fen."""
        return sum((row.instalment for row in self.rows), NOTHING)


def repayment_schedule(terms: Terms) -> Schedule:
    """Build the schedule of a loan: rows in yuan to the fen, the last clears the balance.

    A rounded instalment may clear the balance before the last period; then the rows end there.

    Raises:
        RuleBroken: the terms are impossible, or an instalment does not cover the interest.
    """
    check_terms(terms)
    number = _number_of_periods(terms)
    with wide():
        periods = periods_of(terms, max(number, terms.amortised_over or 0))
        opening = terms.principal - terms.down_payment
        leg = Leg(
            opening=opening,
            annual_rate=terms.annual_rate,
            periods=periods[:number],
            beyond=periods[number:],
            level=NOTHING,
            base=opening,
            interest_only=terms.interest_only,
        )
        leg = replace(leg, level=level_of(terms, leg))
        rows = (*_down_payment(terms), *rows_of(terms, leg, bool(terms.down_payment) + 1))
    return Schedule(terms=terms, rows=rows, leg=leg)


def _number_of_periods(terms: Terms) -> int:
    if terms.method == Method.FIXED_INSTALMENT:
        return LONGEST
    return len(terms.parts) if terms.method == Method.IRREGULAR else terms.periods


def _down_payment(terms: Terms) -> Iterator[Row]:
    if terms.down_payment:
        rest = terms.principal - terms.down_payment
        stated = _stated(terms.down_payment, NOTHING, rest, FEN)
        yield Row(1, terms.start, *stated, RowKind.DOWN_PAYMENT)


def level_of(terms: Terms, leg: Leg) -> Decimal:
    """Return the instalment, or the principal part of equal principal, in yuan, in whole units.

    It is reckoned over the periods of the leg that repay, and those beyond. A method without such a
    level has zero.

    Raises:
        RuleBroken: it rounds to nothing.
    """
    periods = (*leg.periods[leg.interest_only :], *leg.beyond)
    if terms.method in {Method.INTEREST_FIRST, Method.BULLET, Method.IRREGULAR}:
        return NOTHING
    if terms.method == Method.FIXED_INSTALMENT:
        return terms.instalment or NOTHING
    if terms.method == Method.EQUAL_PRINCIPAL:
        level = leg.opening / len(periods)
    elif terms.method == Method.FLAT:
        compounding = terms.convention.compounding
        interest = [interest_of(each, leg.base, leg.annual_rate, compounding) for each in periods]
        level = (leg.opening + sum(interest)) / len(periods)
    else:
        level = level_instalment(leg.opening, leg.annual_rate, periods, terms)
    level = round_to(level, terms.convention.unit, terms.convention.rounding)
    if level <= 0 and len(periods) > 1:
        raise RuleBroken("instalment_is_nothing", "The instalment rounds to nothing.")
    return level


def rows_of(terms: Terms, leg: Leg, first_n: int) -> tuple[Row, ...]:
    """Return the rows of a leg, numbered from `first_n`, in yuan to the fen.

    Raises:
        RuleBroken: an instalment does not cover the interest, or never repays.
    """
    carries = terms.convention.carries_fractions
    printed = terms.convention.interest_unit if carries else FEN
    rows: list[Row] = []
    balance, owed = leg.opening, NOTHING
    for index, period in enumerate(leg.periods):
        is_last = index == len(leg.periods) - 1
        bearing = leg.base if terms.method == Method.FLAT else balance
        raw = interest_of(period, bearing, leg.annual_rate, terms.convention.compounding)
        owed += raw
        interest = _interest(terms, raw, owed, rows, is_last=is_last)
        bears = raw if carries else interest
        paid = _paid(terms, leg, index, _within(terms, leg, index, bears))
        if paid < 0 or (terms.method == Method.FIXED_INSTALMENT and paid == 0):
            raise _below_interest(leg.level, interest, period)
        is_last = is_last or paid >= balance
        principal = balance if is_last else paid
        balance -= principal
        amounts = _stated(principal + bears, interest, balance, printed)
        rows.append(Row(first_n + index, period.due_on, *amounts))
        if is_last:
            break
    if terms.method == Method.FIXED_INSTALMENT and len(rows) == LONGEST:
        raise RuleBroken("too_many_rows", f"The instalment does not repay in {LONGEST} periods.")
    return tuple(rows)


def _stated(
    instalment: Decimal, interest: Decimal, balance: Decimal, unit: Decimal
) -> tuple[Decimal, Decimal, Decimal, Decimal]:
    """State principal, interest, their sum and the balance; only carried fractions lose by it."""
    instalment, interest, balance = (
        round_to(each, unit, Rounding.HALF_UP) for each in (instalment, interest, balance)
    )
    return instalment - interest, interest, instalment, balance


def _interest(
    terms: Terms, raw: Decimal, owed: Decimal, rows: Sequence[Row], *, is_last: bool
) -> Decimal:
    convention = terms.convention
    unit, rounding = convention.interest_unit, convention.interest_rounding
    gathers = terms.method == Method.FLAT and convention.flat_remainder == FlatRemainder.LAST
    if gathers and is_last:
        return round_to(owed, unit, rounding) - sum(row.interest for row in rows)
    return round_to(raw, unit, rounding)


def _paid(terms: Terms, leg: Leg, index: int, interest: Decimal) -> Decimal:
    if index < leg.interest_only:
        return NOTHING
    if terms.method in LEVEL:
        return leg.level - interest
    if terms.method == Method.IRREGULAR:
        return leg.periods[index].part
    return leg.level


def _within(terms: Terms, leg: Leg, index: int, interest: Decimal) -> Decimal:
    """Return the interest that the level holds; that of odd first days may come on top of it."""
    is_first = index == 0 and leg.periods[0].start == terms.start
    if terms.convention.first_period == FirstPeriod.WITHIN or not is_first:
        return interest
    whole = replace(leg.periods[0], fraction=whole_period(terms))
    bearing = leg.base if terms.method == Method.FLAT else leg.opening
    raw = interest_of(whole, bearing, leg.annual_rate, terms.convention.compounding)
    return round_to(raw, terms.convention.interest_unit, terms.convention.interest_rounding)


def _below_interest(level: Decimal, interest: Decimal, period: Period) -> RuleBroken:
    return RuleBroken(
        "instalment_below_interest",
        f"The instalment of {level:.2f} does not cover the interest of {interest:.2f}"
        f" due on {period.due_on}.",
    )
