"""Reads of products, and the front door of their rules: what a loan and its cover cost."""

from __future__ import annotations

from products.rules.changes import Effect, change_rate, defer, draw, extend, postpone, prepay
from products.rules.cost import (
    AllInCost,
    NoCost,
    all_in_cost,
    all_in_cost_by_days,
    all_in_cost_monthly,
)
from products.rules.daycounts import DayCount, year_fraction
from products.rules.due_dates import MONTHLY, Frequency, Step
from products.rules.premiums import (
    PaidAt,
    PremiumMode,
    PremiumPart,
    RatePer,
    SumInsuredBasis,
    premium_of,
    premium_parts,
    split_premium,
    sums_insured,
)
from products.rules.rounding import Rounding
from products.rules.schedules import Row, RowKind, Schedule, repayment_schedule
from products.rules.terms import (
    Convention,
    Finding,
    FirstPeriod,
    FlatRemainder,
    LevelBy,
    Method,
    Terms,
    term_findings,
)

__all__ = [
    "MONTHLY", "AllInCost", "Convention", "DayCount", "Effect", "Finding", "FirstPeriod",
    "FlatRemainder", "Frequency", "LevelBy", "Method", "NoCost", "PaidAt", "PremiumMode",
    "PremiumPart", "RatePer", "Rounding", "Row", "RowKind", "Schedule", "Step", "SumInsuredBasis",
    "Terms", "all_in_cost", "all_in_cost_by_days", "all_in_cost_monthly", "change_rate", "defer",
    "draw", "extend", "postpone", "premium_of", "premium_parts", "prepay", "repayment_schedule",
    "split_premium", "sums_insured", "term_findings", "year_fraction",
]  # fmt: skip
