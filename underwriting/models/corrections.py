"""What is taken back from the premium sub-ledger when two people say so."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy

from core.data_levels import levels
from underwriting.enums import CorrectionKind, CorrectionStatus
from underwriting.models.policies import Policy
from underwriting.models.premiums import PremiumReceipt


class PremiumCorrection(models.Model):
    """Overdue premium to be given up, or a receipt to be taken back; yuan, tax included.

    One person asks, another decides; what was approved is in the journal and the book.
    Source: PRE-41b (write-off), POST-23c (reversals tracked, decided by two).
    """

    policy = models.ForeignKey(Policy, models.PROTECT, related_name="corrections")
    kind = models.CharField(max_length=10, choices=CorrectionKind)
    receipt = models.ForeignKey(PremiumReceipt, models.PROTECT, null=True, related_name="+")
    amount = models.DecimalField(max_digits=18, decimal_places=2)
    on = models.DateField()
    reason = models.CharField(max_length=300)
    status = models.CharField(
        max_length=10, choices=CorrectionStatus, default=CorrectionStatus.REQUESTED
    )
    requested_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    requested_at = models.DateTimeField()
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+"
    )
    decided_at = models.DateTimeField(null=True)
    decision = models.CharField(max_length=300, blank=True)

    data_levels = levels(
        c2="amount",
        c1="policy receipt reason decision",
        none="kind on status requested_by requested_at decided_by decided_at",
    )

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(amount__gt=0), name="premiumcorrection_above_zero"),
            models.CheckConstraint(
                condition=Q(kind=CorrectionKind.RETURN, receipt__isnull=False)
                | Q(kind=CorrectionKind.WRITE_OFF, receipt__isnull=True),
                name="premiumcorrection_receipt",
            ),
            models.UniqueConstraint(
                fields=["policy"],
                condition=Q(status=CorrectionStatus.REQUESTED),
                name="premiumcorrection_one_at_a_time",
                violation_error_message=gettext_lazy("Another correction awaits approval."),
            ),
            models.UniqueConstraint(
                fields=["receipt"],
                condition=Q(status=CorrectionStatus.APPROVED),
                name="premiumcorrection_returned_once",
                violation_error_message=gettext_lazy("This receipt is taken back already."),
            ),
            models.CheckConstraint(
                condition=Q(status=CorrectionStatus.REQUESTED, decided_by__isnull=True)
                | ~Q(status=CorrectionStatus.REQUESTED) & Q(decided_by__isnull=False),
                name="premiumcorrection_decided",
            ),
            models.CheckConstraint(
                condition=Q(decided_by__isnull=True) | ~Q(decided_by=F("requested_by")),
                name="premiumcorrection_two_people",
                violation_error_message=gettext_lazy(
                    "Whoever asked for a correction does not approve it."
                ),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.policy_id} {self.kind} {self.amount}"
