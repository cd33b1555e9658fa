"""Shape of what people send about reports."""

import datetime as dt
from collections.abc import Sequence

from django import forms
from django.utils.translation import gettext_lazy as _

from core.months import quarter_text


class QuarterForm(forms.Form):
    quarter = forms.ChoiceField(label=_("Quarter"))

    def __init__(self, *args: object, quarters: Sequence[dt.date], **kwargs: object):
        super().__init__(*args, **kwargs)
        words = [quarter_text(day) for day in quarters]
        self.fields["quarter"].choices = [(word, word) for word in words]


class RemarkForm(forms.Form):
    remark = forms.CharField(
        label=_("Remark"), required=False, max_length=500, widget=forms.Textarea({"rows": 2})
    )
