"""Who may read and write treaties, cessions and the inclusive ratio."""

from django.utils.translation import gettext as _

from organization import permissions
from organization.enums import Permission
from organization.errors import NotPermitted
from organization.models import Staff
from organization.selectors import head_office
from underwriting.enums import TreatyStatus
from underwriting.models import Treaty


def may_view_cessions(staff: Staff) -> bool:
    """Tell whether the person reads treaties and cessions; which policies, the own unit says."""
    return permissions.works_in_business(staff) and permissions.may(staff, Permission.VIEW_CESSIONS)


def check_view_cessions(staff: Staff) -> None:
    """Refuse a person who does not read treaties and cessions.

    Raises:
        NotPermitted: the permission is lacking.
    """
    permissions.check(staff, Permission.VIEW_CESSIONS)


def check_view_statements(staff: Staff) -> None:
    """Refuse a person who does not read reinsurers' statements, which are of the whole house.

    Raises:
        NotPermitted: the permission is lacking, or the person is not of the head office.
    """
    permissions.check(staff, Permission.VIEW_CESSIONS, unit=head_office())


def may_export_statements(staff: Staff) -> bool:
    """Tell whether the person may take a reinsurer's statement out as a file."""
    return may_view_cessions(staff) and permissions.may(
        staff, Permission.EXPORT, unit=head_office()
    )


def may_propose_treaties(staff: Staff) -> bool:
    """Tell whether the person proposes treaties, places certificates and sets co-insurance."""
    return permissions.may(staff, Permission.PROPOSE_TREATIES)


def check_propose_treaties(staff: Staff | None) -> None:
    """Refuse a person who does not propose treaties, place certificates and set co-insurance.

    Raises:
        NotPermitted: the permission is lacking, or the person is not of the head office.
    """
    permissions.check(staff, Permission.PROPOSE_TREATIES, unit=head_office())


def may_decide_treaty(staff: Staff, treaty: Treaty) -> bool:
    """Tell whether the person may approve or refuse this treaty now."""
    return (
        treaty.status == TreatyStatus.PROPOSED
        and treaty.proposed_by_id != staff.pk
        and permissions.may(staff, Permission.APPROVE_TREATIES)
    )


def check_decide_treaty(staff: Staff, treaty: Treaty) -> None:
    """Refuse a person who may not approve or refuse this treaty.

    Raises:
        NotPermitted: the permission is lacking, or the person proposed it.
    """
    permissions.check(staff, Permission.APPROVE_TREATIES, unit=head_office())
    if treaty.proposed_by_id == staff.pk:
        raise NotPermitted("maker_is_checker", _("Whoever proposes a treaty does not approve it."))


def may_restate_ratio(staff: Staff) -> bool:
    """Tell whether the person freezes a quarter again: whoever restates months."""
    return permissions.may(staff, Permission.CLOSE_MONTH)


def check_restate_ratio(staff: Staff | None) -> None:
    """Refuse a person who does not freeze or restate a quarter's inclusive ratio.

    Raises:
        NotPermitted: the permission is lacking.
    """
    permissions.check(staff, Permission.CLOSE_MONTH)
