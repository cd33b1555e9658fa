"""Reads of regulatory parameters."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Any

from django.db.models import Case, Q, QuerySet, When
from django.utils.translation import gettext as _

from core.enums import ParameterKind, ParameterStatus
from core.errors import Missing
from core.models import RegulatoryParameter
from core.parameters import kind_of

IN_USE = [ParameterStatus.APPROVED, ParameterStatus.VERIFIED, ParameterStatus.UNAPPROVED]
# An approved value wins over what was shipped.
_RANK = Case(When(status=ParameterStatus.APPROVED, then=0), default=1)


def parameter(*, name: str, as_of: dt.date) -> RegulatoryParameter:
    """Return the parameter in force on the business date: approved, else as shipped.

    Raises:
        Missing: no row covers the date.
    """
    row = _covering(as_of).filter(name=name).order_by(_RANK, "-valid_from").first()
    if row is None:
        raise Missing(
            "parameter_missing",
            _("No value of %(name)s is in force on %(day)s.") % {"name": name, "day": as_of},
        )
    return row


def figure(*, name: str, as_of: dt.date) -> Decimal:
    """Return a number in force exactly; a percentage comes as a fraction (30 % is 0.3).

    Raises:
        Missing: no row covers the date, or its value is no number.
    """
    row = parameter(name=name, as_of=as_of)
    kind = row.kind or kind_of(row.value)
    if kind not in {ParameterKind.NUMBER, ParameterKind.PERCENT}:
        raise Missing("parameter_no_number", _("%(name)s is not a number.") % {"name": name})
    value = Decimal(str(row.value))
    return value / 100 if kind == ParameterKind.PERCENT else value


def parameters_in_force(*, as_of: dt.date) -> QuerySet[RegulatoryParameter]:
    """Return one row a name, the one in force on the day, by name."""
    chosen = _covering(as_of).order_by("name", _RANK, "-valid_from").distinct("name")
    return (
        RegulatoryParameter.objects.filter(pk__in=chosen.values("pk"))
        .select_related("proposed_by", "approved_by")
        .order_by("name")
    )


def unapproved_count(*, as_of: dt.date) -> int:
    """Count the parameters in force that nobody approved and nobody read in the text."""
    return parameters_in_force(as_of=as_of).filter(status=ParameterStatus.UNAPPROVED).count()


def parameter_proposals() -> QuerySet[RegulatoryParameter]:
    """Return the values that wait for approval, oldest first."""
    return (
        RegulatoryParameter.objects.filter(status=ParameterStatus.PROPOSED)
        .select_related("proposed_by")
        .order_by("proposed_at", "pk")
    )


def parameter_history(*, name: str) -> QuerySet[RegulatoryParameter]:
    """Return every row of a name, the latest first day first.

    Raises:
        Missing: there is no such parameter.
    """
    rows = (
        RegulatoryParameter.objects.filter(name=name)
        .select_related("proposed_by", "approved_by", "rejected_by", "superseded_by")
        .order_by("-valid_from", "-pk")
    )
    if not rows.exists():
        raise Missing("parameter_missing", _("There is no such parameter."))
    return rows


def parameter_row(*, pk: int) -> RegulatoryParameter:
    """Return one row.

    Raises:
        Missing: it does not exist.
    """
    row = RegulatoryParameter.objects.filter(pk=pk).select_related("proposed_by").first()
    if row is None:
        raise Missing("parameter_missing", _("There is no such parameter."))
    return row


def _covering(as_of: dt.date) -> QuerySet[RegulatoryParameter]:
    return RegulatoryParameter.objects.filter(status__in=IN_USE, valid_from__lte=as_of).filter(
        Q(valid_to__isnull=True) | Q(valid_to__gt=as_of)
    )


def parameters_under(*, prefix: str, as_of: dt.date) -> dict[str, Any]:
    """Return the values in force whose names begin with `prefix`, in one read.

    The keys are what follows the prefix.
    """
    rows = _covering(as_of).filter(name__startswith=prefix)
    chosen = rows.order_by("name", _RANK, "-valid_from").distinct("name")
    return {row.name.removeprefix(prefix): row.value for row in chosen}
