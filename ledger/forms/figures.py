"""Shape of what people send about finance figures."""

from django import forms
from django.utils.translation import gettext_lazy as _


class FinanceFileForm(forms.Form):
    file = forms.FileField(
        label=_("File"),
        help_text=_("CSV in UTF-8 or GB18030 with the columns month, code, amount (yuan)."),
        widget=forms.FileInput(attrs={"accept": ".csv,text/csv"}),
    )


class RemarkForm(forms.Form):
    remark = forms.CharField(
        label=_("Remark"), required=False, max_length=500, widget=forms.Textarea({"rows": 2})
    )


class ReasonForm(forms.Form):
    reason = forms.CharField(label=_("Reason"), max_length=500, widget=forms.Textarea({"rows": 2}))
