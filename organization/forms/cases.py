"""Shape of a case, its parties, its decision; of declarations and committees."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from organization.enums import (
    CasePartyKind,
    CommitteeKind,
    DecisionOutcome,
    ExceptionKind,
    IdentityKind,
    RelationKind,
    ReleaseGround,
    VoteChoice,
)
from organization.forms.authority import day, fraction, money, offered, words
from organization.models import Committee, Staff, Unit
from organization.services.cases import CaseTerms, PartyOfCase

TERMS = ("title", "text", "amount", "product", "obligor_type", "channel", "grade", "rate", "ltv")

OF_A_CASE = [  # a control is lifted by the loop of its warning, not by a case
    (each.value, each.label) for each in ExceptionKind if each != ExceptionKind.CONTROL_LIFT
]


def line(label: str, *, is_required: bool = False, most: int = 120) -> forms.CharField:
    """Return a field for one line."""
    return forms.CharField(label=label, required=is_required, max_length=most)


def upload(label: str, help_text: str = "") -> forms.FileField:
    """Return a field for one file that may be left out."""
    return forms.FileField(label=label, required=False, help_text=help_text)


class TermsForm(forms.Form):
    title = forms.CharField(
        label=_("Title"), max_length=120, help_text=_("Without names of persons or numbers.")
    )
    text = words(_("What is asked, and why"), rows=4)
    amount = money(_("Amount (yuan)"))
    product = offered("product")
    obligor_type = offered("obligor_type")
    channel = offered("channel")
    grade = offered("grade")
    rate = fraction(_("Price (per year)"), _("A fraction: 0.08 is 8 %."))
    ltv = fraction(_("Loan-to-value"), _("A fraction: 0.7 is 70 %."))
    term = forms.IntegerField(label=_("Term (months)"), required=False, min_value=1)
    exceptions = forms.MultipleChoiceField(
        label=_("Exceptions"),
        required=False,
        choices=OF_A_CASE,
        widget=forms.CheckboxSelectMultiple,
    )
    is_internet = forms.BooleanField(
        label=_("Internet business"),
        required=False,
        help_text=_("Decided at head office alone."),
    )
    document = upload(_("Document"), _("One file of at most 20 MiB."))

    def terms(self) -> CaseTerms:
        """Return what the case asks for, as entered."""
        read = self.cleaned_data
        return CaseTerms(
            **{name: read[name] for name in (*TERMS, "term")},
            exceptions=tuple(read["exceptions"]),
            is_internet=read["is_internet"],
        )

    def documents(self) -> list[tuple[str, Any]]:
        """Return the file that was sent along, if any."""
        sent = self.cleaned_data["document"]
        return [(sent.name[:255], sent)] if sent else []


class CaseForm(TermsForm):
    field_order = ["unit"]
    unit = forms.ModelChoiceField(label=_("Unit"), queryset=Unit.objects.none())

    def __init__(self, *args: Any, units: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.fields["unit"].queryset = units


class PartyForm(forms.Form):
    kind = forms.ChoiceField(label=_("Part"), choices=CasePartyKind)
    name = line(_("Name"))
    document = line(_("Identity number"))
    phone = line(_("Phone"))
    address = line(_("Address"))
    employer = line(_("Employer"))
    account = line(_("Bank account"))

    def party(self) -> PartyOfCase | None:
        """Return the party of this row; none where nothing is named."""
        read = self.cleaned_data
        identities = {kind: read.get(kind, "") for kind in IdentityKind.values if read.get(kind)}
        if not read.get("name") and not identities:
            return None
        return PartyOfCase(kind=read["kind"], name=read.get("name", ""), identities=identities)


PartyFormSet = forms.formset_factory(PartyForm, extra=2, max_num=10, absolute_max=10)


class DecisionForm(forms.Form):
    outcome = forms.ChoiceField(
        label=_("Your decision"), choices=DecisionOutcome, widget=forms.RadioSelect
    )
    reason = words(_("Reason"))
    version = forms.IntegerField(widget=forms.HiddenInput)
    key = forms.UUIDField(widget=forms.HiddenInput)


class VersionForm(forms.Form):
    version = forms.IntegerField(widget=forms.HiddenInput)
    reason = words(_("Reason"))


class RelationForm(forms.Form):
    kind = forms.ChoiceField(label=_("Relation"), choices=RelationKind)
    colleague = forms.ModelChoiceField(
        label=_("Colleague"), required=False, queryset=Staff.objects.none()
    )
    name = line(_("or party: name"))
    identity_kind = forms.ChoiceField(
        label=_("recognised by"), required=False, choices=[("", "—"), *IdentityKind.choices]
    )
    value = line(_("Value"))
    valid_from = day(_("Valid from"))
    remark = words(_("Remark"), is_required=False)
    evidence = upload(_("Evidence"), _("One file of at most 20 MiB."))

    def __init__(self, *args: Any, people: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.fields["colleague"].queryset = people


class IdentityForm(forms.Form):
    kind = forms.ChoiceField(label=_("Kind"), choices=IdentityKind)
    value = line(_("Value"), is_required=True)


class CommitteeForm(forms.Form):
    code = line(_("Code"), is_required=True, most=40)
    name = line(_("Name"), is_required=True)
    kind = forms.ChoiceField(label=_("Kind"), choices=CommitteeKind)
    unit = forms.ModelChoiceField(label=_("Unit and all below"), queryset=Unit.objects.none())
    quorum_share = forms.DecimalField(
        label=_("Quorum (share of members)"), max_digits=7, decimal_places=6
    )
    majority_share = forms.DecimalField(
        label=_("Majority"),
        max_digits=7,
        decimal_places=6,
        help_text=_("0.5 is more than half; any other share is reached."),
    )
    is_majority_of_members = forms.BooleanField(
        label=_("The majority counts all members, not only those who voted"), required=False
    )
    has_chair_veto = forms.BooleanField(label=_("The chair may veto"), required=False)
    source = line(_("Source"), is_required=True, most=300)
    valid_from = day(_("Valid from"))

    def __init__(self, *args: Any, units: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.fields["unit"].queryset = units


class SeatForm(forms.Form):
    person = forms.ModelChoiceField(label=_("Member"), queryset=Staff.objects.none())
    is_chair = forms.BooleanField(label=_("Chair"), required=False)
    valid_from = day(_("Valid from"))

    def __init__(self, *args: Any, people: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.fields["person"].queryset = people


class ReleaseForm(forms.Form):
    ground = forms.ChoiceField(label=_("Why"), choices=ReleaseGround)
    reason = words(_("Reason"))


class EndForm(forms.Form):
    """The day on which a seat or a committee is no more."""

    valid_to = day(_("Ends on (not counted)"), is_required=False)
    reason = words(_("Reason"))


class PutForm(forms.Form):
    committee = forms.ModelChoiceField(label=_("Committee"), queryset=Committee.objects.none())
    meeting = line(_("Meeting"), is_required=True)
    held_on = day(_("Held on"))
    document = upload(_("Material"))

    def __init__(self, *args: Any, committees: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.fields["committee"].queryset = committees


class VoteForm(forms.Form):
    choice = forms.ChoiceField(label=_("Vote"), choices=VoteChoice, widget=forms.RadioSelect)
    remark = words(_("Remark"), is_required=False)
