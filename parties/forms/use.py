"""Shape of concluding an alert."""

from django import forms
from django.utils.translation import gettext_lazy as _

from parties.enums import AlertConclusion


class ConclusionForm(forms.Form):
    conclusion = forms.ChoiceField(label=_("Conclusion"), choices=AlertConclusion)
    remark = forms.CharField(
        label=_("What the review found"), max_length=500, widget=forms.Textarea({"rows": 2})
    )
