"""Shape of a quote."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from organization.models import Unit
from partners.models import Channel, Lender
from products.enums import PaymentMode
from products.selectors import Method, PricingTerms
from underwriting.enums import DeliveryMode
from underwriting.rules.assignments import Transfer
from underwriting.services.quotes import Person, QuoteOrder

METHODS = (
    (Method.EQUAL_INSTALMENT, _("Equal instalments of principal and interest")),
    (Method.EQUAL_PRINCIPAL, _("Equal instalments of principal")),
    (Method.INTEREST_FIRST, _("Interest first, principal at the end")),
    (Method.BULLET, _("Principal and interest at the end")),
)
HISTORY = (
    ("none", _("Never assigned")),
    ("once", _("Assigned once, to the insured")),
    ("unknown", _("Not known")),
)


def day(label: Any, *, is_required: bool = True) -> forms.DateField:
    """Return a field for a day."""
    return forms.DateField(
        label=label,
        required=is_required,
        widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"}),
    )


def line(label: Any, *, is_required: bool = True, most: int = 120) -> forms.CharField:
    """Return a field for one line."""
    return forms.CharField(label=label, required=is_required, max_length=most)


class QuoteForm(forms.Form):
    product_code = forms.ChoiceField(label=_("Product"))
    unit = forms.ModelChoiceField(label=_("Issuing unit"), queryset=Unit.objects.none())
    lender = forms.ModelChoiceField(
        label=_("Insured (lender)"), queryset=Lender.objects.order_by("name")
    )
    channel = forms.ModelChoiceField(
        label=_("Channel"), required=False, queryset=Channel.objects.order_by("name")
    )
    contract_no = line(_("Number of the loan contract"), most=60)
    obligor_name = line(_("Name of the obligor"))
    obligor_document = line(_("Identity number of the obligor"), most=40)
    underlying_name = line(_("Name of the underlying obligor"), is_required=False)
    underlying_document = line(
        _("Identity number of the underlying obligor"), is_required=False, most=40
    )
    region = forms.RegexField(
        label=_("Policyholder's place (code of the region)"),
        regex=r"^(\d{2}|\d{4}|\d{6})$",
        help_text=_("GB/T 2260: two digits of the province, four of the city or six."),
        error_messages={"invalid": _("A region is two, four or six digits.")},
    )
    principal = forms.DecimalField(
        label=_("Principal (yuan)"), min_value=0, max_digits=18, decimal_places=2
    )
    annual_rate = forms.DecimalField(
        label=_("Interest per year"),
        min_value=0,
        max_value=1,
        max_digits=9,
        decimal_places=6,
        help_text=_("A fraction: 0.08 is 8 %."),
    )
    periods = forms.IntegerField(label=_("Term (months)"), min_value=1, max_value=600)
    method = forms.ChoiceField(label=_("Repayment"), choices=METHODS)
    start = day(_("Paid out on"))
    first_due = day(_("First due on (if it is not a month later)"), is_required=False)
    grade = line(_("Grade"), is_required=False, most=20)
    ltv = forms.DecimalField(
        label=_("Loan-to-value"),
        required=False,
        min_value=0,
        max_digits=9,
        decimal_places=6,
        help_text=_("A fraction: 0.7 is 70 %."),
    )
    obligor_type = line(_("Obligor type"), is_required=False, most=40)
    lender_type = forms.ChoiceField(label=_("Kind of lender"))
    mode = forms.ChoiceField(label=_("Payment of the premium"), choices=PaymentMode)
    history = forms.ChoiceField(
        label=_("Was the claim assigned before?"), choices=HISTORY, widget=forms.RadioSelect
    )
    original_creditor = line(_("Original creditor"), is_required=False)
    transfer_no = line(_("Number of the assignment contract"), is_required=False, most=60)
    transferred_on = day(_("Assigned on"), is_required=False)
    transfer_paper = forms.FileField(label=_("Assignment contract"), required=False)
    policyholder_delivery = forms.ChoiceField(
        label=_("Delivery to the policyholder"), choices=DeliveryMode
    )
    insured_delivery = forms.ChoiceField(label=_("Delivery to the insured"), choices=DeliveryMode)

    def __init__(self, *args: Any, units: Any, products: Any, lender_types: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.fields["unit"].queryset = units
        self.fields["product_code"].choices = products
        self.fields["lender_type"].choices = lender_types

    def clean(self) -> dict[str, Any]:
        """Ask for what the answers before it make necessary."""
        read = super().clean()
        if bool(read.get("underlying_name")) != bool(read.get("underlying_document")):
            self.add_error("underlying_document", _("Give name and number, or neither."))
        if read.get("history") == "once":
            for name in ("original_creditor", "transfer_no", "transferred_on"):
                if not read.get(name):
                    self.add_error(name, _("Say this of the assignment."))
        return read

    def order(self) -> QuoteOrder:
        """Return what was entered, for the service."""
        read = self.cleaned_data
        lender = read["lender"]
        return QuoteOrder(
            product_code=read["product_code"],
            terms=self._terms(),
            unit=read["unit"],
            lender=lender,
            channel=read["channel"],
            obligor=Person(document=read["obligor_document"], name=read["obligor_name"]),
            underlying_obligor=(
                Person(document=read["underlying_document"], name=read["underlying_name"])
                if read["underlying_document"]
                else None
            ),
            contract_no=read["contract_no"],
            original_creditor=read["original_creditor"] or lender.name,
            history=self._history(),
            policyholder_delivery=read["policyholder_delivery"],
            insured_delivery=read["insured_delivery"],
            region=read["region"],
        )

    def papers(self) -> list[tuple[str, Any]]:
        """Return the file that was sent along, if any."""
        sent = self.cleaned_data["transfer_paper"]
        return [(sent.name, sent)] if sent else []

    def _terms(self) -> PricingTerms:
        read = self.cleaned_data
        same = (
            "principal", "annual_rate", "periods", "start", "first_due", "grade", "ltv",
            "obligor_type", "lender_type", "mode",
        )  # fmt: skip
        return PricingTerms(
            **{name: read[name] for name in same},
            method=Method(read["method"]),
            channel=read["channel"].name if read["channel"] else "",
            lender_code=read["lender"].code,
        )

    def _history(self) -> tuple[Transfer, ...] | None:
        read = self.cleaned_data
        if read["history"] == "unknown":
            return None
        if read["history"] == "none":
            return ()
        return (
            Transfer(
                sequence=1,
                from_name=read["original_creditor"],
                to_name=read["lender"].name,
                contract_no=read["transfer_no"],
                transferred_on=read["transferred_on"],
            ),
        )
