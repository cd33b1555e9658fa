"""Classify enterprises by size, with the worksheet that the answer came from. Source: PRE-02c."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from decimal import Decimal

from django.db import transaction
from django.utils.translation import gettext as _

from core.errors import RuleBroken
from core.row_security import past_the_wall
from core.selectors import parameter
from core.services import record_audit
from organization.models import Staff
from parties.models import Party
from underwriting.models import SizeClassification
from underwriting.rules.sizes import MEASURES, size_of

LARGE = "sme.large_from"


@transaction.atomic
def classify_size(
    *,
    obligor: Party,
    industry: str,
    figures: Mapping[str, Decimal | None],
    on: dt.date,
    by: Staff | None,
    at: dt.datetime,
) -> SizeClassification:
    """Classify an enterprise on a day by headcount (persons), revenue and assets (10k yuan).

    The bounds are those of its industry in force on the day; inputs, bounds and answer are kept.
    Done again at every renewal.

    Raises:
        RuleBroken: the industry has no bounds, or a missing figure leaves the size open.
    """
    upper = parameter(name=LARGE, as_of=on)
    if industry not in upper.value:
        raise RuleBroken(
            "industry_unknown", _("There are no size bounds for this industry."), field="industry"
        )
    lower = parameter(name=f"sme.{industry}", as_of=on)
    bounds = {
        "large": upper.value[industry],
        "medium": lower.value["medium_from"],
        "small": lower.value["small_from"],
    }
    size = size_of(figures, **bounds)
    if size is None:
        raise RuleBroken(
            "size_open", _("A figure that decides the size is missing."), field="figures"
        )
    told = {name: figures.get(name) for name in MEASURES}
    with past_the_wall():
        row = SizeClassification.objects.create(
            obligor=obligor,
            industry=industry,
            worksheet={
                "figures": {
                    name: None if each is None else str(each) for name, each in told.items()
                },
                "bounds": bounds,
            },
            rule_version=f"{LARGE} #{upper.pk}, {lower.name} #{lower.pk}"[:60],
            size=size,
            classified_on=on,
            recorded_by=by,
            recorded_at=at,
        )
        record_audit(
            action="underwriting.size_classified",
            subject=row,
            by=by,
            at=at,
            industry=industry,
            size=size,
        )
    return row
