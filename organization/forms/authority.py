"""Shape of grants, delegations, and the question who could sign."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from organization.enums import ExceptionKind, GrantKind
from organization.models import AuthorityGrant, Role, Staff, Unit
from organization.rules.authority import ANY, LIFTS, SETS, CaseFacts, Extent
from organization.selectors.values import known_values

FACT_LABELS = {
    "product": _("Product"),
    "obligor_type": _("Obligor type"),
    "channel": _("Channel"),
    "grade": _("Grade"),
}


def day(label: str, *, is_required: bool = True) -> forms.DateField:
    """Return a field for a day, as browsers want it."""
    return forms.DateField(
        label=label,
        required=is_required,
        widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"}),
    )


def words(label: str, *, is_required: bool = True, rows: int = 2) -> forms.CharField:
    """Return a field for a few sentences."""
    return forms.CharField(
        label=label,
        required=is_required,
        max_length=500,
        widget=forms.Textarea(attrs={"rows": rows}),
    )


def money(label: str, *, is_required: bool = True) -> forms.DecimalField:
    """Return a field for yuan."""
    return forms.DecimalField(
        label=label, required=is_required, min_value=0, max_digits=18, decimal_places=2
    )


def fraction(label: str, help_text: str = "") -> forms.DecimalField:
    """Return a field for a fraction that may be unknown."""
    return forms.DecimalField(
        label=label,
        required=False,
        min_value=0,
        max_digits=9,
        decimal_places=6,
        help_text=help_text,
    )


class Codes(forms.CharField):
    """Codes with commas between; a star or nothing is any."""

    def clean(self, value: str) -> tuple[str, ...]:
        text = super().clean(value or "")
        found = [each.strip() for each in text.replace("，", ",").split(",") if each.strip()]
        return tuple(found) or (ANY,)


class Offered(forms.TextInput):
    """One line that offers the values known for a fact of cases; others may be typed."""

    template_name = "organization/authority/_offered.html"

    def __init__(self, fact: str):
        super().__init__()
        self.fact = fact

    def get_context(self, name: str, value: Any, attrs: Any) -> dict[str, Any]:
        """Name the list of the values, and put them beside the field."""
        context = super().get_context(name, value, attrs)
        context["widget"]["attrs"]["list"] = f"known-{name}"
        return context | {"list_id": f"known-{name}", "values": known_values(self.fact)}


def offered(fact: str) -> forms.CharField:
    """Return a field for a fact of a case, with the values that authority knows."""
    return forms.CharField(
        label=FACT_LABELS[fact], required=False, max_length=120, widget=Offered(fact)
    )


class ExtentForm(forms.Form):
    unit = forms.ModelChoiceField(label=_("Unit and all below"), queryset=Unit.objects.none())
    products = Codes(label=_("Products"), required=False, initial=ANY)
    obligor_types = Codes(label=_("Obligor types"), required=False, initial=ANY)
    channels = Codes(label=_("Channels"), required=False, initial=ANY)
    grades = Codes(label=_("Grades"), required=False, initial=ANY)
    max_amount = money(_("Up to (yuan)"), is_required=False)
    min_rate = fraction(_("Lowest price (per year)"), _("A fraction: 0.08 is 8 %."))
    max_ltv = fraction(_("Highest loan-to-value"), _("A fraction: 0.7 is 70 %."))
    max_term = forms.IntegerField(label=_("Longest term (months)"), required=False, min_value=1)
    exceptions = forms.MultipleChoiceField(
        label=_("Exceptions"),
        required=False,
        choices=ExceptionKind,
        widget=forms.CheckboxSelectMultiple,
    )
    valid_from = day(_("Valid from"))
    valid_to = day(_("Valid until (not counted)"), is_required=False)
    reason = words(_("Reason"))

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        for fact, name in SETS.items():
            known = "、".join(known_values(fact))
            self.fields[name].help_text = known and _("Known: %(names)s") % {"names": known}

    def extent(self) -> Extent:
        """Return how far the authority reaches, as entered."""
        read = self.cleaned_data
        return Extent(
            unit_path=read["unit"].path,
            exceptions=tuple(read["exceptions"]),
            **{name: read[name] for name in (*SETS.values(), "max_amount", "min_rate", "max_ltv")},
            max_term=read["max_term"],
        )


class GrantForm(ExtentForm):
    field_order = ["kind", "role", "person", "level", "unit"]
    kind = forms.ChoiceField(label=_("Kind"), choices=GrantKind)
    role = forms.ModelChoiceField(
        label=_("Role"), required=False, queryset=Role.objects.filter(kind="business")
    )
    person = forms.ModelChoiceField(
        label=_("or person"), required=False, queryset=Staff.objects.filter(is_active=True)
    )
    level = forms.IntegerField(label=_("Level"), min_value=1, max_value=99, initial=1)
    ends_at = forms.DateTimeField(
        label=_("Ends at"),
        required=False,
        help_text=_("For an emergency grant."),
        widget=forms.DateTimeInput(format="%Y-%m-%dT%H:%M", attrs={"type": "datetime-local"}),
    )

    def __init__(self, *args: Any, units: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.fields["unit"].queryset = units
        self.fields["role"].queryset = Role.objects.filter(kind="business").order_by("name")
        self.fields["person"].queryset = Staff.objects.filter(is_active=True).order_by("username")

    def draft_words(self) -> dict[str, Any]:
        """Return what `grant_draft` takes."""
        own = ("kind", "role", "person", "level", "ends_at", "unit", "valid_from", "valid_to")
        return {
            **{name: self.cleaned_data[name] for name in own},
            "reason": self.cleaned_data["reason"],
            "extent": self.extent(),
        }


class DelegationForm(ExtentForm):
    field_order = ["grant", "delegate", "unit"]
    grant = forms.ModelChoiceField(
        label=_("Authority of mine"), queryset=AuthorityGrant.objects.none()
    )
    delegate = forms.ModelChoiceField(label=_("To colleague"), queryset=Staff.objects.none())
    valid_to = day(_("Valid until (not counted)"))

    def __init__(self, *args: Any, units: Any, grants: Any, people: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.fields["unit"].queryset = units
        self.fields["grant"].queryset = grants
        self.fields["grant"].label_from_instance = grant_words
        self.fields["delegate"].queryset = people


def grant_words(grant: AuthorityGrant) -> str:
    """Name a grant in a list of choices."""
    return f"#{grant.pk} · {grant.unit.name} · {grant.limit_words}"


class ReasonForm(forms.Form):
    reason = words(_("Reason"))


class FactsForm(forms.Form):
    """The question who could sign: in the address, so that it can be sent to a colleague."""

    unit = forms.ModelChoiceField(
        label=_("Unit"), queryset=Unit.objects.none(), to_field_name="code"
    )
    amount = money(_("Amount (yuan)"), is_required=False)
    product = offered("product")
    obligor_type = offered("obligor_type")
    channel = offered("channel")
    grade = offered("grade")
    rate = fraction(_("Price (per year)"))
    ltv = fraction(_("Loan-to-value"))
    term = forms.IntegerField(label=_("Term (months)"), required=False, min_value=1)
    exceptions = forms.MultipleChoiceField(
        label=_("Exceptions"), required=False, choices=ExceptionKind
    )
    is_internet = forms.BooleanField(label=_("Internet business"), required=False)

    def __init__(self, *args: Any, units: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.fields["unit"].queryset = units

    def facts(self) -> CaseFacts:
        """Return what was asked; what was left empty is not known."""
        read = dict(self.cleaned_data)
        unit = read.pop("unit")
        exceptions = tuple(read.pop("exceptions"))
        if exceptions == LIFTS:
            read["amount"] = None  # a lift has none
        return CaseFacts(
            unit_path=unit.path,
            exceptions=exceptions,
            **{name: value if value != "" else None for name, value in read.items()},
        )
