"""What waits for somebody: licences of lenders to approve."""

from django.db.models import Q
from django.urls import reverse

from organization.enums import Permission, WorkKind
from organization.services.awaiting import Awaiting
from partners.enums import LicenceStatus
from partners.models import FunderLicence

WAITING = (
    Awaiting(
        kind=WorkKind.LICENCE_APPROVAL,
        model=FunderLicence,
        waits=Q(status=LicenceStatus.PROPOSED),
        title=lambda licence: f"{licence.lender.code} {licence.licence_no}"[:200],
        url=lambda licence: reverse("partners:licence", args=[licence.pk]),
        permission=Permission.APPROVE_LICENCES,
        initiator_id=lambda licence: licence.proposed_by_id,
        is_by_another=True,
        related=("lender",),
    ),
)
