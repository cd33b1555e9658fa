"""Schedules after something happened: another rate, money paid early, more time. Pure.

Each function takes a schedule and returns a new one: rows that fell due up to the day (that day
included) stay, the rest is reckoned anew from the balance. Interest that accrued before the day
under the old balance or rate falls due with the period it belongs to. Source: PRE-35, PRE-36c; the
borrower's ways of early payment are those of Chinese consumer credit, 缩短期限 and 减少月供.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, replace
from decimal import Decimal
from enum import StrEnum
from fractions import Fraction
from itertools import islice

from core.errors import RuleBroken
from core.money import FEN
from products.rules.daycounts import year_fraction
from products.rules.due_dates import due_dates
from products.rules.periods import Period, interest_of, periods_of
from products.rules.rounding import round_to, wide
from products.rules.schedules import NOTHING, Leg, Row, RowKind, Schedule, level_of, rows_of
from products.rules.terms import LONGEST, Method, is_fen_exact

A_DAY = dt.timedelta(days=1)


class Effect(StrEnum):
    """What an early payment does to the rest."""

    SHORTEN_TERM = "shorten_term"  # 缩短期限: the instalment stays
    REDUCE_INSTALMENT = "reduce_instalment"  # 减少月供: the term stays


@dataclass(frozen=True)
class _Standing:
    """Where a schedule stands at the end of a day: what is kept, and the rest as a leg."""

    rows: tuple[Row, ...]
    leg: Leg


def change_rate(
    schedule: Schedule, *, on: dt.date, annual_rate: Decimal, keep_instalment: bool = False
) -> Schedule:
    """Let another rate (a fraction per year) hold from a day on.

    The instalment is computed again over the periods left, in yuan rounded to its unit; with
    `keep_instalment` it stays and the last row takes up the difference.

    Raises:
        RuleBroken: nothing is left to repay, or the instalment does not cover the interest.
    """
    if not 0 <= annual_rate <= 1:
        raise RuleBroken("rate", "The rate is a fraction per year, from 0 to 1.")
    with wide():
        standing = _standing(schedule, on)
        leg = replace(standing.leg, annual_rate=annual_rate)
        return _go_on(schedule, standing.rows, leg, keeps_level=keep_instalment)


def prepay(schedule: Schedule, *, on: dt.date, amount: Decimal, effect: Effect) -> Schedule:
    """Take an early payment of principal (yuan, to the fen) at the end of a day.

    It stands as a row of its own; interest falls due as before, on what was owed day by day. Paying
    all that is owed ends the schedule that day, with the interest accrued.

    Raises:
        RuleBroken: nothing, or more than is owed, is paid; the schedule is flat or irregular.
    """
    with wide():
        standing = _standing(schedule, on)
        opening = standing.leg.opening
        if schedule.terms.method in {Method.FLAT, Method.IRREGULAR}:
            raise RuleBroken("no_prepayment", "The contract must say what early payment changes.")
        if not 0 < amount <= opening or not is_fen_exact(amount):
            raise RuleBroken("prepayment", f"An early payment is at most {opening:.2f}, whole fen.")
        if amount == opening:
            return _settled(schedule, standing, on)
        left = opening - amount
        row = _row(RowKind.PREPAYMENT, len(standing.rows) + 1, on, amount, NOTHING, left)
        return _go_on(
            schedule,
            (*standing.rows, row),
            replace(standing.leg, opening=left, base=left),
            keeps_level=effect == Effect.SHORTEN_TERM,
        )


def draw(
    schedule: Schedule,
    *,
    on: dt.date,
    amount: Decimal,
    down_payment: Decimal = NOTHING,
    ahead_of_due: bool = False,
) -> Schedule:
    """Pay out more principal (yuan, to the fen) at the end of a day; the periods left repay it too.

    It stands as a row with principal below zero, then its down payment, if any, on the same day.
    On a due date, `ahead_of_due` lets the instalment of that day repay it already.

    Raises:
        RuleBroken: nothing is paid out or left to repay; the schedule is flat with interest, or
            irregular.
    """
    if schedule.terms.method == Method.IRREGULAR or (
        schedule.terms.method == Method.FLAT and schedule.leg.annual_rate
    ):
        raise RuleBroken("no_drawdown", "The contract must say what a further payment changes.")
    if not 0 <= down_payment < amount or not (is_fen_exact(amount) and is_fen_exact(down_payment)):
        raise RuleBroken("drawdown", "A drawdown is above its down payment, both whole fen.")
    with wide():
        standing = _standing(schedule, on, until=on if ahead_of_due else on + A_DAY)
        number, owed = len(standing.rows) + 1, standing.leg.opening + amount
        rows = [*standing.rows, _row(RowKind.DRAWDOWN, number, on, -amount, NOTHING, owed)]
        if down_payment:
            owed -= down_payment
            part = (down_payment, NOTHING, owed)
            rows.append(_row(RowKind.DOWN_PAYMENT, number + 1, on, *part))
        return _go_on(schedule, tuple(rows), replace(standing.leg, opening=owed, base=owed))


def extend(schedule: Schedule, *, on: dt.date, periods: int) -> Schedule:
    """Spread what is owed after a day over `periods` more periods than are left.

    The instalment, in yuan, is computed again and rounded to its unit.

    Raises:
        RuleBroken: the method has no instalments to spread, or nothing is left.
    """
    _check_has_term(schedule)
    with wide():
        standing = _standing(schedule, on)
        leg = _longer(schedule, standing.leg, periods)
        return _go_on(schedule, standing.rows, leg)


def defer(schedule: Schedule, *, on: dt.date, periods: int, longer: bool = True) -> Schedule:
    """Let the next `periods` rows after a day pay interest only (a grace on principal).

    With `longer` the term grows by as many periods; without it the rest is repaid in less time.

    Raises:
        RuleBroken: the grace leaves no row to repay in, or the method has no instalments.
    """
    _check_has_term(schedule)
    with wide():
        standing = _standing(schedule, on)
        leg = standing.leg
        if longer:
            leg = _longer(schedule, leg, periods)
        if not 0 < periods < len(leg.periods):
            raise RuleBroken("interest_only", "The last row must repay principal.")
        return _go_on(schedule, standing.rows, replace(leg, interest_only=periods))


def postpone(schedule: Schedule, *, on: dt.date, periods: int) -> Schedule:
    """Let nothing fall due for `periods` periods after a day (a payment holiday); all dates move.

    Interest runs on, simple, and falls due with the next row, in yuan to its unit; the instalment
    is computed again.

    Raises:
        RuleBroken: the method has no instalments, or the next one does not cover the interest.
    """
    _check_has_term(schedule)
    with wide():
        standing = _standing(schedule, on)
        leg = _longer(schedule, standing.leg, periods)
        waited, rest = leg.periods[: periods + 1], leg.periods[periods + 1 :]
        first = replace(
            waited[0],
            due_on=waited[-1].due_on,
            fraction=sum((each.fraction for each in waited), Fraction(0)),
        )
        return _go_on(schedule, standing.rows, replace(leg, periods=(first, *rest)))


def _check_has_term(schedule: Schedule) -> None:
    if schedule.terms.method in {Method.IRREGULAR, Method.BULLET, Method.FIXED_INSTALMENT}:
        raise RuleBroken("no_term", "Only a schedule with a number of instalments is extended.")


def _standing(schedule: Schedule, on: dt.date, until: dt.date | None = None) -> _Standing:
    """Keep the rows due before `until` (by default on the day too), cut the rest at the day."""
    until = until or on + A_DAY
    terms, leg = schedule.terms, schedule.leg
    if terms.convention.carries_fractions:
        raise RuleBroken("carries_fractions", "A schedule that carries fractions is not changed.")
    if on < terms.start:
        raise RuleBroken("before_start", "The schedule has not begun on that day.")
    kept = tuple(row for row in schedule.rows if row.due_on < until)
    opening = kept[-1].balance if kept else terms.principal
    if not opening:
        raise RuleBroken("nothing_owed", "Nothing is owed after that day.")
    gone = sum(each.due_on < until for each in leg.periods)
    first, *rest = leg.periods[gone:]
    if on < first.start:
        raise RuleBroken("out_of_order", "What happened later is already in the schedule.")
    if on > first.start:
        first = _split(schedule, first, opening, on)
    return _Standing(
        kept,
        replace(
            leg,
            opening=opening,
            periods=(first, *rest),
            interest_only=max(leg.interest_only - gone, 0),
        ),
    )


def _split(schedule: Schedule, period: Period, balance: Decimal, on: dt.date) -> Period:
    """Cut a period at the end of a day; what accrued before it stays due with the period."""
    terms, leg = schedule.terms, schedule.leg
    day_count = terms.convention.day_count
    before = min(year_fraction(period.start, on, day_count), period.fraction)
    bearing = leg.base if terms.method == Method.FLAT else balance
    head = replace(period, fraction=before)
    accrued = interest_of(head, bearing, leg.annual_rate, terms.convention.compounding)
    return replace(period, start=on, fraction=period.fraction - before, accrued=accrued)


def _longer(schedule: Schedule, leg: Leg, more: int) -> Leg:
    terms = schedule.terms
    if more < 1 or len(leg.periods) + more > LONGEST:
        raise RuleBroken("periods", f"The periods must be from 1 to {LONGEST}.")
    last = leg.periods[-1].due_on
    days = due_dates(terms.start, terms.first_due, terms.frequency)
    until = next(number for number, day in enumerate(days, 1) if day >= last)
    further = tuple(islice(periods_of(terms, until + more), until, None))
    return replace(leg, periods=(*leg.periods, *further), beyond=leg.beyond[more:])


def _go_on(
    schedule: Schedule, rows: tuple[Row, ...], leg: Leg, *, keeps_level: bool = False
) -> Schedule:
    terms = schedule.terms
    if not keeps_level:
        leg = replace(leg, level=level_of(terms, leg))
    further = rows_of(terms, leg, len(rows) + 1)
    if keeps_level and terms.method != Method.FIXED_INSTALMENT:
        leg = replace(leg, periods=leg.periods[: len(further)])  # a term once shortened stays short
    return Schedule(terms=terms, rows=(*rows, *further), leg=leg)


def _settled(schedule: Schedule, standing: _Standing, on: dt.date) -> Schedule:
    convention, leg = schedule.terms.convention, standing.leg
    accrued = round_to(
        leg.periods[0].accrued, convention.interest_unit, convention.interest_rounding
    )
    row = _row(RowKind.PREPAYMENT, len(standing.rows) + 1, on, leg.opening, accrued, NOTHING)
    return Schedule(terms=schedule.terms, rows=(*standing.rows, row), leg=leg)


def _row(kind: RowKind, n: int, on: dt.date, *amounts: Decimal) -> Row:
    principal, interest, balance = (each.quantize(FEN) for each in amounts)
    return Row(n, on, principal, interest, principal + interest, balance, kind)
