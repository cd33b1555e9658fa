"""Reads of the tree."""

from __future__ import annotations

from organization.enums import UnitKind
from organization.models import Staff, Unit, UnitQuerySet


def head_office() -> Unit:
    """Return the root of the tree."""
    return Unit.objects.get(kind=UnitKind.HEAD_OFFICE)


def units_in_scope(*, staff: Staff | None) -> UnitQuerySet:
    """Return the units whose data the person sees: the own unit and what is below. System: all."""
    if staff is None:
        return Unit.objects.all()
    return Unit.objects.under(staff.unit)
