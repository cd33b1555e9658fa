"""Reads of roles: what they hold, who holds them, what a proposal would change."""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import Count, Q, QuerySet
from django.utils.translation import gettext as _

from organization.errors import Missing
from organization.models import DutyConflict, Role, RoleDefinition, Staff
from organization.permissions import may_see_roles


@dataclass(frozen=True, kw_only=True)
class RoleEffect:
    """What an approval would change: permissions won and lost, and the people it concerns."""

    gained: list[str]
    lost: list[str]
    holders: list[Staff]
    conflicts: list[tuple[Staff, tuple[str, str]]]


def roles_with_holders(*, staff: Staff) -> QuerySet[Role]:
    """Return every role with the number of active people who hold it.

    Raises:
        Missing: the person does not see roles.
    """
    _require_reader(staff)
    return Role.objects.annotate(holders=Count("staff", filter=Q(staff__is_active=True))).order_by(
        "kind", "code"
    )


def role_of(*, staff: Staff, pk: int) -> Role:
    """Return one role.

    Raises:
        Missing: there is none, or the person does not see roles.
    """
    role = roles_with_holders(staff=staff).filter(pk=pk).first()
    if role is None:
        raise Missing("role_missing", _("There is no such role."))
    return role


def holders_of(*, role: Role) -> QuerySet[Staff]:
    """Return the active people who hold a role, by unit and user name."""
    return (
        role.staff.filter(is_active=True).select_related("unit").order_by("unit__path", "username")
    )


def definitions_of(*, code: str) -> QuerySet[RoleDefinition]:
    """Return the versions and proposals of a role, newest first, with their authors."""
    return (
        RoleDefinition.objects.filter(code=code)
        .select_related("proposed_by", "decided_by")
        .order_by("-proposed_at", "-pk")
    )


def definitions_waiting() -> QuerySet[RoleDefinition]:
    """Return the proposals that wait for a decision, oldest first."""
    return (
        RoleDefinition.objects.filter(decided_at__isnull=True)
        .select_related("proposed_by")
        .order_by("proposed_at", "pk")
    )


def definition_of(*, staff: Staff, pk: int) -> RoleDefinition:
    """Return one version or proposal.

    Raises:
        Missing: there is none, or the person does not see roles.
    """
    _require_reader(staff)
    found = (
        RoleDefinition.objects.select_related("role", "proposed_by", "decided_by")
        .filter(pk=pk)
        .first()
    )
    if found is None:
        raise Missing("role_missing", _("There is no such role."))
    return found


def effect_of(*, definition: RoleDefinition) -> RoleEffect:
    """Return who would win and lose what if the proposal were approved now. Four queries."""
    before = set(definition.role.permissions) if definition.role else set()
    after = set(definition.permissions)
    return RoleEffect(
        gained=sorted(after - before),
        lost=sorted(before - after),
        holders=list(holders_of(role=definition.role)) if definition.role else [],
        conflicts=conflicts_of_definition(definition=definition),
    )


def conflicts_of_definition(*, definition: RoleDefinition) -> list[tuple[Staff, tuple[str, str]]]:
    """Return the holders who, with their other roles, would hold duties that must be apart.

    Three queries, however many holders.
    """
    if definition.role is None:
        return []
    pairs = list(DutyConflict.objects.values_list("first", "second"))
    met = []
    for person in holders_of(role=definition.role).prefetch_related("roles"):
        held = {
            code
            for role in person.roles.all()
            if role.pk != definition.role_id
            for code in role.permissions
        } | set(definition.permissions)
        met += [(person, pair) for pair in pairs if held.issuperset(pair)]
    return met


def duty_conflicts() -> QuerySet[DutyConflict]:
    """Return the pairs of permissions that one person may not hold."""
    return DutyConflict.objects.order_by("first", "second")


def _require_reader(staff: Staff) -> None:
    if not may_see_roles(staff):
        raise Missing("role_missing", _("There is no such role."))
