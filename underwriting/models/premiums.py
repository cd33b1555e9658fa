"""Premium instalments of policies, what moved them day by day, and what was received."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from core.data_levels import levels
from underwriting.enums import PremiumMove, PremiumStage
from underwriting.models.policies import Policy


class PremiumInstalment(models.Model):
    """One part of a policy's premium, tax included: the sub-ledger of the premium receivable.

    Its open amount (amount − paid − cancelled − written off) stands on the receivable account of
    its stage. The columns are running totals of its movements. Source: PRE-36b-c, PRE-41b.
    """

    policy = models.ForeignKey(Policy, models.PROTECT, related_name="instalments")
    n = models.PositiveSmallIntegerField()
    terms_number = models.PositiveSmallIntegerField(default=0)
    covers_from = models.DateField()
    covers_to = models.DateField()
    due_on = models.DateField()
    amount = models.DecimalField(max_digits=18, decimal_places=2)
    vat = models.DecimalField(max_digits=18, decimal_places=2)
    paid = models.DecimalField(max_digits=18, decimal_places=2, default=0)
    cancelled = models.DecimalField(max_digits=18, decimal_places=2, default=0)
    refunded = models.DecimalField(max_digits=18, decimal_places=2, default=0)
    written_off = models.DecimalField(max_digits=18, decimal_places=2, default=0)
    stage = models.CharField(max_length=8, choices=PremiumStage, default=PremiumStage.NOT_DUE)

    data_levels = levels(
        c2="amount vat paid cancelled refunded written_off",
        c1="policy",
        none="n terms_number covers_from covers_to due_on stage",
    )

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["policy", "n"], name="premiuminstalment_once"),
            models.CheckConstraint(
                condition=Q(covers_to__gt=F("covers_from")), name="premiuminstalment_in_order"
            ),
            models.CheckConstraint(
                condition=Q(
                    amount__gt=0,
                    vat__gte=0,
                    vat__lt=F("amount"),
                    paid__gte=0,
                    cancelled__gte=0,
                    refunded__gte=0,
                    written_off__gte=0,
                    refunded__lte=F("paid"),
                )
                & Q(amount__gte=F("paid") + F("cancelled") + F("written_off")),
                name="premiuminstalment_adds_up",
            ),
        ]
        indexes = [
            models.Index(
                fields=["due_on"],
                condition=~Q(stage=PremiumStage.OVERDUE),
                name="premiuminstalment_due",
            )
        ]

    def __str__(self) -> str:
        return f"{self.policy_id}/{self.n}"


class PremiumReceipt(models.Model):
    """Money received for a policy's premium, and to which stages it went. Appended only."""

    policy = models.ForeignKey(Policy, models.PROTECT, related_name="receipts")
    key = models.CharField(max_length=200, unique=True)
    received_on = models.DateField()
    amount = models.DecimalField(max_digits=18, decimal_places=2)
    not_due = models.DecimalField(max_digits=18, decimal_places=2)
    due = models.DecimalField(max_digits=18, decimal_places=2)
    overdue = models.DecimalField(max_digits=18, decimal_places=2)
    reference = models.CharField(max_length=120, help_text="number at the bank or of the file")
    recorded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+"
    )
    recorded_at = models.DateTimeField()

    data_levels = levels(
        c2="amount not_due due overdue",
        c1="policy key reference",
        none="received_on recorded_by recorded_at",
    )

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(amount__gt=0) & Q(amount=F("not_due") + F("due") + F("overdue")),
                name="premiumreceipt_adds_up",
            )
        ]
        indexes = [models.Index(fields=["policy", "received_on"], name="premiumreceipt_policy")]

    def __str__(self) -> str:
        return f"{self.policy_id} {self.amount}"


class PremiumMovement(models.Model):
    """One change of an instalment on a business day, in yuan with its tax. Appended only.

    `stage`: the receivable account on which it happened; of a change of stage the new one. What an
    instalment was on a past day is what it is now less the movements since. Source: PRE-41b.
    """

    policy = models.ForeignKey(Policy, models.PROTECT, related_name="premium_movements")
    n = models.PositiveSmallIntegerField()
    on = models.DateField()
    move = models.CharField(max_length=11, choices=PremiumMove)
    stage = models.CharField(max_length=8, choices=PremiumStage)
    amount = models.DecimalField(max_digits=18, decimal_places=2)
    receipt = models.ForeignKey(PremiumReceipt, models.PROTECT, null=True, related_name="movements")

    data_levels = levels(c2="amount", c1="policy receipt", none="n on move stage")

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(amount__gt=0), name="premiummovement_above_zero"),
            models.CheckConstraint(
                condition=Q(move__in=[PremiumMove.PAID, PremiumMove.RETURNED])
                | Q(receipt__isnull=True),
                name="premiummovement_receipt",
            ),
        ]
        indexes = [models.Index(fields=["on"], name="premiummovement_day")]

    def __str__(self) -> str:
        return f"{self.policy_id}/{self.n} {self.move} {self.amount}"
