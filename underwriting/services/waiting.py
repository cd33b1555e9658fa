"""What of the takeover of books waits for somebody: a lender's names that lead nowhere yet."""

from django.db.models import Exists, OuterRef, Q
from django.urls import reverse

from organization.enums import Permission, WorkKind
from organization.services.awaiting import Awaiting
from partners.models import Lender
from underwriting.models import NameMapping

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
)
