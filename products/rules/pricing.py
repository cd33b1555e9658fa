"""The premium of a cover from its formula, period by period, and its cost against the ceiling.

Amounts are yuan to the fen, rates fractions per year. Pure. Source: PRE-36a to PRE-36c, PRE-41a,
PRE-12b, HQ-18, HQ-19.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Any

from core.money import FEN
from products.rules.cost import AllInCost
from products.rules.formula import Formula, evaluate, shown
from products.rules.premiums import (
    PaidAt,
    PremiumMode,
    PremiumPart,
    RatePer,
    SumInsuredBasis,
    premium_parts,
    shares_of_rate,
    split_premium,
)
from products.rules.rounding import Rounding, round_to, wide
from products.rules.schedules import RowKind, Schedule
from products.rules.tariffs import PriceFinding

COST = "PRE-12b"
NOMINAL, EFFECTIVE = "nominal", "effective"


@dataclass(frozen=True)
class WorkStep:
    """One step of a worksheet: its name, the text, the text with its values, what it gave."""

    name: str
    expression: str
    values: str
    result: Decimal


@dataclass(frozen=True, kw_only=True)
class PremiumTerms:
    """What the filed terms say of a premium."""

    mode: PremiumMode
    basis: SumInsuredBasis
    rate: Decimal
    rate_per: RatePer
    paid_at: PaidAt
    facts: Mapping[str, Decimal | int]


def premium_by_formula(
    schedule: Schedule, formula: Formula, terms: PremiumTerms
) -> tuple[tuple[PremiumPart, ...], tuple[WorkStep, ...]]:
    """Return the parts of the premium and the steps that led to them, in yuan to the fen.

    The formula gives the premium of a period on its sum insured; of the whole term at once where
    the rate is one of the term. Single: one part, the sum of all. Level: that sum divided equally
    by largest remainder. Declining: each period's own. Rounded HALF_UP to the fen once: the sum of
    a single or level premium, each part of a declining one.

    Raises:
        RuleBroken: mode, basis and rate do not go together, or the formula has no result.
    Source: PRE-35, PRE-36a, PRE-36b, PRE-36c.
    """
    plan = premium_parts(
        schedule,
        mode=terms.mode,
        basis=terms.basis,
        rate=terms.rate,
        rate_per=terms.rate_per,
        paid_at=terms.paid_at,
    )
    detail = _periods(schedule, terms)
    steps, exactly = [], []
    for values in detail:
        given = evaluate(formula, values)
        exactly.append(given)
        result = round_to(given, FEN, Rounding.HALF_UP)
        steps.append(
            WorkStep(f"premium_{values['period']}", formula.text, shown(formula, values), result)
        )
    if terms.mode == PremiumMode.DECLINING:
        amounts = tuple(round_to(each, FEN, Rounding.HALF_UP) for each in exactly)
    else:
        with wide():
            whole = round_to(sum(exactly, Decimal(0)), FEN, Rounding.HALF_UP)
        amounts = split_premium(whole, len(plan))
    parts = tuple(replace(part, amount=amount) for part, amount in zip(plan, amounts, strict=True))
    return parts, tuple(steps)


def _periods(schedule: Schedule, terms: PremiumTerms) -> list[dict[str, Any]]:
    """Return the values of the variables, for each period or for the term as one."""
    level = premium_parts(
        schedule,
        mode=PremiumMode.LEVEL,
        basis=terms.basis,
        rate=Decimal(0),
        rate_per=terms.rate_per,
    )
    if terms.rate_per == RatePer.TERM:
        level = (replace(level[0], covers_to=level[-1].covers_to),)
        shares: Sequence[Decimal] = (Decimal(1),)
    else:
        shares = shares_of_rate(schedule, terms.rate_per)
    number = sum(row.kind == RowKind.INSTALMENT for row in schedule.rows)
    return [
        {
            **terms.facts,
            "rate": terms.rate,
            "share": share,
            "sum_insured": part.sum_insured,
            "period": part.n,
            "periods": number,
            "days": (part.covers_to - part.covers_from).days,
        }
        for part, share in zip(level, shares, strict=True)
    ]


@dataclass(frozen=True, kw_only=True)
class Ceiling:
    """The highest all-in cost per year, by law and by the company, and which figure is compared.

    Fractions per year. Source: HQ-18, HQ-19.
    """

    legal: Decimal | None
    company: Decimal | None
    basis: str = NOMINAL
    source: str = ""

    @property
    def rate(self) -> Decimal | None:
        """Return the lower of both, a fraction per year; nothing where the law's is not known."""
        if self.legal is None:
            return None
        return self.legal if self.company is None else min(self.legal, self.company)


def cost_findings(cost: AllInCost, ceiling: Ceiling) -> tuple[PriceFinding, ...]:
    """Return why this cost may not be: above the ceiling, or one of both is not known.

    Exactly the ceiling is allowed. Nobody lifts it. Source: PRE-12b, HQ-18, HQ-19, F15.
    """
    if cost.is_blocked:
        return (
            PriceFinding(code="cost_unknown", article=COST, values={"reason": str(cost.reason)}),
        )
    if ceiling.rate is None:
        return (PriceFinding(code="ceiling_unknown", article=COST),)
    compared = cost.effective if ceiling.basis == EFFECTIVE else cost.nominal
    if compared is not None and compared > ceiling.rate:
        values = {"cost": compared, "ceiling": ceiling.rate}
        return (PriceFinding(code="cost_above_ceiling", article=COST, values=values),)
    return ()


@dataclass(frozen=True, kw_only=True)
class Permitted:
    """Whom and how a version may be sold to: an empty list is nobody, `*` anybody."""

    obligor_types: frozenset[str]
    lender_codes: frozenset[str]
    modes: frozenset[str]


def permission_findings(
    permitted: Permitted, *, obligor_type: str, lender_code: str, mode: str
) -> tuple[PriceFinding, ...]:
    """Return what the filed terms do not allow. Source: PRE-34a, PRE-36b."""
    found = []
    for code, article, value, allowed in (
        ("obligor_not_permitted", "PRE-34a", obligor_type, permitted.obligor_types),
        ("lender_not_permitted", "PRE-34a", lender_code, permitted.lender_codes),
        ("mode_not_permitted", "PRE-36b", mode, permitted.modes),
    ):
        if "*" not in allowed and value not in allowed:
            found.append(PriceFinding(code=code, article=article, values={"value": value}))
    return tuple(found)
