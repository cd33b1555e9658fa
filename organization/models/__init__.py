"""The organisation tree, roles, staff, their work and their signing in."""

from organization.models.roles import (
    DutyConflict,
    Recertification,
    RecertificationLine,
    Role,
    RoleAssignment,
    RoleDefinition,
)
from organization.models.sign_in import KnownPlace, PasswordRecord, SignInPolicy, StaffSession
from organization.models.staff import (
    Certificate,
    PersonnelOrder,
    Post,
    PostHolding,
    Staff,
    StaffManager,
)
from organization.models.units import Unit, UnitChange, UnitPeriod, UnitQuerySet
from organization.models.work import WorkCopy, WorkItem, WorkStep

__all__ = [
    "Certificate",
    "DutyConflict",
    "KnownPlace",
    "PasswordRecord",
    "PersonnelOrder",
    "Post",
    "PostHolding",
    "Recertification",
    "RecertificationLine",
    "Role",
    "RoleAssignment",
    "RoleDefinition",
    "SignInPolicy",
    "Staff",
    "StaffManager",
    "StaffSession",
    "Unit",
    "UnitChange",
    "UnitPeriod",
    "UnitQuerySet",
    "WorkCopy",
    "WorkItem",
    "WorkStep",
]
