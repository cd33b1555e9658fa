"""May this person do this, and in this unit? `check_...` raises, `may...` is its boolean twin."""

from __future__ import annotations

from collections.abc import Callable

from django.utils.translation import gettext as _

from organization.enums import Permission
from organization.errors import NotPermitted
from organization.models import SignInPolicy, Staff, Unit


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


def holds(permission: Permission) -> Callable[[Staff], bool]:
    """Return the question whether a person holds the permission, for a menu to ask."""
    return lambda staff: may(staff, permission)


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


def may_see_sign_in_policies(staff: Staff) -> bool:
    """Tell whether the person proposes or approves limits of signing in."""
    return may(staff, Permission.MANAGE_SIGN_IN) or may(staff, Permission.APPROVE_PARAMETERS)


def check_see_sign_in_policies(staff: Staff) -> None:
    """Refuse the limits of signing in to whoever neither proposes nor approves them.

    Raises:
        NotPermitted: as said.
    """
    if not may_see_sign_in_policies(staff):
        check(staff, Permission.MANAGE_SIGN_IN)


def check_approve_sign_in_policy(staff: Staff, *, policy: SignInPolicy) -> None:
    """Refuse approval to whoever neither manages signing in nor approves parameters, or proposed.

    Raises:
        NotPermitted: as said.
    Source: CRM-37, maker is not checker.
    """
    check_see_sign_in_policies(staff)
    if policy.proposed_by_id == staff.pk:
        raise NotPermitted("maker_is_checker", _("Whoever proposes limits does not approve them."))


def may_approve_sign_in_policy(staff: Staff, *, policy: SignInPolicy) -> bool:
    """Tell whether the person may approve the limits: the boolean twin."""
    return may_see_sign_in_policies(staff) and policy.proposed_by_id != staff.pk
