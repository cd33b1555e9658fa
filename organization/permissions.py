"""May this person do this, and in this unit? `check_...` raises, `may...` is its boolean twin."""

from __future__ import annotations

from django.utils.translation import gettext as _

from organization.enums import Permission
from organization.errors import NotPermitted
from organization.models import Staff, Unit


def permissions_of(staff: Staff) -> set[str]:
    """Return the permission codes of the person's roles (one query, kept for the request)."""
    known = getattr(staff, "_permissions", None)
    if known is None:
        known = {
            code for codes in staff.roles.values_list("permissions", flat=True) for code in codes
        }
        staff._permissions = known
    return known


def may(staff: Staff, permission: Permission, *, unit: Unit | None = None) -> bool:
    """Tell whether an active person holds the permission, and over the unit where one is given."""
    return (
        staff.is_active
        and permission in permissions_of(staff)
        and (unit is None or unit.path.startswith(staff.unit.path))
    )


def check(staff: Staff | None, permission: Permission, *, unit: Unit | None = None) -> None:
    """Refuse a person without the permission. `None` is the system itself (jobs and commands).

    Raises:
        NotPermitted: the person lacks the permission or the unit is outside the scope.
    """
    if staff is not None and not may(staff, permission, unit=unit):
        raise NotPermitted(
            "not_permitted",
            _("You may not do this: %(permission)s.")
            % {"permission": Permission(permission).label},
        )
