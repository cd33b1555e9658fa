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
from products.rules.formula import VARIABLES, evaluate, read_formula
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
from products.rules.pricing import Ceiling, WorkStep, cost_findings
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
from products.selectors.ceilings import ceiling_on
from products.selectors.clauses import (
    agreement_problems,
    clause_facts,
    clause_library,
    clause_of,
    clauses,
)
from products.selectors.differences import (
    filed_terms,
    tariff_differences,
    tariff_of,
    term_differences,
)
from products.selectors.duties import (
    accountable_holder,
    duties_on,
    duty_sets_of,
    duty_table,
    posts,
    units_for_duties,
)
from products.selectors.formulas import formula_in_words
from products.selectors.pricing import (
    PricingTerms,
    Worksheet,
    WorksheetFinding,
    premium_on_schedule,
    price,
    price_all,
    tariff_rate,
)
from products.selectors.refunds import (
    refund_differences,
    refund_examples,
    refund_lines,
    refund_problems,
    register_refunds,
)
from products.selectors.reviews import due_review_of, review_of, reviews, reviews_of
from products.selectors.sentences import sentence, sentence_of, with_article, worded
from products.selectors.tracking import (
    UNITS,
    FigureLine,
    TrackedFigure,
    Tracking,
    TrackingReport,
    assumptions_of,
    figure_lines,
    first_period,
    forget_tracking,
    register_tracking,
    tracked_figures,
    tracking_report,
)
from products.selectors.versions import (
    current_formula,
    formulas_of,
    product_of,
    products_by_name,
    products_on_sale,
    sellable_version,
    version_of,
    versions,
    versions_of_product,
    versions_to_price,
)

__all__ = [
    "MONTHLY", "UNITS", "VARIABLES", "AllInCost", "Ceiling", "Convention", "DayCount", "Effect",
    "FigureLine", "Finding", "FirstPeriod", "FlatRemainder", "Frequency", "LevelBy", "Method",
    "NoCost", "PaidAt", "PremiumMode", "PremiumPart", "PricingTerms", "RatePer", "Rounding", "Row",
    "RowKind", "Schedule", "Step", "SumInsuredBasis", "Terms", "TrackedFigure", "Tracking",
    "TrackingReport", "WorkStep", "Worksheet", "WorksheetFinding", "accountable_holder",
    "agreement_problems", "all_in_cost", "all_in_cost_by_days", "all_in_cost_monthly",
    "assumptions_of", "ceiling_on", "change_rate", "clause_facts", "clause_library", "clause_of",
    "clauses", "cost_findings", "current_formula", "defer", "draw", "due_review_of", "duties_on",
    "duty_sets_of", "duty_table", "evaluate", "extend", "figure_lines", "filed_terms",
    "first_period", "forget_tracking", "formula_in_words", "formulas_of", "postpone", "posts",
    "premium_of",
    "premium_on_schedule", "premium_parts", "prepay", "price", "price_all", "product_of",
    "products_by_name",
    "products_on_sale", "read_formula", "refund_differences", "refund_examples", "refund_lines",
    "refund_problems", "register_refunds", "register_tracking", "repayment_schedule", "review_of",
    "reviews", "reviews_of", "sellable_version", "sentence", "sentence_of", "split_premium",
    "sums_insured", "tariff_differences", "tariff_of", "tariff_rate", "term_differences",
    "term_findings", "tracked_figures", "tracking_report", "units_for_duties", "version_of",
    "versions", "versions_of_product", "versions_to_price", "with_article", "worded",
    "year_fraction",
]  # fmt: skip
