"""Shape of what happens to a policy."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from partners.models import Lender
from products.selectors import Effect
from underwriting.enums import EndorsementKind, PolicyState
from underwriting.forms.quotes import day, line
from underwriting.services.endorsements import Change

REASON = _("Reason")
ENDINGS = (
    ("settle", PolicyState.SETTLED.label),
    ("surrender", PolicyState.SURRENDERED.label),
    ("lapse", PolicyState.LAPSED.label),
)
EFFECTS = (
    (Effect.SHORTEN_TERM, _("Shorten the term")),
    (Effect.REDUCE_INSTALMENT, _("Reduce the instalment")),
)
NEEDED = {
    EndorsementKind.PREPAYMENT: ("amount", "effect"),
    EndorsementKind.EXTENSION: ("periods",),
    EndorsementKind.RATE_CHANGE: ("annual_rate",),
    EndorsementKind.CHANGE_OF_INSURED: ("new_insured", "agreement"),
}


def reason_field(label: Any = REASON) -> forms.CharField:
    """Return a field for a sentence or two."""
    return forms.CharField(label=label, max_length=300, widget=forms.Textarea(attrs={"rows": 2}))


class SearchForm(forms.Form):
    words = line(_("Policy or contract number"), is_required=False, most=60)
    status = forms.ChoiceField(
        label=_("Status of the policy"),
        required=False,
        choices=[("", _("All policies")), *PolicyState.choices],
    )


class IssueForm(forms.Form):
    reason = reason_field(_("Grounds of the decision"))
    key = forms.UUIDField(widget=forms.HiddenInput)


class EndorsementForm(forms.Form):
    kind = forms.ChoiceField(label=_("What changes"), choices=EndorsementKind)
    effective_on = day(_("Takes effect on"))
    amount = forms.DecimalField(
        label=_("Repaid early (yuan)"), required=False, max_digits=18, decimal_places=2
    )
    effect = forms.ChoiceField(label=_("Effect on the loan"), required=False, choices=EFFECTS)
    periods = forms.IntegerField(label=_("Longer by (months)"), required=False, min_value=1)
    annual_rate = forms.DecimalField(
        label=_("New interest per year"),
        required=False,
        min_value=0,
        max_value=1,
        max_digits=9,
        decimal_places=6,
        help_text=_("A fraction: 0.08 is 8 %."),
    )
    new_insured = forms.ModelChoiceField(
        label=_("New insured"), required=False, queryset=Lender.objects.order_by("name")
    )
    agreement = forms.FileField(label=_("Transfer agreement"), required=False)
    reason = reason_field()

    def clean(self) -> dict[str, Any]:
        """Ask for what the kind needs."""
        read = super().clean()
        for name in NEEDED.get(read.get("kind"), ()):
            if read.get(name) in {None, ""} and name not in self.errors:
                self.add_error(name, _("This is needed for the change."))
        return read

    def change(self) -> Change:
        """Return what was entered, for the service."""
        read = self.cleaned_data
        names = [name for name in NEEDED[read["kind"]] if name not in {"new_insured", "agreement"}]
        is_insured = read["kind"] == EndorsementKind.CHANGE_OF_INSURED
        return Change(
            kind=read["kind"],
            effective_on=read["effective_on"],
            changes={name: str(read[name]) for name in names},
            reason=read["reason"],
            new_insured=read["new_insured"] if is_insured else None,
        )

    def paper(self) -> tuple[str, Any] | None:
        """Return the agreement that was sent along, if any."""
        sent = self.cleaned_data["agreement"]
        return (sent.name, sent) if sent else None


class DecisionForm(forms.Form):
    is_approved = forms.TypedChoiceField(
        label=_("Your decision"),
        choices=((1, _("Approve")), (0, _("Refuse"))),
        coerce=lambda text: text == "1",
        widget=forms.RadioSelect,
    )
    reason = forms.CharField(
        label=_("Reason"), required=False, max_length=300, widget=forms.Textarea(attrs={"rows": 2})
    )


class ConfirmationForm(forms.Form):
    confirmation = reason_field(_("How assignment and account were confirmed"))


class EndingForm(forms.Form):
    action = forms.ChoiceField(label=_("How cover ends"), choices=ENDINGS)
    on = day(_("First day without cover"))
    reason = reason_field()
    seen = forms.CharField(required=False, max_length=64, widget=forms.HiddenInput)


class ReceiptForm(forms.Form):
    amount = forms.DecimalField(label=_("Amount received (yuan)"), max_digits=18, decimal_places=2)
    received_on = day(_("Received on"))
    reference = line(_("Number at the bank"))
    key = forms.UUIDField(widget=forms.HiddenInput)


class RefundForm(forms.Form):
    on = day(_("Paid on"))
    reference = line(_("Number at the bank"))


class CorrectionForm(forms.Form):
    on = day(_("Business day"))
    reason = reason_field()


class DeliveryForm(forms.Form):
    delivered_at = forms.DateTimeField(
        label=_("Delivered at"),
        widget=forms.DateTimeInput(format="%Y-%m-%dT%H:%M", attrs={"type": "datetime-local"}),
    )
    proof_no = line(_("Waybill, message number or record"))


class NoticeForm(forms.Form):
    notified_on = day(_("Obligor notified on"))
    how = line(_("How the obligor was notified"), most=300)
    proof = forms.FileField(label=_("Proof of the notice (PDF or picture)"))

    def paper(self) -> tuple[str, Any]:
        """Return the proof that was sent."""
        sent = self.cleaned_data["proof"]
        return sent.name, sent


class WithdrawForm(forms.Form):
    reason = reason_field()
