"""What a look-up asks for."""

from django import forms
from django.utils.translation import gettext_lazy as _


class LookUpForm(forms.Form):
    """One whole number; it is sent in the body, never in an address, and is not kept."""

    number = forms.CharField(
        label=_("Document, telephone or card number"),
        max_length=60,
        help_text=_("The whole number. Blanks, hyphens, width and +86 do not matter."),
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
