"""The duties for a product: a line for each activity."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django import forms
from django.forms import BoundField
from django.utils.translation import gettext_lazy as _

from products.enums import Activity, DutyKind
from products.forms.drafts import day
from products.models import DutySet
from products.selectors import posts, units_for_duties
from products.services import DutyLine

POST, UNIT = "post", "unit"


class DutiesForm(forms.Form):
    """For each activity the post that answers, and the posts and units of the other duties."""

    valid_from = day(_("Valid from"))
    reason = forms.CharField(label=_("Reason"), max_length=300)

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.posts = {f"{POST}:{each.pk}": each for each in posts()}
        self.units = {f"{UNIT}:{each.pk}": each for each in units_for_duties()}
        of_posts = [(key, each.name) for key, each in self.posts.items()]
        of_all = [*of_posts, *((key, each.name) for key, each in self.units.items())]
        for activity in Activity:
            for kind in DutyKind:
                label = f"{activity.label}: {kind.label}"
                self.fields[_name(activity, kind)] = (
                    forms.ChoiceField(label=label, choices=[("", "—"), *of_posts], required=False)
                    if kind == DutyKind.ACCOUNTABLE
                    else forms.MultipleChoiceField(
                        label=label,
                        choices=of_all,
                        required=False,
                        widget=forms.SelectMultiple(attrs={"size": 4}),
                    )
                )

    @classmethod
    def of(cls, duties: DutySet | None, **initial: Any) -> DutiesForm:
        """Return the form filled with the duties that hold."""
        for each in () if duties is None else duties.duties.order_by("pk"):
            key = f"{POST}:{each.post_id}" if each.post_id else f"{UNIT}:{each.unit_id}"
            name = _name(each.activity, each.kind)
            if each.kind == DutyKind.ACCOUNTABLE:
                initial[name] = key
            else:
                initial.setdefault(name, []).append(key)
        return cls(initial=initial)

    def rows(self) -> Iterator[tuple[str, list[BoundField]]]:
        """Yield each activity in words with its fields."""
        for activity in Activity:
            yield str(activity.label), [self[_name(activity, kind)] for kind in DutyKind]

    def lines(self) -> list[DutyLine]:
        """Return what was entered as duties."""
        return [
            DutyLine(activity, kind, self.posts.get(key), self.units.get(key))
            for activity in Activity
            for kind in DutyKind
            for key in self._given(activity, kind)
        ]

    def _given(self, activity: str, kind: str) -> list[str]:
        given = self.cleaned_data[_name(activity, kind)]
        return [key for key in ([given] if isinstance(given, str) else given) if key]


def _name(activity: str, kind: str) -> str:
    return f"{activity}_{kind}"
