"""May this person do this, and in this unit? `check_...` raises, `may...` is its boolean twin."""

from __future__ import annotations

from collections.abc import Callable

from django.utils.translation import gettext as _

from organization.enums import HEAD_OFFICE_ONLY, GrantKind, Permission, RoleKind, UnitKind
from organization.errors import NotPermitted
from organization.models import (
    AuthorityGrant,
    Committee,
    RecertificationLine,
    RecusalRelease,
    RoleDefinition,
    SignInPolicy,
    Staff,
    Unit,
    WorkItem,
)

TREE = (Permission.MANAGE_UNITS, Permission.MANAGE_STAFF)
ACCESS = (Permission.DEFINE_ROLES, Permission.ASSIGN_ROLES, Permission.CERTIFY_ACCESS)


def _rights_of(staff: Staff) -> tuple[set[str], set[str]]:
    known = getattr(staff, "_rights", None)
    if known is None:
        rows = list(staff.roles.values_list("kind", "permissions"))
        known = {kind for kind, _codes in rows}, {code for _kind, codes in rows for code in codes}
        staff._rights = known
    return known


def forget_rights(staff: Staff) -> None:
    """Forget what this object remembers of its roles, after they changed."""
    staff.__dict__.pop("_rights", None)


def permissions_of(staff: Staff) -> set[str]:
    """Return the permission codes of the person's roles (one query, kept for the request)."""
    return _rights_of(staff)[1]


def works_in_business(staff: Staff) -> bool:
    """Tell whether an active person has a role of the business: no administrator, no regulator.

    Source: safety.md (the three administrators see no business data).
    """
    return staff.is_active and RoleKind.BUSINESS in _rights_of(staff)[0]


def is_regulator(staff: Staff) -> bool:
    """Tell whether an active person is a regulator, who sees what was released and no more."""
    return staff.is_active and RoleKind.REGULATOR in _rights_of(staff)[0]


