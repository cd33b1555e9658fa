"""What the price of a draft assumes, typed as percentages."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from products.enums import Assumption
from products.models import ProductVersion
from products.selectors import assumptions_of

PERCENT = Decimal(100)


class AssumptionsForm(forms.Form):
    """A percentage for each ratio that the price assumes; empty where the filing says nothing."""

    source = forms.CharField(
        label=_("Where the filing says so"),
        required=False,
        max_length=200,
        help_text=_("Document and chapter, such as the actuarial report, section 3."),
    )

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        for code in Assumption:
            self.fields[code.value] = forms.DecimalField(
                label=code.label,
                required=code == Assumption.LOSS_RATIO,
                min_value=0,
                max_value=200,
                max_digits=7,
                decimal_places=4,
                help_text=_("In percent: 45 is 45 %."),
            )
        self.order_fields([*Assumption.values, "source"])

    @classmethod
    def of(cls, version: ProductVersion) -> AssumptionsForm:
        """Return the form filled with what the price of a version assumes."""
        known = assumptions_of(version=version)
        filled = {code: (each.value * PERCENT).normalize() for code, each in known.items()}
        source = next((each.source for each in known.values()), "")
        return cls(initial={**{k: f"{v:f}" for k, v in filled.items()}, "source": source})

    def values(self) -> dict[str, Decimal]:
        """Return what was entered, as fractions."""
        given = {code: self.cleaned_data[code] for code in Assumption.values}
        return {code: each / PERCENT for code, each in given.items() if each is not None}


class PeriodForm(forms.Form):
    """Whole months to look at; the last one is counted."""

    since = forms.DateField(
        label=_("From month"),
        input_formats=["%Y-%m"],
        widget=forms.DateInput(format="%Y-%m", attrs={"type": "month"}),
    )
    until = forms.DateField(
        label=_("To month"),
        input_formats=["%Y-%m"],
        widget=forms.DateInput(format="%Y-%m", attrs={"type": "month"}),
    )

    def clean(self) -> dict[str, Any]:
        """Refuse months out of order.

        Raises:
            ValidationError: the last month lies before the first.
        """
        read = super().clean() or {}
        if "since" in read and "until" in read and read["until"] < read["since"]:
            self.add_error("until", _("The end lies after the start."))
        return read
