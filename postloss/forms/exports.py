"""Shape of asking for an export that needs approval."""

from django import forms
from django.utils.translation import gettext_lazy as _


class PurposeForm(forms.Form):
    reason = forms.CharField(
        label=_("What the file is needed for"),
        max_length=300,
        widget=forms.Textarea({"rows": 2}),
    )
