"""Forms of treaties, cessions and the inclusive ratio: the shape of input."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal, InvalidOperation

from django import forms
from django.utils.translation import gettext_lazy as _

from underwriting.enums import TreatyBasis, TreatyKind
from underwriting.models import Reinsurer
from underwriting.services.treaties import TreatyDraft


def day_field(label, **words) -> forms.DateField:
    widget = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    return forms.DateField(label=label, widget=widget, **words)


def _yuan(label) -> forms.DecimalField:
    return forms.DecimalField(label=label, max_digits=18, decimal_places=2, required=False)


class CodesField(forms.CharField):
    """Codes separated by commas; none means every one."""

    def clean(self, value):
        words = super().clean(value).replace("，", ",").split(",")
        return tuple(word.strip() for word in words if word.strip())


class TreatyForm(forms.Form):
    code = forms.CharField(label=_("Code of the treaty"), max_length=40)
    name = forms.CharField(label=_("Name"), max_length=120)
    kind = forms.ChoiceField(label=_("Kind"), choices=TreatyKind.choices)
    basis = forms.ChoiceField(label=_("Basis of cover"), choices=TreatyBasis.choices)
    valid_from = day_field(_("From"))
    valid_to = day_field(_("To"), help_text=_("The first day on which it no longer holds."))
    product_codes = CodesField(
        label=_("Products"), required=False, help_text=_("Codes with commas; empty is every one.")
    )
    lender_codes = CodesField(
        label=_("Lenders"), required=False, help_text=_("Codes with commas; empty is every one.")
    )
    fraction = forms.DecimalField(
        label=_("Ceded fraction"),
        max_digits=13,
        decimal_places=12,
        required=False,
        help_text=_("Of a quota share, for example 0.25."),
    )
    max_per_risk = _yuan(_("Limit per risk (yuan)"))
    retention = _yuan(_("Retention line (yuan)"))
    lines = forms.DecimalField(
        label=_("Number of lines"), max_digits=7, decimal_places=2, required=False
    )
    lines_below = forms.DecimalField(
        label=_("Lines below it"), max_digits=7, decimal_places=2, required=False, initial=0
    )
    commission_rate = forms.DecimalField(
        label=_("Ceding commission rate"), max_digits=9, decimal_places=6
    )
    shares = forms.CharField(
        label=_("Reinsurers and their shares"),
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("One a line: name = share. They sum to 1."),
    )
    reason = forms.CharField(label=_("Reason"), widget=forms.Textarea(attrs={"rows": 2}))

    def clean_lines_below(self):
        return self.cleaned_data["lines_below"] or Decimal(0)

    def clean_shares(self):
        known = {each.name: each for each in Reinsurer.objects.all()}
        found = {}
        for line in self.cleaned_data["shares"].splitlines():
            if not line.strip():
                continue
            name, _sign, share = line.replace("＝", "=").rpartition("=")
            if name.strip() not in known:
                raise forms.ValidationError(
                    _("There is no reinsurer “%(name)s”."), params={"name": name.strip() or line}
                )
            try:
                found[known[name.strip()]] = Decimal(share.strip())
            except InvalidOperation:
                raise forms.ValidationError(
                    _("“%(share)s” is not a number."), params={"share": share.strip()}
                ) from None
        return found

    def draft(self) -> TreatyDraft:
        words = {
            name: value
            for name, value in self.cleaned_data.items()
            if name not in {"shares", "reason"}
        }
        return TreatyDraft(**words)


class ReinsurerForm(forms.Form):
    name = forms.CharField(label=_("Name"), max_length=120)
    registration_no = forms.CharField(label=_("Registration number"), max_length=40)
    rating = forms.CharField(label=_("Rating"), max_length=20)
    valid_from = day_field(_("From"))


class DecisionForm(forms.Form):
    decision = forms.ChoiceField(choices=[("approve", "approve"), ("refuse", "refuse")])
    remark = forms.CharField(
        label=_("Remark"), required=False, widget=forms.Textarea(attrs={"rows": 2})
    )


class PurposeForm(forms.Form):
    reason = forms.CharField(
        label=_("What the file is needed for"),
        max_length=300,
        widget=forms.Textarea(attrs={"rows": 2}),
    )


class RestatementForm(forms.Form):
    quarter = day_field(_("A day of the quarter"))
    reason = forms.CharField(
        label=_("Reason"), required=False, widget=forms.Textarea(attrs={"rows": 2})
    )


class RegisterFilter(forms.Form):
    """What the register is asked; what cannot be read is left out."""

    as_of = day_field(_("On the day"), required=False)
    known_on = day_field(_("As known at the end of"), required=False)
    treaty = forms.CharField(label=_("Treaty or certificate"), required=False)
    product = forms.CharField(label=_("Product"), required=False)
    policy_no = forms.CharField(label=_("Insurance policy"), required=False)

    def asked(self, today: dt.date) -> dict[str, object]:
        self.is_valid()
        words = {name: self.cleaned_data.get(name) or "" for name in self.fields}
        return words | {
            "as_of": words["as_of"] or today,
            "known_on": words["known_on"] or None,
        }
