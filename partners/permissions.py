"""Who may see lenders, and who proposes and approves their licences."""

from __future__ import annotations

from django.utils.translation import gettext as _

from organization import permissions
from organization.enums import Permission
from organization.errors import NotPermitted
from organization.models import Staff
from organization.selectors import head_office
from partners.enums import LicenceStatus
from partners.models import FunderLicence

_EYES = (Permission.VIEW_PORTFOLIO, Permission.PROPOSE_LICENCES, Permission.APPROVE_LICENCES)


def may_view_lenders(staff: Staff) -> bool:
    """Tell whether the person sees lenders and their licences: the same for the whole house."""
    return permissions.works_in_business(staff) and any(
        permissions.may(staff, each) for each in _EYES
    )


def check_view_lenders(staff: Staff) -> None:
    """Refuse a person who does not see lenders.

    Raises:
        NotPermitted: the person neither sees the portfolio nor works on licences.
    """
    if not may_view_lenders(staff):
        permissions.check(staff, Permission.VIEW_PORTFOLIO)


def may_propose_licences(staff: Staff) -> bool:
    """Tell whether the person proposes licences of lenders."""
    return permissions.may(staff, Permission.PROPOSE_LICENCES)


def check_propose_licences(staff: Staff | None) -> None:
    """Refuse a person who does not propose licences of lenders.

    Raises:
        NotPermitted: the permission is lacking, or the person is not of the head office.
    """
    permissions.check(staff, Permission.PROPOSE_LICENCES, unit=head_office())


def may_decide_licence(staff: Staff, licence: FunderLicence) -> bool:
    """Tell whether the person may approve or refuse this licence now."""
    return (
        licence.status == LicenceStatus.PROPOSED
        and licence.proposed_by_id != staff.pk
        and permissions.may(staff, Permission.APPROVE_LICENCES)
    )


def check_decide_licence(staff: Staff, licence: FunderLicence) -> None:
    """Refuse a person who may not approve or refuse this licence.

    Raises:
        NotPermitted: the permission is lacking, or the person proposed it.
    """
    permissions.check(staff, Permission.APPROVE_LICENCES, unit=head_office())
    if licence.proposed_by_id == staff.pk:
        raise NotPermitted("maker_is_checker", _("Whoever proposes a licence does not approve it."))
