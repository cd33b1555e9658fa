"""Reads of regulatory parameters."""

from __future__ import annotations

import datetime as dt

from django.db.models import Q
from django.utils.translation import gettext as _

from core.errors import Missing
from core.models import RegulatoryParameter


def parameter(*, name: str, as_of: dt.date) -> RegulatoryParameter:
    """Return the parameter in force on the business date.

    Raises:
        Missing: no row covers the date.
    """
    row = (
        RegulatoryParameter.objects.filter(name=name, valid_from__lte=as_of)
        .filter(Q(valid_to__isnull=True) | Q(valid_to__gt=as_of))
        .order_by("-valid_from")
        .first()
    )
    if row is None:
        raise Missing(
            "parameter_missing",
            _("No value of %(name)s is in force on %(day)s.") % {"name": name, "day": as_of},
        )
    return row
