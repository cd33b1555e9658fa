"""Shape of a personal-information request and of its answer."""

from django import forms
from django.utils.translation import gettext_lazy as _

from parties.enums import AnswerKind, RequestKind

ROWS = {"rows": 2}


class RequestForm(forms.Form):
    kind = forms.ChoiceField(label=_("What is asked"), choices=RequestKind)
    document = forms.CharField(
        label=_("Document number"),
        max_length=60,
        help_text=_("Finds the person; the number itself is not kept."),
        widget=forms.TextInput({"autocomplete": "off"}),
    )
    channel = forms.CharField(label=_("How it came in"), max_length=80)
    received_on = forms.DateField(
        label=_("Received on"), widget=forms.DateInput({"type": "date"}, format="%Y-%m-%d")
    )


class IdentityForm(forms.Form):
    decision = forms.ChoiceField(
        label=_("Identity"),
        choices=[("shown", _("Shown")), ("not_shown", _("Not shown: turn away"))],
        widget=forms.RadioSelect,
    )
    note = forms.CharField(
        label=_("How the person showed who they are"),
        max_length=300,
        widget=forms.Textarea(ROWS),
    )


class AnswerForm(forms.Form):
    answer = forms.ChoiceField(label=_("Answer"), choices=AnswerKind)
    correct_name = forms.CharField(
        label=_("Correct name"),
        required=False,
        max_length=120,
        help_text=_("Only where the name is corrected."),
    )
    reason = forms.CharField(
        label=_("What the person is told, and why"),
        max_length=2000,
        widget=forms.Textarea({"rows": 3}),
    )
