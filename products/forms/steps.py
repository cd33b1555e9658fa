"""Steps of a version, clauses and reviews."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from products.enums import ClaimParty, FiledTerm, ReviewDecision
from products.forms.drafts import day, several
from products.selectors import products_by_name


class SubmissionForm(forms.Form):
    committee = forms.ModelChoiceField(label=_("Committee"), queryset=None)
    meeting = forms.CharField(label=_("Meeting"), max_length=120)
    held_on = day(_("Held on"))
    document = forms.FileField(label=_("Material"), required=False)

    def __init__(self, *args: Any, committees: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.fields["committee"].queryset = committees


class SaleForm(forms.Form):
    valid_from = day(_("On sale from"))


class ReasonForm(forms.Form):
    reason = forms.CharField(label=_("Reason"), max_length=500)


class RevisionForm(forms.Form):
    valid_from = day(_("Valid from"))


class ClauseForm(forms.Form):
    code = forms.SlugField(label=_("Code"), max_length=40)
    title = forms.CharField(label=_("Title"), max_length=120)
    text = forms.CharField(
        label=pgettext_lazy("clause", "Text"),
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 5}),
    )
    product = forms.ModelChoiceField(
        label=_("Product"), required=False, queryset=None, empty_label=_("All products")
    )
    touches = several(_("Filed terms it speaks of"), FiledTerm.choices, required=False)
    claimants = several(_("Who could claim by it"), ClaimParty.choices, required=False)

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.fields["product"].queryset = products_by_name()


class DecisionForm(forms.Form):
    decision = forms.ChoiceField(
        label=pgettext_lazy("review", "Decision"),
        choices=[
            ("yes", pgettext_lazy("decision", "Confirm")),
            ("no", pgettext_lazy("decision", "Refuse")),
        ],
    )
    remark = forms.CharField(label=_("Remark"), required=False, max_length=500)

    @property
    def is_yes(self) -> bool:
        """Say whether it was confirmed."""
        return self.cleaned_data["decision"] == "yes"


class ReviewForm(forms.Form):
    period_from = day(_("Period from"))
    period_to = day(_("Period to (not counted)"))
    decision = forms.ChoiceField(
        label=pgettext_lazy("review", "Decision"), choices=ReviewDecision.choices
    )
    reason = forms.CharField(
        label=_("Reason"), max_length=2000, widget=forms.Textarea(attrs={"rows": 4})
    )
