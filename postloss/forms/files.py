"""Forms for lender files."""

from django import forms
from django.utils.translation import gettext_lazy as _

from partners.models import Lender


class MultipleFileInput(forms.ClearableFileInput):
    allow_multiple_selected = True


class FilesField(forms.FileField):
    widget = MultipleFileInput

    def clean(self, data, initial=None):
        one = super().clean
        return [one(each, initial) for each in (data if isinstance(data, list | tuple) else [data])]


class UploadForm(forms.Form):
    lender = forms.ModelChoiceField(Lender.objects.order_by("code"), label=_("Lender"))
    files = FilesField(
        label=_("Files"),
        help_text=_("loans*, repayment_YYYYMM*, or a corrected workbook of rejects; many at once"),
    )
    is_replacement = forms.BooleanField(
        label=_("Replace the whole dates that the files name"), required=False
    )


class LenderForm(forms.Form):
    code = forms.CharField(label=_("Code"), max_length=20)
    name = forms.CharField(label=_("Name"), max_length=120)
