"""Who may open the pages of the desk that need a permission of their own."""

from __future__ import annotations

from core.errors import NotPermitted
from organization.enums import Permission
from organization.models import Staff
from organization.permissions import check, may


def check_see_inventory(staff: Staff) -> None:
    """Refuse the data inventory to whoever keeps no registers.

    Raises:
        NotPermitted: as said.
    """
    if not may(staff, Permission.APPROVE_REGISTERS):
        check(staff, Permission.MAINTAIN_REGISTERS)


def may_see_inventory(staff: Staff) -> bool:
    """Tell whether the person sees the data inventory: the boolean twin."""
    try:
        check_see_inventory(staff)
    except NotPermitted:
        return False
    return True


def may_rotate_keys(staff: Staff) -> bool:
    """Tell whether the person sees and changes the register of keys."""
    return may(staff, Permission.ROTATE_KEYS)
