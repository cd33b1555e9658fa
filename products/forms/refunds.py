"""The short-rate table of a draft, a line for each step."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from fractions import Fraction
from typing import Any

from django import forms
from django.forms import BoundField
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from products.models import ProductVersion
from products.rules.refunds import RefundStep, read_steps

LINES, MORE, MOST = 8, 3, 60


def _number(label: Any) -> forms.DecimalField:
    return forms.DecimalField(
        label=label, required=False, min_value=0, max_digits=9, decimal_places=4
    )


class RefundForm(forms.Form):
    """Steps in percent of the period, or in months of so many; empty lines are left out."""

    months = forms.IntegerField(
        label=_("Months of the whole period"),
        required=False,
        min_value=1,
        max_value=MOST,
        help_text=_("Only where the table is filed by months; empty: lines are in percent."),
    )

    def __init__(self, *args: Any, lines: int = LINES, **kwargs: Any):
        super().__init__(*args, **kwargs)
        sent = sum(name.startswith("until_") for name in self.data)
        self.count = min(max(lines, sent), MOST + MORE)
        for n in range(self.count):
            self.fields[f"until_{n}"] = _number(gettext("Line %(n)s: up to") % {"n": n + 1})
            self.fields[f"kept_{n}"] = _number(gettext("Line %(n)s: kept (%%)") % {"n": n + 1})

    @classmethod
    def of(cls, version: ProductVersion) -> RefundForm:
        """Return the form filled with the table of a version."""
        steps, months = read_steps(version.refund_rule), version.refund_rule.get("months")
        initial: dict[str, Any] = {"months": months}
        for n, step in enumerate(steps):
            initial[f"until_{n}"] = _text(step.until * (months or 100))
            initial[f"kept_{n}"] = _text(step.kept * 100)
        return cls(initial=initial, lines=max(LINES, len(steps) + MORE))

    def rows(self) -> Iterator[tuple[BoundField, BoundField]]:
        """Yield the two fields of each line."""
        for n in range(self.count):
            yield self[f"until_{n}"], self[f"kept_{n}"]

    def clean(self) -> dict[str, Any]:
        """Refuse a line of which only one half is given.

        Raises:
            ValidationError: as said.
        """
        read = super().clean() or {}
        for n in range(self.count):
            until, kept = read.get(f"until_{n}"), read.get(f"kept_{n}")
            if (until is None) != (kept is None) and not self.errors:
                self.add_error(f"kept_{n}", gettext("Line %(n)s is half empty.") % {"n": n + 1})
        return read

    def steps(self) -> list[RefundStep]:
        """Return the lines as steps."""
        whole = self.cleaned_data["months"] or 100
        return [
            RefundStep(Fraction(until) / whole, Fraction(self.cleaned_data[f"kept_{n}"]) / 100)
            for n in range(self.count)
            if (until := self.cleaned_data[f"until_{n}"]) is not None
        ]


def _text(value: Fraction) -> str:
    text = f"{Decimal(value.numerator) / Decimal(value.denominator):.4f}"
    return text.rstrip("0").rstrip(".")
