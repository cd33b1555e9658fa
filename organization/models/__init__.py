"""The organisation tree, roles, staff, their work, signing in and authority."""

from organization.models.authority import AuthorityGrant, Delegation
from organization.models.cases import (
    AuthorityCase,
    CaseFile,
    CaseIdentity,
    CaseParty,
    SignedDecision,
)
from organization.models.committees import (
    Committee,
    CommitteeMember,
    CommitteeVote,
    Resolution,
    ResolutionFile,
)
from organization.models.recusal import (
    DeclaredRelation,
    RecusalEntry,
    RecusalRelease,
    StaffIdentity,
)
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
    "AuthorityCase",
    "AuthorityGrant",
    "CaseFile",
    "CaseIdentity",
    "CaseParty",
    "Certificate",
    "Committee",
    "CommitteeMember",
    "CommitteeVote",
    "DeclaredRelation",
    "Delegation",
    "DutyConflict",
    "KnownPlace",
    "PasswordRecord",
    "PersonnelOrder",
    "Post",
    "PostHolding",
    "Recertification",
    "RecertificationLine",
    "RecusalEntry",
    "RecusalRelease",
    "Resolution",
    "ResolutionFile",
    "Role",
    "RoleAssignment",
    "RoleDefinition",
    "SignInPolicy",
    "SignedDecision",
    "Staff",
    "StaffIdentity",
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