def may(staff: Staff, permission: Permission, *, unit: Unit | None = None) -> bool:
    """Tell whether an active person holds the permission, and over the unit where one is given.

    What only the head office may do, nobody of a branch may, whatever the role. Source: PRE-11a.
    """
    return (
        staff.is_active
        and permission in permissions_of(staff)
        and (unit is None or unit.path.startswith(staff.unit.path))
        and (permission not in HEAD_OFFICE_ONLY or staff.unit.kind == UnitKind.HEAD_OFFICE)
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


def may_see_tree(staff: Staff) -> bool:
    """Tell whether the person sees the organisation tree and the posts."""
    return any(may(staff, each) for each in (*TREE, *ACCESS))


def may_see_staff(staff: Staff) -> bool:
    """Tell whether the person sees the staff of the own unit and below."""
    return any(
        may(staff, each)
        for each in (Permission.MANAGE_STAFF, Permission.ASSIGN_ROLES, Permission.CERTIFY_ACCESS)
    )


def may_see_roles(staff: Staff) -> bool:
    """Tell whether the person sees what roles hold and who holds them."""
    return any(may(staff, each) for each in ACCESS)


def may_see_recertification(staff: Staff) -> bool:
    """Tell whether the person takes part in certifying access."""
    return any(may(staff, each) for each in (Permission.CERTIFY_ACCESS, Permission.ASSIGN_ROLES))


def may_see_workload(staff: Staff) -> bool:
    """Tell whether the person sees the workload of the own unit and below. Source: PRE-12c."""
    return may(staff, Permission.VIEW_PORTFOLIO)


def check_another(staff: Staff | None, person: Staff) -> None:
    """Refuse a person who acts upon themselves.

    Raises:
        NotPermitted: both are one.
    """
    if staff is not None and staff.pk == person.pk:
        raise NotPermitted("not_of_oneself", _("Nobody does this for themselves."))


def check_decide_definition(staff: Staff, *, definition: RoleDefinition) -> None:
    """Refuse to decide a role's definition to whoever does not define roles, or proposed it.

    A definition is decided by another who defines roles, or by whoever certifies access.

    Raises:
        NotPermitted: as said.
    """
    if not may(staff, Permission.CERTIFY_ACCESS):
        check(staff, Permission.DEFINE_ROLES)
    if definition.proposed_by_id == staff.pk:
        raise NotPermitted("maker_is_checker", _("Whoever proposes a role does not approve it."))


def may_decide_definition(staff: Staff, *, definition: RoleDefinition) -> bool:
    """Tell whether the person may decide the definition: the boolean twin."""
    try:
        check_decide_definition(staff, definition=definition)
    except NotPermitted:
        return False
    return True


def check_certify(staff: Staff, *, line: RecertificationLine) -> None:
    """Refuse to certify access to whoever may not, or would certify their own.

    Certifiers answer for the unit; they themselves, and their likes, are certified by whoever
    assigns roles.

    Raises:
        NotPermitted: as said.
    Source: PRE-38c.
    """
    check_another(staff, line.staff)
    if may(line.staff, Permission.CERTIFY_ACCESS) and may(staff, Permission.ASSIGN_ROLES):
        return
    check(staff, Permission.CERTIFY_ACCESS, unit=line.unit)


def may_certify(staff: Staff, *, line: RecertificationLine) -> bool:
    """Tell whether the person may certify the line: the boolean twin."""
    try:
        check_certify(staff, line=line)
    except NotPermitted:
        return False
    return True


def may_take(staff: Staff, *, item: WorkItem) -> bool:
    """Tell whether the person may take an item out of the team's inbox.

    Not who set it going, where another must do it.
    """
    is_own = item.is_by_another and item.initiator_id == staff.pk
    return (
        bool(item.permission)
        and not is_own
        and may(staff, Permission(item.permission), unit=item.unit)
    )


def check_take(staff: Staff, *, item: WorkItem) -> None:
    """Refuse an item to whoever is not of its team.

    Raises:
        NotPermitted: the item's permission over its unit is lacking, or the person set it going
            and another must do it.
    """
    if item.is_by_another and item.initiator_id == staff.pk:
        raise NotPermitted(
            "maker_is_checker", _("You set this going; another person has to do it.")
        )
    if not may_take(staff, item=item):
        raise NotPermitted("not_of_the_team", _("This work is not of your team."))


def may_hand_over(staff: Staff, *, item: WorkItem) -> bool:
    """Tell whether the person may pass the item on: its holder, or one of its team.

    What only its holder can do is passed on by nobody.
    """
    return (
        staff.is_active
        and not item.is_personal
        and (item.holder_id == staff.pk or may_take(staff, item=item))
    )


def check_hand_over(staff: Staff, *, item: WorkItem) -> None:
    """Refuse to pass an item on to whoever neither holds it nor is of its team.

    Raises:
        NotPermitted: as said.
    """
    if item.is_personal:
        raise NotPermitted("work_personal", _("Only its holder can do this; it is not passed on."))
    if not may_hand_over(staff, item=item):
        raise NotPermitted("not_of_the_team", _("This work is not of your team."))


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


def is_head_office(staff: Staff) -> bool:
    """Tell whether the person works at head office."""
    return staff.unit.kind == UnitKind.HEAD_OFFICE


def check_propose_grant(staff: Staff, *, grant: AuthorityGrant) -> None:
    """Refuse a proposal to whoever lacks the permission, or would gain by it.

    An emergency grant is proposed and approved by two people of head office (HQ-43).

    Raises:
        NotPermitted: as said.
    Source: PRE-11c, HQ-43.
    """
    check(staff, Permission.PROPOSE_AUTHORITY, unit=grant.unit)
    _check_part(staff, grant)


def check_decide_grant(staff: Staff, *, grant: AuthorityGrant) -> None:
    """Refuse a decision on a proposal to its proposer and to whoever would gain by it.

    Raises:
        NotPermitted: as said.
    Source: PRE-11c, HQ-43.
    """
    check(staff, Permission.APPROVE_AUTHORITY, unit=grant.unit)
    if grant.proposed_by_id == staff.pk:
        raise NotPermitted("maker_is_checker", _("Whoever proposes authority does not approve it."))
    _check_part(staff, grant)


def _check_part(staff: Staff, grant: AuthorityGrant) -> None:
    if grant.person_id == staff.pk:
        raise NotPermitted(
            "own_authority", _("Nobody proposes or approves authority of their own.")
        )
    if grant.kind == GrantKind.EMERGENCY and not is_head_office(staff):
        raise NotPermitted(
            "emergency_head_office", _("Two people of head office give an emergency grant.")
        )


def check_revoke_grant(staff: Staff, *, grant: AuthorityGrant) -> None:
    """Refuse a revocation to whoever may not approve authority over the unit.

    Raises:
        NotPermitted: as said.
    Source: PRE-11c (HQ may revoke with immediate effect).
    """
    check(staff, Permission.APPROVE_AUTHORITY, unit=grant.unit)


def check_review_emergency(staff: Staff, *, grant: AuthorityGrant) -> None:
    """Refuse the review of an emergency grant to everybody who had a part in it.

    Raises:
        NotPermitted: as said.
    Source: HQ-43.
    """
    check(staff, Permission.APPROVE_AUTHORITY, unit=grant.unit)
    if staff.pk in (grant.proposed_by_id, grant.decided_by_id, grant.person_id):
        raise NotPermitted(
            "reviewer_had_a_part", _("Whoever had a part in an emergency grant does not review it.")
        )


def check_approve_committee(staff: Staff, *, committee: Committee) -> None:
    """Refuse the approval of a committee to whoever lacks the permission or proposed it.

    Raises:
        NotPermitted: as said.
    """
    check(staff, Permission.APPROVE_AUTHORITY, unit=committee.unit)
    if committee.proposed_by_id == staff.pk:
        raise NotPermitted(
            "maker_is_checker", _("Whoever proposes a committee does not approve it.")
        )


def check_decide_release(staff: Staff, *, release: RecusalRelease) -> None:
    """Refuse a release to its asker, and to whoever neither certifies nor approves authority.

    Raises:
        NotPermitted: as said.
    Source: PRE-12e (four eyes).
    """
    check_see_releases(staff)
    if release.asked_by_id == staff.pk:
        raise NotPermitted("maker_is_checker", _("Whoever asks for a release does not confirm it."))


def check_see_releases(staff: Staff) -> None:
    """Refuse the releases to whoever neither certifies access nor approves authority.

    Raises:
        NotPermitted: as said.
    """
    if not may(staff, Permission.CERTIFY_ACCESS):
        check(staff, Permission.APPROVE_AUTHORITY)


def allows(ask: Callable[..., None], staff: Staff, **words: object) -> bool:
    """Tell whether a `check_…` lets the person pass: the boolean twin of each of them."""
    try:
        ask(staff, **words)
    except NotPermitted:
        return False
    return True


def check_business(staff: Staff, *, person: Staff | None = None) -> None:
    """Refuse administrators, regulators, and whoever speaks for somebody else.

    Raises:
        NotPermitted: as said.
    Source: PRE-12e; safety.md (three administrators see no business).
    """
    kinds = {role.kind for role in staff.roles.all()}
    if not staff.is_active or kinds != {RoleKind.BUSINESS}:
        raise NotPermitted("not_business", _("Only people who do business declare relations."))
    if person is not None and person.pk != staff.pk:
        raise NotPermitted("not_own", _("People declare for themselves."))


def check_make_case(staff: Staff, *, unit: Unit) -> None:
    """Refuse a case to whoever does no business in the unit.

    Raises:
        NotPermitted: as said.
    """
    check(staff, Permission.VIEW_AUTHORITY, unit=unit)


def may_see_authority(staff: Staff) -> bool:
    """Tell whether the person sees grants, cases and committees."""
    return may(staff, Permission.VIEW_AUTHORITY)
