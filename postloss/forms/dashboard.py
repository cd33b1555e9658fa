"""Shape of the filters in the addresses of dashboard, month-ends and loans."""

from __future__ import annotations

from typing import Any

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core.errors import Missing
from postloss.enums import Dimension, WarningLevel

UNITS_BELOW = "unit"
MONTH = r"^\d{4}-(0[1-9]|1[0-2])$"
MONEY = [("wan", "wan"), ("yuan", "yuan")]
BY = [(UNITS_BELOW, UNITS_BELOW), *((d.value, d.value) for d in Dimension if d != Dimension.TOTAL)]
LEVELS = [*WarningLevel.choices, ("data_quality", "data_quality")]
SORTS = ("name", "loans", "outstanding", "overdue_rate", "roll_m0_1", "change", "tail_over_180")
LOAN_SORTS = ("balance", "days", "instalments", "loan", "disbursed")


def _either_way(names: tuple[str, ...]) -> list[tuple[str, str]]:
    return [(f"{sign}{name}", name) for name in names for sign in ("", "-")]


class SliceForm(forms.Form):
    """What every one of these pages is narrowed to."""

    version = forms.IntegerField(required=False, min_value=1, max_value=10_000)
    unit = forms.CharField(required=False, max_length=20)
    lender = forms.CharField(required=False, max_length=20)
    money = forms.ChoiceField(required=False, choices=MONEY)


class DashboardForm(SliceForm):
    month = forms.RegexField(MONTH, required=False)
    by = forms.ChoiceField(required=False, choices=BY)
    level = forms.ChoiceField(required=False, choices=LEVELS)
    sort = forms.ChoiceField(required=False, choices=_either_way(SORTS))


class LoansForm(SliceForm):
    dimension = forms.ChoiceField(required=False, choices=Dimension)
    value = forms.CharField(required=False, max_length=120, strip=False)
    bucket = forms.RegexField(r"^[a-z0-9_]{1,20}$", required=False)
    before = forms.RegexField(r"^[a-z0-9_]{1,20}$", required=False)
    sort = forms.ChoiceField(required=False, choices=_either_way(LOAN_SORTS))


class DifferenceForm(SliceForm):
    kind = forms.RegexField(r"^[a-z]{1,10}$", required=False)


class ClosingForm(forms.Form):
    """Ask for a closing; a month that is closed already needs a reason."""

    reason = forms.CharField(
        label=gettext_lazy("Reason for the new version"),
        max_length=500,
        required=False,
        widget=forms.Textarea({"rows": 2}),
    )

    def __init__(self, *args: Any, is_restatement: bool, **kwargs: Any):
        super().__init__(*args, **kwargs)
        if is_restatement:
            self.fields["reason"].required = True
        else:
            del self.fields["reason"]


def read_filters(form_class: type[SliceForm], query: QueryDict) -> dict[str, Any]:
    """Return the filters of an address; one that cannot be read names no page.

    Raises:
        Missing: a filter is not of its shape.
    """
    form = form_class(query)
    if not form.is_valid():
        raise Missing("page_missing", _("There is no such page, or it is not yours to see."))
    return form.cleaned_data
