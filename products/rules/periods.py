"""Interest periods, the interest that they bear, and the level instalment over them. Pure."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from itertools import islice, pairwise

from products.rules.daycounts import YEAR_OF_365, DayCount, year_fraction
from products.rules.due_dates import Step, due_dates, steps_between
from products.rules.rounding import exact
from products.rules.terms import Convention, LevelBy, Method, Terms


@dataclass(frozen=True)
class Period:
    """From a day to a due date: its length as a fraction of a year, and what accrued before it.

    `accrued` (yuan, unrounded) falls due with the period: interest of days before `start` that bore
    another balance or rate. `part` is the principal of an irregular loan.
    """

    start: dt.date
    due_on: dt.date
    fraction: Fraction
    accrued: Decimal = Decimal(0)
    part: Decimal = Decimal(0)


def periods_of(terms: Terms, number: int) -> tuple[Period, ...]:
    """Return the first `number` interest periods of these terms; a bullet has one.

    In 30/360 a whole period is its exact share of the year (a month is 1/12, whatever its days);
    only a broken first one is counted. Elsewhere the days between due dates count.
    """
    if terms.method == Method.IRREGULAR:
        return _given_periods(terms)
    if terms.method == Method.BULLET:
        return (_one_period(terms, number),)
    days = [terms.start, *islice(due_dates(terms.start, terms.first_due, terms.frequency), number)]
    return tuple(
        Period(start, end, _fraction(terms, start, end, is_first=start == terms.start))
        for start, end in pairwise(days)
    )


def _given_periods(terms: Terms) -> tuple[Period, ...]:
    days = [terms.start, *(day for day, _ in terms.parts)]
    day_count = terms.convention.day_count
    return tuple(
        Period(start, end, year_fraction(start, end, day_count), part=part)
        for (start, end), (_, part) in zip(pairwise(days), terms.parts, strict=True)
    )


def _one_period(terms: Terms, number: int) -> Period:
    *_, end = islice(due_dates(terms.start, terms.first_due, terms.frequency), number)
    if terms.convention.day_count != DayCount.THIRTY_360:
        return Period(terms.start, end, year_fraction(terms.start, end, terms.convention.day_count))
    first = next(due_dates(terms.start, terms.first_due, terms.frequency))
    head = _fraction(terms, terms.start, first, is_first=True)
    return Period(terms.start, end, head + (number - 1) * terms.frequency.year_share)


def _fraction(terms: Terms, start: dt.date, end: dt.date, *, is_first: bool) -> Fraction:
    if terms.convention.day_count != DayCount.THIRTY_360:
        return year_fraction(start, end, terms.convention.day_count)
    if not is_first or terms.first_due is None:
        return terms.frequency.year_share
    steps = steps_between(start, end, terms.frequency)
    if steps is None:
        return year_fraction(start, end, DayCount.THIRTY_360)
    return steps * terms.frequency.year_share


def whole_period(terms: Terms) -> Fraction:
    """Return a whole period as a fraction of a year: 1/12 for a month, whatever its days."""
    is_by_365 = terms.convention.day_count in {DayCount.ACTUAL_365, DayCount.ACTUAL_ACTUAL}
    if terms.frequency.step == Step.DAY and is_by_365:
        return Fraction(terms.frequency.every, YEAR_OF_365)
    return terms.frequency.year_share


def rate_of_period(annual_rate: Decimal, fraction: Fraction, compounding: int | None) -> Decimal:
    """Return the interest rate of a stretch of time as an unrounded fraction.

    Nominal: rate × fraction. Compounded m times a year: (1 + rate / m)^(m × fraction) − 1.
    """
    if compounding is None:
        return annual_rate * exact(fraction)
    return (1 + annual_rate / compounding) ** exact(compounding * fraction) - 1


def interest_of(
    period: Period, balance: Decimal, annual_rate: Decimal, compounding: int | None
) -> Decimal:
    """Return the interest of a period on a balance, in yuan, unrounded."""
    return period.accrued + balance * rate_of_period(annual_rate, period.fraction, compounding)


def level_instalment(
    balance: Decimal, annual_rate: Decimal, periods: Sequence[Period], terms: Terms
) -> Decimal:
    """Return the instalment in yuan, unrounded, that repays a balance in equal instalments.

    balance (and what accrued before) ÷ Σ of the discount factors to each due date. With `NOMINAL`
    and `FIRST` all periods count alike: balance × r ÷ (1 − (1 + r)^−n).
    """
    convention: Convention = terms.convention
    alike = {
        LevelBy.PERIODS: None,
        LevelBy.NOMINAL: whole_period(terms),
        LevelBy.FIRST: periods_of(terms, 1)[0].fraction,
    }[convention.level_by]
    factor, annuity, ahead = Decimal(1), Decimal(0), Decimal(0)
    for period in periods:
        fraction = period.fraction if alike is None else alike
        factor /= 1 + rate_of_period(annual_rate, fraction, convention.compounding)
        annuity += factor
        ahead += 0 if alike else period.accrued * factor
    return (balance + ahead) / annuity
