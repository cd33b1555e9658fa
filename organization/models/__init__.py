"""The organisation tree, roles, staff and their signing in."""

from organization.models.sign_in import KnownPlace, PasswordRecord, SignInPolicy, StaffSession
from organization.models.staff import Role, Staff, StaffManager
from organization.models.units import Unit, UnitQuerySet

__all__ = [
    "KnownPlace",
    "PasswordRecord",
    "Role",
    "SignInPolicy",
    "Staff",
    "StaffManager",
    "StaffSession",
    "Unit",
    "UnitQuerySet",
]
