"""Findings and refusals of the rules in the words of a reader. Rules know codes alone."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core.errors import RuleBroken
from products.enums import ClaimParty, FiledTerm, PaymentMode
from products.rules.tariffs import PriceFinding

SENTENCES: dict[str, Any] = {
    # the rate table
    "fact_unknown": gettext_lazy("%(fact)s is not known, and the rate table asks for it."),
    "tariff_none": gettext_lazy("The filed rate table has no cell for this loan."),
    "tariff_several": gettext_lazy("The rate table has several cells for this loan."),
    "rate_outside_band": gettext_lazy(
        "The rate %(rate)s lies outside the filed band, %(low)s to %(high)s."
    ),
    # whom and how
    "obligor_not_permitted": gettext_lazy("The filed terms do not allow obligors of this type."),
    "lender_not_permitted": gettext_lazy("The filed terms do not allow this lender."),
    "mode_not_permitted": gettext_lazy("The filed terms do not allow to pay the premium so."),
    # cost
    "cost_above_ceiling": gettext_lazy(
        "The all-in cost of %(cost)s a year is above the ceiling of %(ceiling)s. Nobody lifts it."
    ),
    "cost_unknown": gettext_lazy("There is no single all-in rate for this loan: it is blocked."),
    "ceiling_unknown": gettext_lazy("No ceiling is known for this type of lender on that day."),
    # side agreements
    "clause_not_in_library": gettext_lazy("“%(clause)s” is no approved clause of the library."),
    "clause_alters_terms": gettext_lazy("Clause %(clause)s alters a filed term: %(term)s."),
    "clause_gives_claim": gettext_lazy(
        "Clause %(clause)s gives a right to claim to another than the insured: %(party)s."
    ),
    # the formula
    "formula_empty": gettext_lazy("The formula is empty."),
    "formula_missing": gettext_lazy("The version has no premium formula."),
    "formula_long": gettext_lazy("A formula has at most %(most)s characters."),
    "formula_unreadable": gettext_lazy("The formula cannot be read."),
    "formula_no_number": gettext_lazy("A formula gives a number, not yes or no."),
    "formula_undefined": gettext_lazy("The formula divides by zero or has no result."),
    "formula_deep": gettext_lazy("The formula is too long or too deep."),
    "formula_constant": gettext_lazy("A formula holds numbers, no texts."),
    "formula_large": gettext_lazy("A number is beyond all money."),
    "formula_arguments": gettext_lazy("“%(name)s” takes %(least)s to %(most)s numbers."),
    "formula_part": gettext_lazy("A formula may not say “%(part)s”."),
    "formula_mixed": gettext_lazy("“%(part)s” is a number where a test stands, or the reverse."),
    "formula_negative": gettext_lazy("The formula gives a premium below zero."),
    "variable_unknown": gettext_lazy("There is no variable “%(name)s”."),
    "value_missing": gettext_lazy("The formula needs “%(name)s”."),
    "name_unknown": gettext_lazy("“%(name)s” is not declared."),
    # terms of loans that no schedule or premium fulfils
    "principal": gettext_lazy("The principal is above zero and has whole fen."),
    "rate": gettext_lazy("The rate is a fraction per year, from 0 to 1."),
    "periods": gettext_lazy("There are 1 to 1200 periods."),
    "first_due": gettext_lazy("The first due date lies after the start."),
    "instalment": gettext_lazy("A fixed instalment is given and above zero."),
    "instalment_is_nothing": gettext_lazy("The instalment rounds to nothing."),
    "instalment_below_interest": gettext_lazy("The instalment does not cover the interest."),
    "date_out_of_range": gettext_lazy("The schedule runs beyond the calendar."),
    "premium_rate": gettext_lazy("The premium rate does not go with the basis of the sum insured."),
    "premium_basis": gettext_lazy("A declining premium is on what each period opens with."),
}
FACTS = {
    "grade": gettext_lazy("Grade"),
    "ltv": gettext_lazy("Loan-to-value"),
    "channel": gettext_lazy("Channel"),
}
_WORDS: dict[str, dict[str, Any]] = {
    "fact": FACTS,
    "term": dict(FiledTerm.choices),
    "party": dict(ClaimParty.choices),
    "value": dict(PaymentMode.choices),
}


def sentence(code: str, values: dict[str, Any] | None = None, *, otherwise: str = "") -> str:
    """Return the sentence of a code with its values; rates are printed as percentages."""
    words = SENTENCES.get(code)
    if words is None:
        return otherwise or code
    return str(words) % {name: _plain(name, value) for name, value in (values or {}).items()}


def sentence_of(finding: PriceFinding) -> str:
    """Return a finding in words."""
    return sentence(finding.code, finding.values)


def worded(refusal: RuleBroken) -> RuleBroken:
    """Return a refusal of a rule in the words of the reader, with its code, field and article."""
    context = dict(refusal.context)
    message = sentence(refusal.code, context.get("values"), otherwise=refusal.message)
    return RuleBroken(refusal.code, message, field=refusal.field, **context)


def with_article(message: str, article: str) -> str:
    """Name the article after a sentence."""
    return _("%(sentence)s (%(article)s)") % {"sentence": message, "article": article}


def _plain(name: str, value: Any) -> Any:
    if name in _WORDS:
        return _WORDS[name].get(value, value)
    if isinstance(value, Decimal):
        text = f"{value * 100:.6f}".rstrip("0").rstrip(".")
        return f"{text}%"
    return value
