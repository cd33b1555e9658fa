"""Propose what a role holds; another person decides."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection

from django.db import transaction
from django.utils.translation import gettext as _

from core.services import record_audit
from organization.enums import ADMINISTRATION, DefinitionStatus, Permission, RoleKind
from organization.errors import Conflict, RuleBroken, WrongState
from organization.models import Role, RoleDefinition, Staff
from organization.permissions import check, check_decide_definition
from organization.rules import conflicts_within
from organization.selectors.roles import conflicts_of_definition
from organization.services.assignments import duty_pairs
from organization.services.awaiting import align_work


@transaction.atomic
def propose_role(
    *,
    code: str,
    name: str,
    kind: str,
    permissions: Collection[str],
    by: Staff,
    at: dt.datetime,
    reason: str,
) -> RoleDefinition:
    """Propose a new role, or a new version of the one with this code; nothing changes before
    another person approves.

    Raises:
        NotPermitted: the person does not define roles.
        RuleBroken: a permission is of another kind, duties that must be apart would meet, the kind
            of an existing role would change, or words are missing.
        Conflict: a proposal for this role waits already.
    Source: PRE-38a, PRE-38c, CRM-35, safety.md (三员).
    """
    check(by, Permission.DEFINE_ROLES)
    role = Role.objects.select_for_update().filter(code=code).first()
    definition = RoleDefinition(
        role=role,
        code=code,
        name=name,
        kind=kind,
        permissions=sorted(set(permissions)),
        reason=reason,
        proposed_by=by,
        proposed_at=at,
    )
    _check_definition(definition)
    if RoleDefinition.objects.filter(code=code, status=DefinitionStatus.PROPOSED).exists():
        raise Conflict("role_proposed", _("A proposal for this role already waits."))
    definition.save()
    record_audit(
        action="organization.role_proposed", subject=definition, by=by, at=at, reason=reason
    )
    align_work(subjects=[definition], by=by, at=at)
    return definition


@transaction.atomic
def decide_role(
    *, definition: RoleDefinition, is_approved: bool, by: Staff, at: dt.datetime, remark: str = ""
) -> RoleDefinition:
    """Approve a proposal, which puts it in force for every holder at once, or refuse it.

    Raises:
        NotPermitted: the person may not decide it, or proposed it.
        WrongState: it was decided already.
        RuleBroken: a holder would come to hold duties that must be apart; `findings` names them.
    Source: PRE-38c.
    """
    locked = RoleDefinition.objects.select_for_update(of=("self",)).get(pk=definition.pk)
    check_decide_definition(by, definition=locked)
    if locked.status != DefinitionStatus.PROPOSED:
        raise WrongState("definition_decided", _("This proposal was decided already."))
    locked.decided_by, locked.decided_at, locked.remark = by, at, remark
    locked.status = DefinitionStatus.REFUSED
    if is_approved:
        _put_in_force(locked, at)
    locked.save()
    record_audit(
        action=f"organization.role_{locked.status}",
        subject=locked,
        by=by,
        at=at,
        reason=remark,
        version=locked.version,
    )
    align_work(subjects=[locked], by=by, at=at, outcome=locked.status)
    return locked


def _put_in_force(locked: RoleDefinition, at: dt.datetime) -> None:
    met = conflicts_of_definition(definition=locked)
    if met:
        raise RuleBroken(
            "duties_conflict",
            _("Holders would come to hold duties that must be apart: %(names)s.")
            % {"names": ", ".join(sorted({person.username for person, _pair in met}))},
            findings=met,
        )
    last = (
        RoleDefinition.objects.filter(code=locked.code, version__isnull=False)
        .order_by("-version")
        .first()
    )
    locked.status = DefinitionStatus.APPROVED
    locked.version = last.version + 1 if last else 1
    role, _is_new = Role.objects.update_or_create(
        code=locked.code,
        defaults={"name": locked.name, "permissions": locked.permissions},
        create_defaults={
            "name": locked.name,
            "kind": locked.kind,
            "permissions": locked.permissions,
        },
    )
    locked.role = role


def _check_definition(wanted: RoleDefinition) -> None:
    if not (wanted.code.strip() and wanted.name.strip() and wanted.reason.strip()):
        raise RuleBroken("words_missing", _("Fill in code, name and reason."), field="reason")
    if wanted.role is not None and wanted.role.kind != wanted.kind:
        raise RuleBroken("kind_stays", _("The kind of a role does not change."), field="kind")
    given = set(wanted.permissions)
    if given - set(Permission.values) or not given:
        raise RuleBroken("permissions_missing", _("Choose permissions."), field="permissions")
    of_administration = frozenset().union(*ADMINISTRATION.values())
    fits = (
        not given & of_administration
        if wanted.kind == RoleKind.BUSINESS
        else given <= ADMINISTRATION[RoleKind(wanted.kind)]
    )
    if not fits:
        raise RuleBroken(
            "permission_of_other_kind",
            _("A role holds only permissions of its kind."),
            field="permissions",
        )
    met = conflicts_within(given, duty_pairs())
    if met:
        words = "; ".join(
            f"{Permission(first).label} / {Permission(second).label}" for first, second in met
        )
        raise RuleBroken(
            "duties_conflict",
            _("These duties must be apart: %(pairs)s.") % {"pairs": words},
            field="permissions",
            findings=met,
        )
