"""A premium formula in the words of a reader. Source: PRE-36a (printed in the policy)."""

from __future__ import annotations

from typing import Any

from django.utils.translation import pgettext_lazy

from products.rules.formula import with_names

NAMES: dict[str, Any] = {
    "sum_insured": pgettext_lazy("formula", "sum insured"),
    "rate": pgettext_lazy("formula", "premium rate"),
    "share": pgettext_lazy("formula", "part of the period"),
    "principal": pgettext_lazy("formula", "principal of the loan"),
    "annual_rate": pgettext_lazy("formula", "interest per year"),
    "ltv": pgettext_lazy("formula", "loan to value"),
    "term": pgettext_lazy("formula", "term in months"),
    "period": pgettext_lazy("formula", "number of the period"),
    "periods": pgettext_lazy("formula", "number of periods"),
    "days": pgettext_lazy("formula", "days of the period"),
    "round_fen": pgettext_lazy("formula", "rounded to the fen"),
    "min": pgettext_lazy("formula", "smaller of"),
    "max": pgettext_lazy("formula", "larger of"),
}


def formula_in_words(text: str) -> str:
    """Return a formula as a policy prints it: “rounded to the fen(sum insured × premium rate)”."""
    return with_names(text, {name: str(words) for name, words in NAMES.items()})
