"""The organisation tree, roles, staff, their signing in and their authority."""

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
from organization.models.recusal import DeclaredRelation, RecusalEntry, StaffIdentity
from organization.models.sign_in import KnownPlace, PasswordRecord, SignInPolicy, StaffSession
from organization.models.staff import Role, Staff, StaffManager
from organization.models.units import Unit, UnitQuerySet

__all__ = [
    "AuthorityCase",
    "AuthorityGrant",
    "CaseFile",
    "CaseIdentity",
    "CaseParty",
    "Committee",
    "CommitteeMember",
    "CommitteeVote",
    "DeclaredRelation",
    "Delegation",
    "KnownPlace",
    "PasswordRecord",
    "RecusalEntry",
    "Resolution",
    "ResolutionFile",
    "Role",
    "SignInPolicy",
    "SignedDecision",
    "Staff",
    "StaffIdentity",
    "StaffManager",
    "StaffSession",
    "Unit",
    "UnitQuerySet",
]
