"""Shape of holds and of proposals to delete."""

from django import forms
from django.utils.translation import gettext_lazy as _

ROWS = {"rows": 2}


class HoldForm(forms.Form):
    reason = forms.CharField(label=_("Why it is held"), max_length=300, widget=forms.Textarea(ROWS))


class LiftForm(forms.Form):
    dispute_ended_on = forms.DateField(
        label=_("The dispute ended on"),
        widget=forms.DateInput({"type": "date"}, format="%Y-%m-%d"),
    )
    reason = forms.CharField(
        label=_("Why it is lifted"), max_length=300, widget=forms.Textarea(ROWS)
    )


class ProposalForm(forms.Form):
    """The chosen originals and the reason."""

    records = forms.TypedMultipleChoiceField(coerce=int, required=False)
    reason = forms.CharField(
        label=_("Why it is deleted"), max_length=300, widget=forms.Textarea(ROWS)
    )

    def __init__(self, *args, choices=(), **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["records"].choices = [(pk, pk) for pk in choices]
