"""Writes of products."""

from products.selectors import register_tracking
from products.services.assumptions import set_assumptions
from products.services.clauses import (
    check_special_agreements,
    decide_clause,
    propose_clause,
    withdraw_clause,
)
from products.services.duties import DutyLine, set_duties
from products.services.lifecycle import (
    mark_sold,
    put_on_sale,
    stop_version,
    submit_version,
    take_resolution_of,
    what_is_missing,
)
from products.services.refunds import refund_rule, set_refund_table
from products.services.reviews import decide_review, draft_review, open_due_reviews
from products.services.tariffs import (
    enter_formula,
    formula_results,
    review_formula,
    set_tariff,
)
from products.services.versions import (
    FiledTerms,
    change_terms,
    enter_product,
    open_product,
    revise_version,
    terms_of,
)

__all__ = [
    "DutyLine", "FiledTerms", "change_terms", "check_special_agreements", "decide_clause",
    "decide_review", "draft_review", "enter_formula", "enter_product", "formula_results",
    "mark_sold", "open_due_reviews", "open_product", "propose_clause", "put_on_sale", "refund_rule",
    "register_tracking", "review_formula", "revise_version", "set_assumptions", "set_duties",
    "set_refund_table", "set_tariff", "stop_version", "submit_version", "take_resolution_of",
    "terms_of", "what_is_missing", "withdraw_clause",
]  # fmt: skip
