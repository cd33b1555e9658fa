"""The shape of what people enter about units, staff and roles."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from organization.enums import Permission, PersonnelKind, RoleKind, UnitKind
from organization.models import Post, Role, Staff, Unit
from organization.selectors.staff import people_with


class DayInput(forms.DateInput):
    """A day as browsers take it, whatever the language: another format shows an empty field."""

    input_type = "date"

    def __init__(self, attrs: dict[str, Any] | None = None):
        super().__init__(attrs, format="%Y-%m-%d")


class _UnitField(forms.ModelChoiceField):
    def label_from_instance(self, unit: Unit) -> str:
        return f"{unit.path} {unit.name}"


class _PersonField(forms.ModelChoiceField):
    def label_from_instance(self, person: Staff) -> str:
        return f"{person.unit.name} · {person.name}"


def _open_units() -> Any:
    return Unit.objects.open().order_by("path")


class _Form(forms.Form):
    """A form whose choices are read when it is made."""

    reason = forms.CharField(label=_("Reason"), max_length=500)

    def __init__(self, *args: Any, **words: Any):
        super().__init__(*args, **words)
        for name in ("unit", "parent"):
            if name in self.fields:
                self.fields[name].queryset = _open_units()
        self.order_fields([*[name for name in self.fields if name != "reason"], "reason"])


class OpenUnitForm(_Form):
    code = forms.SlugField(label=_("Code"), max_length=20)
    name = forms.CharField(label=_("Name"), max_length=80)
    name_en = forms.CharField(label=_("Name in English"), max_length=80, required=False)
    kind = forms.ChoiceField(label=_("Kind"), choices=UnitKind.choices[1:])
    parent = _UnitField(label=_("Below"), queryset=Unit.objects.none())


class RenameUnitForm(_Form):
    name = forms.CharField(label=_("Name"), max_length=80)
    name_en = forms.CharField(label=_("Name in English"), max_length=80, required=False)
    effective_on = forms.DateField(label=_("From"), widget=DayInput)


class MoveUnitForm(_Form):
    parent = _UnitField(label=_("Below"), queryset=Unit.objects.none())
    effective_on = forms.DateField(label=_("From"), widget=DayInput)


class CloseUnitForm(_Form):
    effective_on = forms.DateField(label=_("From"), widget=DayInput)


class HireForm(_Form):
    username = forms.SlugField(label=_("User name"), max_length=60)
    name = forms.CharField(label=_("Name"), max_length=60)
    unit = _UnitField(label=_("Unit"), queryset=Unit.objects.none())
    password = forms.CharField(
        label=_("First password"), widget=forms.PasswordInput(attrs={"autocomplete": "off"})
    )
    access_until = forms.DateTimeField(
        label=_("Access until (visitors)"), required=False, help_text=_("YYYY-MM-DD HH:MM")
    )


class OrderForm(_Form):
    """One order about a person: today's is done at once."""

    kind = forms.ChoiceField(label=_("Kind"), choices=PersonnelKind.choices[1:])
    effective_on = forms.DateField(label=_("From"), widget=DayInput)
    unit = _UnitField(label=_("To the unit"), queryset=Unit.objects.none(), required=False)
    keeps_roles = forms.BooleanField(label=_("Keeps the roles"), required=False)
    successor = _PersonField(label=_("Successor"), queryset=Staff.objects.none(), required=False)

    def __init__(self, *args: Any, person: Staff, **words: Any):
        super().__init__(*args, **words)
        self.fields["successor"].queryset = people_with().exclude(pk=person.pk)


class VisitForm(_Form):
    access_until = forms.DateTimeField(
        label=_("Access until (visitors)"), required=False, help_text=_("YYYY-MM-DD HH:MM")
    )


class AssignForm(_Form):
    role = forms.ModelChoiceField(label=_("Role"), queryset=Role.objects.none())
    valid_from = forms.DateField(label=_("From"), widget=DayInput)
    valid_to = forms.DateField(label=_("Until (excluded)"), widget=DayInput, required=False)

    def __init__(self, *args: Any, **words: Any):
        super().__init__(*args, **words)
        self.fields["role"].queryset = Role.objects.order_by("kind", "code")


class PostForm(forms.Form):
    post = forms.ModelChoiceField(label=_("Post"), queryset=Post.objects.none())
    valid_from = forms.DateField(label=_("From"), widget=DayInput)

    def __init__(self, *args: Any, **words: Any):
        super().__init__(*args, **words)
        self.fields["post"].queryset = Post.objects.order_by("code")


class CertificateForm(forms.Form):
    name = forms.CharField(label=_("Certificate"), max_length=80)
    number = forms.CharField(label=_("Number"), max_length=60)
    issued_on = forms.DateField(label=_("Issued"), widget=DayInput)
    expires_on = forms.DateField(label=_("Runs out"), widget=DayInput, required=False)


class RoleForm(_Form):
    code = forms.SlugField(label=_("Code"), max_length=40)
    name = forms.CharField(label=_("Name"), max_length=80)
    kind = forms.ChoiceField(label=_("Kind"), choices=RoleKind.choices)
    permissions = forms.MultipleChoiceField(
        label=_("Permissions"), choices=Permission.choices, widget=forms.CheckboxSelectMultiple
    )


class DecisionForm(forms.Form):
    decision = forms.ChoiceField(
        label=_("Decision"), choices=[("yes", _("Approve")), ("no", _("Refuse"))]
    )
    remark = forms.CharField(label=_("Remark"), max_length=500, required=False)


class CertifyForm(forms.Form):
    decision = forms.ChoiceField(choices=[("yes", _("Confirm")), ("no", _("Revoke"))])
    reason = forms.CharField(max_length=500, required=False)


class EndForm(forms.Form):
    reason = forms.CharField(label=_("Reason"), max_length=500)
