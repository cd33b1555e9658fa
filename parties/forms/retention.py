"""Shape of holds and of proposals to delete."""

from django import forms
from django.utils.translation import gettext_lazy as _

from parties.enums import RecordKind
from parties.rules import Years

ROWS = {"rows": 2}


def _years(label: object, **words: object) -> forms.IntegerField:
    return forms.IntegerField(label=label, min_value=0, max_value=100, **words)


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


class RuleForm(forms.Form):
    """How long a kind is kept, from when on and by which source."""

    kind = forms.ChoiceField(label=_("Kind"), choices=RecordKind)
    short_years = _years(_("Up to 12 months (years)"))
    long_years = _years(_("Over 12 months (years)"))
    floor_years = _years(_("At least, by another law (years)"), initial=0)
    dispute_years = _years(_("After a dispute (years)"))
    valid_from = forms.DateField(
        label=_("Valid from"), widget=forms.DateInput({"type": "date"}, format="%Y-%m-%d")
    )
    source = forms.CharField(
        label=_("Source"), max_length=300, help_text=_("Article of the law or resolution.")
    )
    reason = forms.CharField(label=_("Reason"), max_length=300, widget=forms.Textarea(ROWS))

    def years(self) -> Years:
        """Return the periods."""
        given = self.cleaned_data
        return Years(
            given["short_years"],
            given["long_years"],
            given["floor_years"],
            given["dispute_years"],
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
