"""Shape of deciding on an export or a list."""

from django import forms
from django.utils.translation import gettext_lazy as _

ROWS = {"rows": 2}


class DecisionForm(forms.Form):
    """Approve or send back; sending back needs a remark, as the service says."""

    decision = forms.ChoiceField(
        label=_("Decision"),
        choices=[("approve", _("Approve")), ("refuse", _("Turn down"))],
        widget=forms.RadioSelect,
    )
    remark = forms.CharField(
        label=_("Remark"), required=False, max_length=500, widget=forms.Textarea(ROWS)
    )
