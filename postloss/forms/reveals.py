"""Shape of unmasking."""

from django import forms
from django.utils.translation import gettext_lazy as _

from parties.enums import RevealedField


class RevealForm(forms.Form):
    shown = forms.MultipleChoiceField(
        label=_("What you need to see"),
        choices=RevealedField,
        widget=forms.CheckboxSelectMultiple,
    )
    reason = forms.CharField(
        label=_("Why you need to see it"),
        max_length=300,
        widget=forms.Textarea({"rows": 2}),
    )
