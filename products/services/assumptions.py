"""What the price of a draft assumes."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from decimal import Decimal

from django.db import transaction
from django.utils.translation import gettext as _

from organization.models import Staff
from products.enums import Assumption
from products.errors import RuleBroken
from products.models import PriceAssumption, ProductVersion
from products.permissions import check_edit
from products.selectors import with_article
from products.services.versions import changed, locked_draft

MOST = 2  # of what is expected: beyond twice the premium nothing is priced


@transaction.atomic
def set_assumptions(
    *,
    version: ProductVersion,
    values: Mapping[str, Decimal],
    by: Staff,
    at: dt.datetime,
    source: str = "",
) -> ProductVersion:
    """Put what the price assumes in the place of what a draft said: fractions by `Assumption`.

    Raises:
        NotPermitted: the person does not draft products.
        WrongState: it is no draft (PRE-34a).
        RuleBroken: no loss ratio is given, or a ratio is no fraction from 0 to 2.
    Source: PRE-33c.
    """
    check_edit(by)
    locked = locked_draft(version)
    if Assumption.LOSS_RATIO not in values:
        raise RuleBroken(
            "assumptions",
            with_article(_("The loss ratio that the price assumes is missing."), "PRE-33c"),
            field=Assumption.LOSS_RATIO.value,
            article="PRE-33c",
        )
    for code, value in values.items():
        if code not in Assumption.values or not 0 <= value <= MOST:
            raise RuleBroken(
                "assumption", _("An assumed ratio is a fraction from 0 to 2."), field=code
            )
    locked.assumptions.all().delete()
    PriceAssumption.objects.bulk_create(
        PriceAssumption(version=locked, code=code, value=value, source=source)
        for code, value in values.items()
    )
    return changed(locked, by, at, "assumptions")
