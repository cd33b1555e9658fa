"""Searching the audit trail; asking for and releasing evidence packs; the public check."""

from django import forms
from django.utils.translation import gettext_lazy as _

from core.evidence import nouns


class AuditFilterForm(forms.Form):
    """Filters in the address; what cannot be read narrows nothing."""

    who = forms.CharField(label=_("User name"), required=False, max_length=60)
    action = forms.CharField(label=_("Action"), required=False, max_length=80)
    object_type = forms.CharField(label=_("Kind of object"), required=False, max_length=80)
    object_id = forms.CharField(label=_("Object no."), required=False, max_length=80)
    request = forms.CharField(label=_("Request or job"), required=False, max_length=64)
    text = forms.CharField(label=_("Free text"), required=False, max_length=80)
    since = forms.DateField(
        label=_("From"), required=False, widget=forms.DateInput({"type": "date"}, "%Y-%m-%d")
    )
    until = forms.DateField(
        label=_("To"), required=False, widget=forms.DateInput({"type": "date"}, "%Y-%m-%d")
    )

    def read(self) -> dict[str, object]:
        """Return what could be read."""
        self.is_valid()
        return {name: value for name, value in self.cleaned_data.items() if value}


class PackForm(forms.Form):
    reason = forms.CharField(
        label=_("What the pack is needed for"),
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 2}),
    )


class ObjectForm(forms.Form):
    """Which object a pack is wanted of."""

    label = forms.ChoiceField(label=_("Kind of object"))
    number = forms.IntegerField(label=_("Object no."), min_value=1)

    def __init__(self, *args: object, **kwargs: object):
        super().__init__(*args, **kwargs)
        self.fields["label"].choices = list(nouns().items())


class ReleaseForm(forms.Form):
    days = forms.IntegerField(label=_("Days"), min_value=1)


class PublicCheckForm(forms.Form):
    """The file itself is hashed while it comes in and is not here."""

    code = forms.CharField(
        label=_("Evidence number"), max_length=20, help_text=_("On the first page of the pack.")
    )
