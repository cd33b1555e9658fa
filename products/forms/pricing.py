"""The pricing calculator: what is asked stands in the address, so that it can be sent on."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from products.enums import LenderType, LoanMethod, PaymentMode
from products.forms.drafts import day, share
from products.models import ProductVersion
from products.selectors import Method, PremiumMode, PricingTerms


class PricingForm(forms.Form):
    version = forms.ModelChoiceField(label=_("Version of a product"), queryset=None)
    principal = forms.DecimalField(
        label=_("Principal (yuan)"), min_value=Decimal("0.01"), max_digits=14, decimal_places=2
    )
    annual_rate = forms.DecimalField(
        label=_("Interest per year"), min_value=0, max_value=1, max_digits=9, decimal_places=6,
        help_text=_("A fraction: 0.2 is 20 %."),
    )  # fmt: skip
    periods = forms.IntegerField(label=_("Term (months)"), min_value=1, max_value=360)
    method = forms.ChoiceField(label=_("Way of repayment"), choices=LoanMethod.choices)
    start = day(_("Start"))
    first_due = day(_("First due date"), required=False)
    grade = forms.CharField(label=_("Grade"), required=False, max_length=20)
    ltv = share(_("Loan-to-value"))
    channel = forms.CharField(label=_("Channel"), required=False, max_length=40)
    obligor_type = forms.CharField(label=_("Type of obligor"), required=False, max_length=40)
    lender_code = forms.CharField(label=_("Code of the lender"), required=False, max_length=40)
    lender_type = forms.ChoiceField(
        label=_("Type of lender"), required=False, choices=[("", "—"), *LenderType.choices]
    )
    mode = forms.ChoiceField(label=_("Premium"), choices=PaymentMode.choices)
    rate = share(_("Agreed premium rate"))
    fee = forms.DecimalField(
        label=_("Other fees at the start (yuan)"), required=False, min_value=0, max_digits=14,
        decimal_places=2,
    )  # fmt: skip

    def __init__(self, *args: Any, versions: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.fields["version"].queryset = versions

    def chosen(self) -> ProductVersion:
        """Return the version that was asked for."""
        return self.cleaned_data["version"]

    def terms(self) -> PricingTerms:
        """Return what is to be priced; what was left empty is not known."""
        read: dict[str, Any] = dict(self.cleaned_data)
        fee, start = read.pop("fee"), read["start"]
        del read["version"]
        fees: tuple[tuple[dt.date, Decimal], ...] = ((start, fee),) if fee else ()
        for name in ("grade", "channel"):
            read[name] = read[name] or None
        read["method"], read["mode"] = Method(read["method"]), PremiumMode(read["mode"])
        return PricingTerms(**read, fees=fees)
