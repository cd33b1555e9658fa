"""Shape of a proposed set of thresholds: one line per indicator, dimension and test."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal

from django import forms
from django.utils.translation import gettext_lazy as _

from postloss.enums import Dimension, Indicator, ThresholdTest
from postloss.rules.thresholds import LEVELS, ThresholdLine

LineKey = tuple[str, str, str]
REASONS = {
    "repeated": _("The line is there twice."),
    "empty": _("No limit is given."),
    "not_positive": _("A limit must be above 0."),
    "out_of_order": _("Yellow may not be above orange, nor orange above red."),
    "hysteresis": _("The hysteresis lies from 0 to below 1."),
    "history": _("The least history lies from 1 to the months of the mean."),
}


class ProposalForm(forms.Form):
    title = forms.CharField(label=_("Title"), max_length=120)
    source = forms.CharField(
        label=_("Source"), max_length=300, help_text=_("The decision or study they come from.")
    )
    reason = forms.CharField(
        label=_("Reason"), max_length=2000, widget=forms.Textarea(attrs={"rows": 2})
    )
    valid_from = forms.DateField(
        label=_("Valid from"), widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"})
    )


def _limit(label: str) -> forms.DecimalField:
    return forms.DecimalField(
        label=label, required=False, min_value=Decimal(0), max_digits=12, decimal_places=6
    )


class LineForm(forms.Form):
    key = forms.CharField(widget=forms.HiddenInput)
    yellow, orange, red = _limit(_("Yellow")), _limit(_("Orange")), _limit(_("Red"))
    min_sample = forms.IntegerField(label=_("Least loans"), min_value=0, max_value=10_000_000)
    hysteresis = forms.DecimalField(
        label=_("Hysteresis"), min_value=Decimal(0), max_digits=6, decimal_places=4
    )
    base_floor = _limit(_("Least base"))
    months = forms.IntegerField(
        label=_("Months"), required=False, min_value=1, max_value=120, widget=forms.TextInput
    )
    min_history = forms.IntegerField(
        label=_("Least history"), required=False, min_value=1, max_value=120, widget=forms.TextInput
    )

    @property
    def line_key(self) -> LineKey:
        """Indicator, dimension and test of the line, as one field carries them."""
        parts = tuple(str(self["key"].value()).split("|"))
        return parts if parts in set(possible_keys()) else ("", "", "")

    @property
    def words(self) -> tuple[str, str, str]:
        """The line's key as a person reads it."""
        indicator, dimension, test = self.line_key
        if not indicator:
            return ("", "", "")
        return (
            Indicator(indicator).label,
            Dimension(dimension).label,
            ThresholdTest(test).label,
        )

    def clean_key(self) -> str:
        value = self.cleaned_data["key"]
        if tuple(value.split("|")) not in set(possible_keys()):
            raise forms.ValidationError(_("There is no such line."))
        return value

    def line(self) -> ThresholdLine | None:
        """Return the line as a value; nothing where it has no limit."""
        read = self.cleaned_data
        limits = tuple(read[level] for level in LEVELS)
        if all(limit is None for limit in limits):
            return None
        indicator, dimension, test = self.line_key
        is_trend = test == ThresholdTest.AGAINST_TREND
        return ThresholdLine(
            indicator=indicator,
            dimension=dimension,
            test=test,
            limits=limits,
            min_sample=read["min_sample"],
            hysteresis=read["hysteresis"],
            base_floor=read["base_floor"] or Decimal(0),
            months=read["months"] if is_trend else None,
            min_history=read["min_history"] if is_trend else None,
        )


LineFormSet = forms.formset_factory(LineForm, extra=0, max_num=200, absolute_max=200)


def possible_keys() -> list[LineKey]:
    """Return every line that a set may have; the book is not measured against itself."""
    return [
        (indicator, dimension, test)
        for indicator in Indicator.values
        for dimension in Dimension.values
        for test in ThresholdTest.values
        if dimension != Dimension.MOB
        and not (dimension == Dimension.TOTAL and test == ThresholdTest.AGAINST_BOOK)
    ]


def initial_lines(lines: Mapping[LineKey, ThresholdLine]) -> list[dict[str, object]]:
    """Return the lines of a set, and an empty one for each that it lacks, to start from."""
    return [_initial(key, lines.get(key)) for key in possible_keys()]


def _initial(key: LineKey, line: ThresholdLine | None) -> dict[str, object]:
    if line is None:
        return {"key": "|".join(key), "min_sample": 50, "hysteresis": "0.05"}
    return {
        "key": "|".join(key),
        **{
            level: None if limit is None else f"{limit.normalize():f}"
            for level, limit in zip(LEVELS, line.limits, strict=True)
        },
        "min_sample": line.min_sample,
        "hysteresis": f"{line.hysteresis.normalize():f}",
        "base_floor": f"{line.base_floor.normalize():f}",
        "months": line.months,
        "min_history": line.min_history,
    }


def sentences(findings: Sequence[tuple[LineKey, str]]) -> list[str]:
    """Say what is wrong with which line."""
    return [
        f"{Indicator(key[0]).label} · {Dimension(key[1]).label} · {ThresholdTest(key[2]).label}: "
        f"{REASONS[code]}"
        for key, code in findings
    ]
