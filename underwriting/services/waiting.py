"""What waits for somebody: a lender's names that lead nowhere yet, treaties to approve."""

from django.db.models import Exists, OuterRef, Q
from django.urls import reverse

from organization.enums import Permission, WorkKind
from organization.services.awaiting import Awaiting
from partners.models import Lender
from underwriting.enums import TreatyStatus
from underwriting.models import NameMapping, Treaty

_UNCONFIRMED = NameMapping.objects.filter(lender=OuterRef("pk"), confirmed_at__isnull=True)

WAITING = (
    Awaiting(
        kind=WorkKind.NAMES_CONFIRMATION,
        model=Lender,
        waits=Q(Exists(_UNCONFIRMED)),
        title=lambda lender: lender.code,
        url=lambda lender: reverse("underwriting:names"),
        permission=Permission.CONFIRM_NAMES,
    ),
    Awaiting(
        kind=WorkKind.TREATY_APPROVAL,
        model=Treaty,
        waits=Q(status=TreatyStatus.PROPOSED),
        title=lambda treaty: f"{treaty.code} {treaty.name}"[:200],
        url=lambda treaty: reverse("underwriting:treaty", args=[treaty.pk]),
        permission=Permission.APPROVE_TREATIES,
        initiator_id=lambda treaty: treaty.proposed_by_id,
        is_by_another=True,
    ),
)
