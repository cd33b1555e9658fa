"""Forms of lenders' licences: the shape of input."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from partners.enums import FunderType, FundsSource, LicenceStanding
from partners.services import LicenceDraft


def _day(label, **words) -> forms.DateField:
    widget = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    return forms.DateField(label=label, widget=widget, **words)


class LicenceForm(forms.Form):
    funder_type = forms.ChoiceField(label=_("Kind of funder"), choices=FunderType.choices)
    licence_no = forms.CharField(label=_("Licence number"), max_length=80)
    issuer = forms.CharField(label=_("Issuing authority"), max_length=120)
    standing = forms.ChoiceField(label=_("Standing of the licence"), choices=LicenceStanding)
    valid_from = _day(_("From"))
    valid_to = _day(
        _("To"),
        required=False,
        help_text=_("The first day on which it no longer holds; empty where it has no end."),
    )
    funds_source = forms.ChoiceField(
        label=_("Source of funds"), choices=[("", "—"), *FundsSource.choices]
    )
    declaration = forms.CharField(
        label=_("Declaration of the funds"),
        max_length=200,
        help_text=_("Number and day of the lender's own declaration."),
    )
    reason = forms.CharField(label=_("Reason"), widget=forms.Textarea(attrs={"rows": 2}))

    def draft(self) -> LicenceDraft:
        words = {name: value for name, value in self.cleaned_data.items() if name != "reason"}
        return LicenceDraft(**words)


class DecisionForm(forms.Form):
    decision = forms.ChoiceField(choices=[("approve", "approve"), ("refuse", "refuse")])
    remark = forms.CharField(
        label=_("Remark"), required=False, widget=forms.Textarea(attrs={"rows": 2})
    )
