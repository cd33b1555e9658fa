"""What of the books waits for somebody."""

from django.db.models import Q
from django.urls import reverse

from ledger.enums import BatchState, PeriodStatus, RuleStatus, VoucherStatus
from ledger.models import FinanceBatch, LedgerPeriod, PostingRule, Voucher
from organization.enums import Permission, WorkKind
from organization.services.awaiting import Awaiting

WAITING = (
    Awaiting(
        kind=WorkKind.FINANCE_SIGN_OFF,
        model=FinanceBatch,
        waits=Q(state=BatchState.DRAFT),
        title=lambda batch: f"#{batch.pk} {batch.name}",
        url=lambda batch: reverse("ledger:batch", args=[batch.pk]),
        permission=Permission.SIGN_OFF_FINANCE,
        initiator_id=lambda batch: batch.imported_by_id,
        is_by_another=True,
    ),
    Awaiting(
        kind=WorkKind.VOUCHER_APPROVAL,
        model=Voucher,
        waits=Q(status=VoucherStatus.DRAFT),
        title=lambda voucher: f"#{voucher.pk} {voucher.summary}"[:200],
        url=lambda voucher: reverse("ledger:voucher", args=[voucher.pk]),
        permission=Permission.APPROVE_VOUCHERS,
        initiator_id=lambda voucher: voucher.drafted_by_id,
        is_by_another=True,
    ),
    Awaiting(
        kind=WorkKind.POSTING_RULE_APPROVAL,
        model=PostingRule,
        waits=Q(status=RuleStatus.PROPOSED),
        title=lambda rule: f"{rule.get_event_display()} v{rule.version}",
        url=lambda rule: reverse("ledger:posting_rule", args=[rule.pk]),
        permission=Permission.APPROVE_VOUCHERS,
        initiator_id=lambda rule: rule.proposed_by_id,
        is_by_another=True,
    ),
    Awaiting(
        kind=WorkKind.BOOKS_CLOSING,
        model=LedgerPeriod,
        waits=Q(status=PeriodStatus.PREPARED),
        title=lambda period: f"{period.month:%Y-%m}",
        url=lambda period: reverse("ledger:closing", args=[f"{period.month:%Y-%m}"]),
        permission=Permission.CLOSE_BOOKS,
        initiator_id=lambda period: period.prepared_by_id,
        is_by_another=True,
    ),
)
