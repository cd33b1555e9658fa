"""Shape of vouchers, posting rules, filters and explanations."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from ledger.enums import FinanceLine, LedgerEvent

ROWS = 8


def _day(label: str) -> forms.DateField:
    return forms.DateField(
        label=label, widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"})
    )


class PurposeForm(forms.Form):
    reason = forms.CharField(
        label=_("What the file is needed for"),
        max_length=300,
        widget=forms.Textarea({"rows": 2}),
    )


class LineFilterForm(forms.Form):
    policy_no = forms.CharField(label=_("Policy number"), required=False, max_length=80)
    lender_code = forms.CharField(label=_("Lender"), required=False, max_length=80)
    product_code = forms.CharField(label=_("Product"), required=False, max_length=80)
    event = forms.ChoiceField(
        label=pgettext_lazy("ledger", "Business event"),
        required=False,
        choices=[("", "—"), *LedgerEvent.choices],
    )


class VoucherForm(forms.Form):
    on = _day(_("Business date"))
    summary = forms.CharField(label=pgettext_lazy("voucher", "Summary"), max_length=200)


class VoucherLineForm(forms.Form):
    account = forms.CharField(label=_("Account code"), required=False, max_length=12)
    debit = forms.CharField(label=_("Debit (yuan)"), required=False, max_length=24)
    credit = forms.CharField(label=_("Credit (yuan)"), required=False, max_length=24)
    policy_no = forms.CharField(label=_("Policy number"), required=False, max_length=80)

    @property
    def is_filled(self) -> bool:
        return any(self.cleaned_data.get(name) for name in self.fields)


VoucherLines = forms.formset_factory(VoucherLineForm, extra=ROWS, max_num=60)


class ReversalForm(forms.Form):
    on = _day(_("Business date"))
    reason = forms.CharField(label=_("Reason"), max_length=200, widget=forms.Textarea({"rows": 2}))


class RuleForm(forms.Form):
    valid_from = _day(_("Valid from"))
    lines = forms.CharField(
        label=_("Lines of the rule"),
        help_text=_("One line each: debit or credit, account code, name of the amount."),
        widget=forms.Textarea({"rows": 8}),
    )
    reason = forms.CharField(label=_("Reason"), max_length=500, widget=forms.Textarea({"rows": 2}))

    def clean_lines(self) -> list[dict[str, Any]]:
        rows = [line.split() for line in self.cleaned_data["lines"].splitlines() if line.strip()]
        return [dict(zip(("side", "account", "amount"), row, strict=False)) for row in rows]


class ExplanationForm(forms.Form):
    line = forms.ChoiceField(choices=FinanceLine, widget=forms.HiddenInput)
    words = forms.CharField(label=_("Explanation of the difference"), max_length=500)
