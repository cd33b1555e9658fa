"""Shape of the steps of a warning and of the filters over the list."""

from __future__ import annotations

from typing import Any

from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from postloss.enums import Dimension, Indicator, Measure, WarningLevel, WarningState
from postloss.models import RiskWarning

REMARK_MAX = 2000
STANDING = "standing"


def _remark(*, is_required: bool = True) -> forms.CharField:
    return forms.CharField(
        label=_("Remark"),
        required=is_required,
        max_length=REMARK_MAX,
        widget=forms.Textarea(attrs={"rows": 3}),
    )


class AcknowledgeForm(forms.Form):
    remark = _remark(is_required=False)


class DisposeForm(forms.Form):
    measure = forms.ChoiceField(label=_("Measure"), choices=Measure)
    remark = _remark()
    evidence = forms.FileField(
        label=_("Evidence"), required=False, help_text=_("One file of at most 20 MiB.")
    )


class ReviewForm(forms.Form):
    decision = forms.ChoiceField(
        label=_("Decision"),
        choices=[("accept", _("Accept the disposal")), ("return", _("Return it to the handler"))],
        widget=forms.RadioSelect,
    )
    remark = _remark()


class CloseForm(forms.Form):
    remark = _remark()
    evidence = forms.FileField(
        label=_("Evidence"),
        required=False,
        help_text=_("Needed where the disposal brought no file."),
    )


class WarningFilterForm(forms.Form):
    """Filters in the address; what cannot be read narrows nothing."""

    state = forms.ChoiceField(required=False, choices=[(STANDING, STANDING), *WarningState.choices])
    level = forms.ChoiceField(
        label=_("Level"),
        required=False,
        choices=[
            ("", _("All levels")),
            *WarningLevel.choices,
            ("data_quality", _("Data quality")),
        ],
    )
    indicator = forms.ChoiceField(
        label=_("Indicator"),
        required=False,
        choices=[("", _("All indicators")), *Indicator.choices],
    )
    dimension = forms.ChoiceField(
        label=_("Dimension"),
        required=False,
        choices=[("", _("All dimensions")), *Dimension.choices],
    )
    unit = forms.CharField(label=_("Unit code"), required=False, max_length=20)
    mine = forms.BooleanField(label=_("Assigned to me"), required=False)

    def read(self) -> dict[str, Any]:
        """Return what could be read of the filters."""
        self.is_valid()
        return {name: self.cleaned_data.get(name, "") for name in self.fields}


def narrow(
    warnings: QuerySet[RiskWarning], read: dict[str, Any], *, person_id: int
) -> QuerySet[RiskWarning]:
    """Keep what the filters name, the state aside."""
    if read["level"]:
        level = "" if read["level"] == "data_quality" else read["level"]
        warnings = warnings.filter(level=level)
    for name, field in (("indicator", "indicator"), ("dimension", "dimension")):
        if read[name]:
            warnings = warnings.filter(**{field: read[name]})
    if read["unit"]:
        warnings = warnings.filter(unit__code=read["unit"])
    return warnings.filter(assigned_to_id=person_id) if read["mine"] else warnings
