"""Drafts: terms, rate table, formula. Tables are typed or pasted, a line each."""

from __future__ import annotations

import dataclasses
from decimal import Decimal, InvalidOperation
from typing import Any

from django import forms
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from products.enums import (
    BucketBasis,
    CoverKind,
    Debt,
    FiledTerm,
    FilingKind,
    InsuredSum,
    PaymentMode,
    Policyholder,
    PremiumDue,
    RateTime,
    RefundKind,
)
from products.models import PremiumFormula, ProductVersion
from products.selectors import VARIABLES, tariff_of
from products.services import FiledTerms, terms_of

CELL = (
    "grade", "term_from", "term_to", "ltv_from", "ltv_to", "channel", "rate_low", "rate",
    "rate_high",
)  # fmt: skip
WHOLE, TEXTS = {"term_from", "term_to"}, {"grade", "channel"}
LIMITS = {"ltv_from", "ltv_to"}


def day(label: Any, **words: Any) -> forms.DateField:
    """Return a field for a day."""
    return forms.DateField(
        label=label,
        widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"}),
        **words,
    )


def share(label: Any) -> forms.DecimalField:
    """Return a field for a fraction from 0 to 1."""
    return forms.DecimalField(
        label=label, required=False, min_value=0, max_value=1, max_digits=9, decimal_places=6,
        help_text=_("A fraction: 0.2 is 20 %."),
    )  # fmt: skip


def several(label: Any, choices: Any, **words: Any) -> forms.MultipleChoiceField:
    """Return a field of several choices."""
    return forms.MultipleChoiceField(
        label=label, choices=choices, widget=forms.CheckboxSelectMultiple, **words
    )


class Listed(forms.CharField):
    """Words separated by commas; `*` is any."""

    def prepare_value(self, value: Any) -> Any:
        return ", ".join(value) if isinstance(value, list | tuple) else value

    def clean(self, value: Any) -> tuple[str, ...]:
        text = super().clean(value) or ""
        return tuple(
            dict.fromkeys(
                part.strip() for part in text.replace("，", ",").split(",") if part.strip()
            )
        )


class TermsForm(forms.Form):
    """The filed terms of a draft."""

    revision = forms.IntegerField(widget=forms.HiddenInput, initial=0)
    valid_from = day(_("Valid from"))
    filing_kind = forms.ChoiceField(
        label=_("Kind of filing"), required=False, choices=[("", "—"), *FilingKind.choices]
    )
    filing_no = forms.CharField(label=_("Filing no."), required=False, max_length=80)
    filed_on = day(_("Filed on"), required=False)
    clauses = forms.FileField(label=_("Filed clauses"), required=False)
    rates = forms.FileField(label=_("Filed rates"), required=False)
    sum_insured_basis = forms.ChoiceField(
        label=_("Basis of the sum insured"), choices=InsuredSum.choices
    )
    premium_modes = several(_("Ways of paying the premium"), PaymentMode.choices)
    rate_per = forms.ChoiceField(label=_("The rate holds"), choices=RateTime.choices)
    paid_at = forms.ChoiceField(label=_("Premium falls due"), choices=PremiumDue.choices)
    waiting_days = forms.IntegerField(
        label=_("Waiting period of a claim (days)"), required=False, min_value=0, max_value=3650
    )
    bucket_basis = forms.ChoiceField(label=_("Overdue basis"), choices=BucketBasis.choices)
    allocation_order = Listed(
        label=_("Order of allocation"),
        max_length=100,
        help_text=_("costs, interest, principal: in the order in which a part payment pays off."),
    )
    obligor_types = Listed(
        label=_("Permitted obligors"), required=False, max_length=400,
        help_text=_("Codes separated by commas; * is any, nothing is none."),
    )  # fmt: skip
    lender_codes = Listed(
        label=_("Permitted lenders"), required=False, max_length=800,
        help_text=_("Codes separated by commas; * is any, nothing is none."),
    )  # fmt: skip
    own_share_min = share(_("Own share of the insured, at least"))
    retention_min = share(_("Retained in co-insurance, at least"))
    refund = forms.ChoiceField(label=_("Refund of premium"), choices=RefundKind.choices)
    policyholder = forms.ChoiceField(
        label=_("Who takes out the insurance"), choices=Policyholder.choices
    )
    open_terms = several(
        _("Terms left to agreement by the filing"), FiledTerm.choices, required=False
    )

    @classmethod
    def of(cls, version: ProductVersion) -> TermsForm:
        """Return the form filled with the terms of a version."""
        known = dataclasses.asdict(terms_of(version))
        refund = known.pop("refund_rule").get("kind", RefundKind.PRO_RATA)
        return cls(initial={**known, "refund": refund, "revision": version.revision})

    def terms(self, before: FiledTerms | None = None) -> FiledTerms:
        """Return what was entered as terms; a short-rate table that was filed stays."""
        read = dict(self.cleaned_data)
        for name in ("revision", "clauses", "rates", "code", "name", "cover_kind"):
            read.pop(name, None)
        kind = read.pop("refund")
        table = before.refund_rule if before else {}
        read["refund_rule"] = table if table.get("kind") == kind else {"kind": kind}
        for name in ("premium_modes", "open_terms"):
            read[name] = tuple(read[name])
        return FiledTerms(**read)

    def papers(self) -> dict[str, Any]:
        """Return the documents that were sent."""
        return {
            name: (sent.name[:255], sent)
            for name in ("clauses", "rates")
            if (sent := self.cleaned_data[name])
        }


