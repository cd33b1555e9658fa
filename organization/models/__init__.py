"""The organisation tree, roles, staff and their work."""

from organization.models.roles import (
    DutyConflict,
    Recertification,
    RecertificationLine,
    Role,
    RoleAssignment,
    RoleDefinition,
)
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
    "PersonnelOrder",
    "Post",
    "PostHolding",
    "Recertification",
    "RecertificationLine",
    "Role",
    "RoleAssignment",
    "RoleDefinition",
    "Staff",
    "StaffManager",
    "Unit",
    "UnitChange",
    "UnitPeriod",
    "UnitQuerySet",
    "WorkCopy",
    "WorkItem",
    "WorkStep",
]
