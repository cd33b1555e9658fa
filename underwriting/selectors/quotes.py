"""Reads of quotes."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from core.errors import Missing
from organization.models import Staff
from organization.selectors import units_in_scope
from organization.selectors.authority import CaseFacts
from products.selectors import Method, PremiumMode, PricingTerms
from underwriting.models import Quote


def quotes_in_scope(*, staff: Staff) -> QuerySet[Quote]:
    """Return the quotes of the person's units, newest first, with what a list shows."""
    return (
        Quote.objects.filter(unit__in=units_in_scope(staff=staff))
        .select_related("unit", "lender", "product_version__product", "made_by", "obligor")
        .order_by("-made_at", "-pk")
    )


def quote_of(*, staff: Staff, pk: int) -> Quote:
    """Return one quote of the scope.

    Raises:
        Missing: it does not exist or is not the person's to see.
    """
    quote = quotes_in_scope(staff=staff).select_related("channel").filter(pk=pk).first()
    if quote is None:
        raise Missing("quote_missing", _("There is no such quote."))
    return quote


def pricing_terms(kept: Mapping[str, Any]) -> PricingTerms:
    """Return terms as they were priced from the form in which a worksheet keeps them."""
    return PricingTerms(
        principal=Decimal(kept["principal"]),
        annual_rate=Decimal(kept["annual_rate"]),
        periods=int(kept["periods"]),
        start=dt.date.fromisoformat(kept["start"]),
        method=Method(kept["method"]),
        first_due=_day(kept["first_due"]),
        grade=kept["grade"],
        ltv=_number(kept["ltv"]),
        channel=kept["channel"],
        obligor_type=kept["obligor_type"],
        lender_code=kept["lender_code"],
        lender_type=kept["lender_type"],
        mode=PremiumMode(kept["mode"]),
        rate=_number(kept["rate"]),
        fees=tuple((dt.date.fromisoformat(day), Decimal(yuan)) for day, yuan in kept["fees"]),
    )


def _day(text: str | None) -> dt.date | None:
    return dt.date.fromisoformat(text) if text else None


def _number(text: str | None) -> Decimal | None:
    return Decimal(text) if text is not None else None


def facts_of_quote(*, quote: Quote) -> CaseFacts:
    """Return what authority asks of issuing a quote's policy. Source: PRE-11c."""
    terms = quote.terms
    return CaseFacts(
        unit_path=quote.unit.path,
        amount=quote.sum_insured,
        product=quote.product_version.product.name,
        obligor_type=terms.get("obligor_type") or None,
        channel=quote.channel.name if quote.channel else None,
        grade=terms.get("grade") or None,
        rate=Decimal(terms["annual_rate"]),
        ltv=Decimal(terms["ltv"]) if terms.get("ltv") else None,
        term=int(terms["periods"]),
    )
