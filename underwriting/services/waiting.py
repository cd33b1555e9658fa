"""What waits for somebody: names, quotes, endorsements, notices, treaties."""

from django.db.models import Exists, OuterRef, Q
from django.urls import reverse

from organization.enums import Permission, WorkKind
from organization.services.awaiting import Awaiting, end_of
from partners.models import Lender
from underwriting.enums import (
    CorrectionStatus,
    EndorsementStatus,
    PolicyState,
    QuoteStatus,
    TreatyStatus,
)
from underwriting.models import (
    Endorsement,
    NameMapping,
    ObligorNotice,
    PremiumCorrection,
    Quote,
    Treaty,
)

_UNCONFIRMED = NameMapping.objects.filter(lender=OuterRef("pk"), confirmed_at__isnull=True)


def _endorsement_title(endorsement: Endorsement) -> str:
    return f"{endorsement.policy.policy_no} #{endorsement.number}"


def _endorsement_url(endorsement: Endorsement) -> str:
    address = reverse("desk:policy", args=[endorsement.policy_id])
    return f"{address}#endorsement-{endorsement.number}"


def _notice_url(notice: ObligorNotice) -> str:
    return f"{reverse('desk:policy', args=[notice.policy_id])}#notice-{notice.number}"


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
        kind=WorkKind.QUOTE_ISSUE,
        model=Quote,
        waits=Q(status=QuoteStatus.OPEN, findings=[]),
        title=lambda quote: quote.quote_no,
        url=lambda quote: reverse("underwriting:quote", args=[quote.pk]),
        permission=Permission.ISSUE_POLICIES,
        unit_id=lambda quote: quote.unit_id,
        initiator_id=lambda quote: quote.made_by_id,
        is_by_another=True,
    ),
    Awaiting(
        kind=WorkKind.ENDORSEMENT_APPROVAL,
        model=Endorsement,
        waits=Q(status=EndorsementStatus.REQUESTED),
        title=_endorsement_title,
        url=_endorsement_url,
        permission=Permission.ISSUE_POLICIES,
        unit_id=lambda endorsement: endorsement.policy.unit_id,
        initiator_id=lambda endorsement: endorsement.requested_by_id,
        is_by_another=True,
        related=("policy",),
    ),
    Awaiting(
        kind=WorkKind.INSURED_CONFIRMATION,
        model=Endorsement,
        waits=Q(status=EndorsementStatus.UNCONFIRMED),
        title=_endorsement_title,
        url=_endorsement_url,
        permission=Permission.QUOTE_POLICIES,
        unit_id=lambda endorsement: endorsement.policy.unit_id,
        related=("policy",),
    ),
    Awaiting(
        kind=WorkKind.PREMIUM_CORRECTION,
        model=PremiumCorrection,
        waits=Q(status=CorrectionStatus.REQUESTED),
        title=lambda correction: correction.policy.policy_no,
        url=lambda correction: reverse("desk:policy", args=[correction.policy_id]),
        permission=Permission.APPROVE_VOUCHERS,
        initiator_id=lambda correction: correction.requested_by_id,
        is_by_another=True,
        related=("policy",),
    ),
    Awaiting(
        kind=WorkKind.OBLIGOR_NOTICE,
        model=ObligorNotice,
        waits=Q(notified_on__isnull=True, policy__status=PolicyState.IN_FORCE),
        title=lambda notice: notice.policy.policy_no,
        url=_notice_url,
        permission=Permission.QUOTE_POLICIES,
        unit_id=lambda notice: notice.policy.unit_id,
        due_at=lambda notice: end_of(notice.due_on),
        related=("policy",),
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
