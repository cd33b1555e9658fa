"""Manual vouchers: drafted by one person, posted when another approves."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from core.data_levels import levels
from core.errors import WrongState
from ledger.enums import VoucherStatus
from ledger.models.entries import Entry


class Voucher(models.Model):
    """A manual voucher, or a reversal that a person asks for; it becomes an entry on approval.

    `lines` is a list of {account, debit, credit, …dimension values}, amounts as text in yuan; a
    reversal has none. Source: POST-23c.
    """

    month = models.DateField(help_text="first day of the month of the books")
    business_on = models.DateField()
    summary = models.CharField(max_length=200)
    lines = models.JSONField(default=list)
    reverses = models.ForeignKey(Entry, models.PROTECT, null=True, related_name="reversal_drafts")
    status = models.CharField(max_length=10, choices=VoucherStatus, default=VoucherStatus.DRAFT)
    drafted_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    drafted_at = models.DateTimeField()
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+"
    )
    decided_at = models.DateTimeField(null=True)
    remark = models.TextField(blank=True, default="")
    entry = models.OneToOneField(Entry, models.PROTECT, null=True, related_name="voucher")

    data_levels = levels(
        c1="summary lines remark",
        none="month business_on reverses status drafted_by drafted_at decided_by decided_at entry",
    )

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(month__day=1), name="voucher_month_is_first_day"),
            models.CheckConstraint(
                condition=Q(decided_by__isnull=True)
                | ~Q(decided_by=F("drafted_by"))
                | Q(status=VoucherStatus.REFUSED),
                name="voucher_maker_is_not_checker",
                violation_error_message=_("Whoever drafts a voucher does not approve it."),
            ),
            models.CheckConstraint(
                condition=Q(status=VoucherStatus.APPROVED, entry__isnull=False)
                | (~Q(status=VoucherStatus.APPROVED) & Q(entry__isnull=True)),
                name="voucher_approved_is_posted",
            ),
            models.UniqueConstraint(
                fields=["reverses"],
                condition=Q(status=VoucherStatus.DRAFT),
                name="voucher_one_reversal_at_a_time",
                violation_error_message=_("A reversal of this entry awaits approval already."),
            ),
        ]
        indexes = [models.Index(fields=["status", "month"], name="voucher_waiting")]

    def __str__(self) -> str:
        return f"#{self.pk}"

    def decide(self, status: VoucherStatus, *, by, at, remark: str) -> None:
        if self.status != VoucherStatus.DRAFT:
            raise WrongState("voucher_decided", _("This voucher no longer awaits approval."))
        self.status, self.remark = status, remark
        self.decided_by, self.decided_at = by, at
