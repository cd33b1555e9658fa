"""The terms of a loan as its contract names them, and what makes them impossible. Pure."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field
from decimal import Decimal
from enum import StrEnum

from core.errors import RuleBroken
from core.money import FEN
from products.rules.daycounts import DayCount
from products.rules.due_dates import MONTHLY, Frequency
from products.rules.rounding import Rounding

YUAN = Decimal(1)
LONGEST = 1200  # rows; a hundred years of months
LARGEST = Decimal("1E+15")  # yuan


class Method(StrEnum):
    """How principal and interest are paid back."""

    EQUAL_INSTALMENT = "equal_instalment"  # 等额本息
    EQUAL_PRINCIPAL = "equal_principal"  # 等额本金
    INTEREST_FIRST = "interest_first"  # 先息后本
    BULLET = "bullet"  # 一次性还本付息
    FLAT = "flat"  # interest on the first principal throughout
    FIXED_INSTALMENT = "fixed_instalment"  # the instalment is given, the number of rows follows
    IRREGULAR = "irregular"  # dates and principals are given


class LevelBy(StrEnum):
    """From which rates the equal instalment is computed, before it is rounded."""

    NOMINAL = "nominal"  # the formula: a month is 1/12, whatever its days; the last row takes it up
    PERIODS = "periods"  # from each period's own length: the last row differs by rounding alone
    FIRST = "first"  # from the length of the loan's first period, as if all were of it


class FlatRemainder(StrEnum):
    """What becomes of the parts of a fen that a flat interest loses in rounding."""

    DROPPED = "dropped"  # each row is rounded for itself
    LAST = "last"  # the last row makes the rounded whole


class FirstPeriod(StrEnum):
    """What a broken first period does to the first instalment."""

    WITHIN = "within"  # the instalment stays, its interest takes more or less of it
    ON_TOP = "on_top"  # principal as in a whole period; interest of odd days comes on top


@dataclass(frozen=True, kw_only=True)
class Convention:
    """What contracts settle differently. Units in yuan: 0.01 or 1."""

    day_count: DayCount = DayCount.THIRTY_360
    rounding: Rounding = Rounding.HALF_UP  # of the instalment
    unit: Decimal = FEN  # of the instalment
    interest_rounding: Rounding = Rounding.HALF_UP
    interest_unit: Decimal = FEN
    compounding: int | None = None  # times a year; None: the nominal rate is that of the period
    level_by: LevelBy = LevelBy.NOMINAL
    first_period: FirstPeriod = FirstPeriod.WITHIN
    flat_remainder: FlatRemainder = FlatRemainder.DROPPED
    carries_fractions: bool = False  # balances run on unrounded; printed rows need not add up


@dataclass(frozen=True, kw_only=True)
class Terms:
    """A loan: principal in yuan, nominal rate a fraction per year, first day of interest `start`.

    `amortised_over` computes the instalment over more periods than the term has; the last row then
    holds the balloon. `interest_only` rows at the front pay no principal. `down_payment` (yuan)
    falls due on the start. `parts` are the dates and principals of an irregular loan.
    """

    principal: Decimal
    annual_rate: Decimal
    periods: int
    start: dt.date
    method: Method = Method.EQUAL_INSTALMENT
    first_due: dt.date | None = None
    instalment: Decimal | None = None
    frequency: Frequency = MONTHLY
    amortised_over: int | None = None
    interest_only: int = 0
    down_payment: Decimal = Decimal("0.00")
    parts: tuple[tuple[dt.date, Decimal], ...] = ()
    convention: Convention = field(default_factory=Convention)


@dataclass(frozen=True)
class Finding:
    """What makes terms impossible."""

    code: str
    message: str


def check_terms(terms: Terms) -> None:
    """Refuse terms that no schedule can fulfil.

    Raises:
        RuleBroken: with the first finding; all of them stand in its context `findings`.
    """
    findings = term_findings(terms)
    if findings:
        raise RuleBroken(findings[0].code, findings[0].message, findings=findings)


def term_findings(terms: Terms) -> tuple[Finding, ...]:
    """Return everything that makes these terms impossible; empty where they can be fulfilled."""
    return (
        *_amount_findings(terms),
        *_time_findings(terms),
        *_instalment_findings(terms),
        *_part_findings(terms),
    )


def is_fen_exact(amount: Decimal) -> bool:
    """Say whether an amount in yuan has no parts of a fen and is of a size that is money."""
    return abs(amount) <= LARGEST and amount == amount.quantize(FEN)


def _amount_findings(terms: Terms) -> list[Finding]:
    found = []
    if not terms.principal > 0:
        found.append(Finding("principal", "The principal must be above zero."))
    elif not is_fen_exact(terms.principal):
        found.append(Finding("principal", "The principal must be whole fen, below 10^15 yuan."))
    if not 0 <= terms.annual_rate <= 1:
        found.append(Finding("rate", "The rate is a fraction per year, from 0 to 1."))
    if not (0 <= terms.down_payment < terms.principal and is_fen_exact(terms.down_payment)):
        found.append(Finding("down_payment", "The down payment must be less than the principal."))
    if terms.convention.unit <= 0 or terms.convention.interest_unit <= 0:
        found.append(Finding("unit", "The unit of rounding must be above zero."))
    elif not (is_fen_exact(terms.convention.unit) and is_fen_exact(terms.convention.interest_unit)):
        found.append(Finding("unit", "The unit of rounding must be whole fen."))
    return found


def _time_findings(terms: Terms) -> list[Finding]:
    found = []
    if not 1 <= terms.periods <= LONGEST or terms.frequency.every < 1:
        found.append(Finding("periods", f"The periods must be from 1 to {LONGEST}."))
    if terms.first_due is not None and terms.first_due <= terms.start:
        found.append(Finding("first_due", "The first due date must be after the start."))
    if not 0 <= terms.interest_only < max(terms.periods, 1):
        found.append(Finding("interest_only", "The last row must repay principal."))
    if terms.amortised_over is not None and not terms.periods <= terms.amortised_over <= LONGEST:
        found.append(Finding("amortised_over", "The amortisation must not be below the periods."))
    return found


def _instalment_findings(terms: Terms) -> list[Finding]:
    if terms.method != Method.FIXED_INSTALMENT:
        return []
    if terms.instalment is None or not terms.instalment > 0:
        return [Finding("instalment", "A fixed instalment must be given and be above zero.")]
    if not is_fen_exact(terms.instalment):
        return [Finding("instalment", "The instalment must be whole fen.")]
    return []


def _part_findings(terms: Terms) -> list[Finding]:
    if terms.method != Method.IRREGULAR:
        return []
    days = [terms.start, *(day for day, _ in terms.parts)]
    found = []
    if len(days) == 1 or days != sorted(set(days)):
        found.append(Finding("parts", "The due dates must follow the start and one another."))
    if any(part < 0 or not is_fen_exact(part) for _, part in terms.parts):
        found.append(Finding("parts", "A principal must be whole fen and not below zero."))
    if sum(part for _, part in terms.parts) != terms.principal - terms.down_payment:
        found.append(Finding("parts", "The principals must add up to the principal."))
    return found
