"""Receipts of a policy, and what somebody asked to have taken back."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _

from core.errors import Missing
from organization.enums import Permission
from organization.models import Staff
from organization.permissions import may
from underwriting.enums import CorrectionStatus
from underwriting.models import Policy, PremiumCorrection, PremiumReceipt


@dataclass(frozen=True, kw_only=True)
class ReceiptLine:
    """A receipt of a policy; whether it was taken back, and whether the person may ask for it."""

    receipt: PremiumReceipt
    is_returned: bool
    may_return: bool


def receipts_of(
    *, policy: Policy, corrections: Sequence[PremiumCorrection], staff: Staff
) -> list[ReceiptLine]:
    """Return what was received for a policy, latest first."""
    returned = {each.receipt_id for each in corrections if each.status == CorrectionStatus.APPROVED}
    is_free = all(each.status != CorrectionStatus.REQUESTED for each in corrections)
    may_ask = is_free and may(staff, Permission.RECEIVE_PREMIUMS)
    return [
        ReceiptLine(
            receipt=each,
            is_returned=each.pk in returned,
            may_return=may_ask and each.pk not in returned,
        )
        for each in policy.receipts.order_by("-received_on", "-pk")
    ]


def corrections_of(*, policy: Policy) -> list[PremiumCorrection]:
    """Return what was asked to be taken back on a policy, latest first."""
    found = policy.corrections.select_related("requested_by", "decided_by", "receipt")
    return list(found.order_by("-pk"))


def may_decide(*, correction: PremiumCorrection, staff: Staff) -> bool:
    """Tell whether the person may approve or refuse a correction now."""
    return (
        correction.status == CorrectionStatus.REQUESTED
        and correction.requested_by_id != staff.pk
        and may(staff, Permission.APPROVE_VOUCHERS)
    )


def receipt_of(*, policy: Policy, pk: int) -> PremiumReceipt:
    """Return one receipt of a policy that the person sees.

    Raises:
        Missing: there is none.
    """
    found = policy.receipts.filter(pk=pk).first()
    if found is None:
        raise Missing("receipt_missing", _("There is no such receipt."))
    found.policy = policy
    return found


def correction_of(*, policy: Policy, pk: int) -> PremiumCorrection:
    """Return one correction of a policy that the person sees.

    Raises:
        Missing: there is none.
    """
    found = policy.corrections.select_related("requested_by", "receipt").filter(pk=pk).first()
    if found is None:
        raise Missing("correction_missing", _("There is no such correction."))
    found.policy = policy
    return found
