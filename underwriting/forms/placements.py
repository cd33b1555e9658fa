"""Forms of certificates, co-insurance and corrected lines: the shape of input."""

from __future__ import annotations

from decimal import Decimal, InvalidOperation

from django import forms
from django.utils.translation import gettext_lazy as _

from underwriting.enums import CoinsuranceRole
from underwriting.forms.cessions import day_field
from underwriting.models import CoinsuranceShare, Reinsurer

SHARE = {"max_digits": 13, "decimal_places": 12}


class _ReasonForm(forms.Form):
    reason = forms.CharField(label=_("Reason"), widget=forms.Textarea(attrs={"rows": 2}))
    field_order: tuple[str, ...] = ()


class CertificateForm(_ReasonForm):
    policy_no = forms.CharField(label=_("Insurance policy"), max_length=80)
    code = forms.CharField(label=_("Code of the certificate"), max_length=40)
    reinsurer = forms.ModelChoiceField(Reinsurer.objects.order_by("name"), label=_("Reinsurer"))
    share = forms.DecimalField(
        label=_("Ceded share"), help_text=_("Of our own part, for example 0.25."), **SHARE
    )
    commission_rate = forms.DecimalField(
        label=_("Ceding commission rate"), max_digits=9, decimal_places=6, min_value=0, max_value=1
    )
    valid_from = day_field(_("From"))
    valid_to = day_field(_("To"), help_text=_("The first day on which it no longer holds."))
    field_order = (
        "policy_no", "code", "reinsurer", "share", "commission_rate", "valid_from", "valid_to",
        "reason",
    )  # fmt: skip


class CoinsuranceForm(_ReasonForm):
    policy_no = forms.CharField(
        label=_("Insurance policy"),
        max_length=80,
        required=False,
        help_text=_("Of one policy; else the agreement and its lender below."),
    )
    agreement_no = forms.CharField(label=_("Agreement number"), max_length=60, required=False)
    lender_code = forms.CharField(label=_("Code of the lender"), max_length=40, required=False)
    product_code = forms.CharField(
        label=_("Code of the product"),
        max_length=40,
        required=False,
        help_text=_("Empty is every product of the lender."),
    )
    role = forms.ChoiceField(label=_("Our role"), choices=CoinsuranceRole.choices)
    own_share = forms.DecimalField(label=_("Own share"), **SHARE)
    partners = forms.CharField(
        label=_("Other insurers"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("One a line: name = share. With our own they sum to 1."),
    )
    valid_from = day_field(_("From"))
    valid_to = day_field(
        _("To"),
        required=False,
        help_text=_("The first day on which it no longer holds; empty where it has no end."),
    )
    field_order = (
        "policy_no", "agreement_no", "lender_code", "product_code", "role", "own_share",
        "partners", "valid_from", "valid_to", "reason",
    )  # fmt: skip

    def clean_partners(self):
        found = {}
        for line in self.cleaned_data["partners"].splitlines():
            if not line.strip():
                continue
            name, _sign, share = line.replace("＝", "=").rpartition("=")
            try:
                found[name.strip()] = Decimal(share.strip())
            except InvalidOperation:
                raise forms.ValidationError(
                    _("“%(share)s” is not a number."), params={"share": share.strip()}
                ) from None
            if not name.strip() or not 0 < found[name.strip()] < 1:
                raise forms.ValidationError(
                    _("“%(line)s” is not a name and a share from 0 to 1."),
                    params={"line": line.strip()},
                )
        return found

    @staticmethod
    def words_of(row: CoinsuranceShare | None) -> dict[str, object]:
        """Return what a form begins with that corrects a row; nothing without one."""
        if row is None:
            return {}
        same = ("policy_no", "agreement_no", "lender_code", "product_code", "role", "own_share")
        partners = "\n".join(f"{each['name']} = {each['share']}" for each in row.partners)
        return {name: getattr(row, name) for name in same} | {"partners": partners}


class CorrectionForm(_ReasonForm):
    share = forms.DecimalField(
        label=_("Ceded share"),
        help_text=_("Of our own part; 0 ends it from the day."),
        min_value=0,
        max_value=1,
        **SHARE,
    )
    valid_from = day_field(_("From"))
    field_order = ("share", "valid_from", "reason")