class ProductForm(TermsForm):
    """A new product with the terms of its first version."""

    field_order = ["code", "name", "cover_kind"]
    code = forms.SlugField(label=_("Code"), max_length=40)
    name = forms.CharField(label=pgettext_lazy("product", "Name"), max_length=120)
    cover_kind = forms.ChoiceField(label=_("Kind of cover"), choices=CoverKind.choices)

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        for name in ("revision", "clauses", "rates"):
            del self.fields[name]
        self.fields["allocation_order"].initial = ", ".join(Debt.values)


class TariffForm(forms.Form):
    """The rate table, a cell a line."""

    cells = forms.CharField(
        label=_("Rate table"),
        widget=forms.Textarea(attrs={"rows": 14, "spellcheck": "false"}),
        max_length=60_000,
        help_text=_(
            "A line each: grade, months from, months to, loan-to-value above, up to, channel,"
            " lowest rate, rate, highest rate. Fractions; * is any; nothing where loan-to-value"
            " does not matter."
        ),
    )

    @classmethod
    def of(cls, version: ProductVersion) -> TariffForm:
        """Return the form filled with the rate table of a version."""
        lines = (
            ", ".join(_cell_text(getattr(row, name)) for name in CELL)
            for row in tariff_of(version=version)
        )
        return cls(initial={"cells": "\n".join(lines)})

    def clean_cells(self) -> list[dict[str, Any]]:
        """Read the cells.

        Raises:
            ValidationError: a line is none.
        """
        found = []
        for number, line in enumerate(self.cleaned_data["cells"].splitlines(), 1):
            if not line.strip():
                continue
            parts = [part.strip() for part in line.replace("，", ",").replace("\t", ",").split(",")]
            try:
                found.append(
                    {name: _cell_value(name, text) for name, text in zip(CELL, parts, strict=True)}
                )
            except (ValueError, InvalidOperation) as broken:
                raise forms.ValidationError(
                    _now("Line %(line)s of the rate table cannot be read.") % {"line": number}
                ) from broken
        return found


class FormulaForm(forms.Form):
    """A text of the premium formula, with the cases of the filing."""

    text = forms.CharField(
        label=_("Premium formula"),
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 3, "spellcheck": "false"}),
        help_text=_("Numbers, declared variables, + - * /, comparisons, if else, min, max,"
                    " round_fen."),
    )  # fmt: skip
    variables = several(_("Variables"), [(name, f"{name} ({unit})") for name, unit in
                                         VARIABLES.items()])  # fmt: skip
    cases = forms.CharField(
        label=_("Cases of the filing"),
        max_length=10_000,
        widget=forms.Textarea(attrs={"rows": 5, "spellcheck": "false"}),
        help_text=_("A line each: sum_insured=100000 rate=0.024 share=0.25 → 600.00"),
    )
    dated_on = day(_("Dated"))

    @classmethod
    def of(cls, formula: PremiumFormula | None) -> FormulaForm:
        """Return the form filled with a text."""
        if formula is None:
            return cls()
        lines = (
            " ".join(f"{name}={value}" for name, value in case["values"].items())
            + f" → {case['expected']}"
            for case in formula.cases
        )
        return cls(
            initial={
                "text": formula.text,
                "variables": formula.variables,
                "cases": "\n".join(lines),
                "dated_on": formula.dated_on,
            }
        )

    def clean_cases(self) -> list[dict[str, Any]]:
        """Read the cases.

        Raises:
            ValidationError: a line is none.
        """
        found = []
        for number, line in enumerate(self.cleaned_data["cases"].splitlines(), 1):
            if not line.strip():
                continue
            try:
                left, right = line.replace("->", "→").split("→")
                values = dict(part.split("=", 1) for part in left.split())
                for text in (*values.values(), right.strip()):
                    Decimal(text)
            except (ValueError, InvalidOperation) as broken:
                raise forms.ValidationError(
                    _now("Case %(line)s cannot be read.") % {"line": number}
                ) from broken
            found.append({"values": values, "expected": right.strip()})
        return found


def _cell_text(value: Any) -> str:
    if isinstance(value, Decimal):
        return f"{value:f}".rstrip("0").rstrip(".") or "0"
    return "" if value is None else str(value)


def _cell_value(name: str, text: str) -> Any:
    if name in TEXTS:
        if not 1 <= len(text) <= 20:
            raise ValueError
        return text
    if name in WHOLE:
        return int(text)
    if name in LIMITS and not text:
        return None
    value = Decimal(text)
    if not value.is_finite() or abs(value) >= 1000:
        raise ValueError
    return value
