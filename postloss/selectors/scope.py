"""Which units a person sees figures of: the own one and what is below."""

from __future__ import annotations

from django.utils.translation import gettext as _

from core.errors import Missing
from organization.enums import Permission
from organization.models import Staff, Unit
from organization.permissions import may
from organization.selectors import units_in_scope


def may_see_portfolio(staff: Staff) -> bool:
    """Tell whether the person sees dashboard, month-ends and loans of the own unit and below."""
    return may(staff, Permission.VIEW_PORTFOLIO)


def unit_choice(*, staff: Staff, code: str = "") -> tuple[Unit, list[Unit]]:
    """Return the unit asked for (by default the own one) and all units in scope, in tree order.

    Raises:
        Missing: the unit does not exist or lies outside the person's scope.
    """
    units = list(units_in_scope(staff=staff).order_by("path"))
    wanted = code or staff.unit.code
    unit = next((each for each in units if each.code == wanted), None)
    if unit is None:
        raise Missing("unit_missing", _("There is no such unit, or it is not yours to see."))
    return unit, units


def unit_in_scope(*, staff: Staff, code: str = "") -> Unit:
    """Return the unit asked for, by default the own one, which costs no query.

    Raises:
        Missing: the unit does not exist or lies outside the person's scope.
    """
    if code in ("", staff.unit.code):
        return staff.unit
    return unit_choice(staff=staff, code=code)[0]
