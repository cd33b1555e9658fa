"""Facts of a loan under cover that the house wants and a taken-on book does not bring.

They are listed, never invented, and block nothing. Source: PRE-25, PRE-40a-c.
"""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _

from underwriting.enums import OBLIGOR_TYPE_UNKNOWN, UNRATED
from underwriting.models import Loan


@dataclass(frozen=True)
class FactWanted:
    """One fact, the row that asks for it, and where it is known: a field of the loan, or nowhere.

    `empty` is the value of the field that stands for “not known”.
    """

    requirement: str
    name: str
    label: object
    field: str = ""
    empty: str = ""


FACTS_WANTED = (
    FactWanted("PRE-25", "funder", _("Funder"), "lender_id"),
    FactWanted("PRE-25", "amount", _("Amount"), "principal"),
    FactWanted("PRE-25", "term", _("Term"), "term"),
    FactWanted("PRE-25", "interest", _("Interest"), "rate"),
    FactWanted("PRE-25", "payee_name", _("Payee name")),
    FactWanted("PRE-25", "payee_account", _("Payee account")),
    FactWanted("PRE-40a", "obligor_name", _("Obligor's name"), "obligor_id"),
    FactWanted("PRE-40a", "document_no", _("Document number"), "obligor_id"),
    FactWanted("PRE-40a", "document_type", _("Document type")),
    FactWanted("PRE-40a", "age", _("Age")),
    FactWanted(
        "PRE-40a", "obligor_type", _("Obligor type"), "segment.obligor_type", OBLIGOR_TYPE_UNKNOWN
    ),
    FactWanted("PRE-40b", "decided_at", _("Underwriting time")),
    FactWanted("PRE-40b", "decision", _("Underwriting result")),
    FactWanted("PRE-40b", "pricing_level", _("Pricing level")),
    FactWanted("PRE-40b", "grade", _("Grade"), "segment.grade", UNRATED),
    FactWanted("PRE-40c", "collateral_type", _("Collateral type")),
    FactWanted("PRE-40c", "times_mortgaged", _("Times mortgaged")),
    FactWanted("PRE-40c", "collateral_owner", _("Collateral owner")),
    FactWanted("PRE-40c", "title_no", _("Title number")),
    FactWanted("PRE-40c", "valuation", _("Valuation")),
    FactWanted("PRE-40c", "ltv", _("Loan to value")),
)


def missing_facts(*, loan: Loan) -> list[FactWanted]:
    """Return the facts wanted of a loan that are not known; no query if its segment is at hand."""
    return [fact for fact in FACTS_WANTED if not _is_known(loan, fact)]


def _is_known(loan: Loan, fact: FactWanted) -> bool:
    if not fact.field:
        return False
    value: object = loan
    for name in fact.field.split("."):
        value = getattr(value, name)
    return value not in (None, "") and value != (fact.empty or None)
