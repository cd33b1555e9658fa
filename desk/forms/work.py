"""Filters and steps of work."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from organization.enums import WorkKind
from organization.models import Staff, WorkItem
from organization.selectors.staff import people_with


class WorkFilterForm(forms.Form):
    """What of a tab is shown; lives in the address. A wrong word narrows nothing."""

    kind = forms.ChoiceField(
        label=_("Kind"), choices=[("", _("All kinds")), *WorkKind.choices], required=False
    )
    text = forms.CharField(label=_("Words in the title"), max_length=60, required=False)
    is_late = forms.BooleanField(label=_("Late only"), required=False)

    def read(self) -> dict[str, Any]:
        """Return the words that are in order; the others are empty."""
        self.is_valid()
        given = getattr(self, "cleaned_data", {})
        return {
            "kind": given.get("kind", ""),
            "text": given.get("text", ""),
            "is_late": bool(given.get("is_late")),
        }


class _Person(forms.ModelChoiceField):
    def label_from_instance(self, person: Staff) -> str:
        return f"{person.unit.name} · {person.name}"


class HandOverForm(forms.Form):
    """To whom, among those who may do it; nobody is the team."""

    to = _Person(
        label=_("To"), queryset=Staff.objects.none(), required=False, empty_label=_("The team")
    )
    remark = forms.CharField(label=_("Remark"), max_length=500, required=False)

    def __init__(self, *args: Any, item: WorkItem, **words: Any):
        super().__init__(*args, **words)
        people = people_with(permission=item.permission)
        barred = item.initiator_id if item.is_by_another else None
        self.fields["to"].queryset = people.exclude(pk=barred)


class CopyForm(forms.Form):
    """Whom to tell."""

    to = _Person(label=_("To"), queryset=Staff.objects.none())

    def __init__(self, *args: Any, permission: str, **words: Any):
        super().__init__(*args, **words)
        self.fields["to"].queryset = people_with(permission=permission)
