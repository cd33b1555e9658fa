"""The organisation tree, roles and staff."""

from organization.models.staff import Role, Staff, StaffManager
from organization.models.units import Unit, UnitQuerySet

__all__ = ["Role", "Staff", "StaffManager", "Unit", "UnitQuerySet"]
