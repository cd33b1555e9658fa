"""Months of the books and their frozen trial balances."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from core.data_levels import levels
from ledger.enums import PeriodStatus
from ledger.models.accounts import Account


class LedgerPeriod(models.Model):
    """A month of the books; prepared by one person, closed by another, never opened again.

    `checks` holds what was found when it was last checked.
    """

    month = models.DateField(unique=True, help_text="first day")
    status = models.CharField(max_length=10, choices=PeriodStatus, default=PeriodStatus.OPEN)
    checks = models.JSONField(default=list)
    prepared_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+"
    )
    prepared_at = models.DateTimeField(null=True)
    prepared_through = models.BigIntegerField(
        null=True, help_text="last entry of the book when it was prepared"
    )
    closed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+"
    )
    closed_at = models.DateTimeField(null=True)
    remark = models.TextField(blank=True, default="")

    data_levels = levels(
        c1="checks remark",
        none="month status prepared_by prepared_at prepared_through closed_by closed_at",
    )

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(month__day=1), name="period_month_is_first_day"),
            models.CheckConstraint(
                condition=Q(status=PeriodStatus.CLOSED, closed_at__isnull=False)
                | (~Q(status=PeriodStatus.CLOSED) & Q(closed_at__isnull=True)),
                name="period_closed_has_instant",
            ),
            models.CheckConstraint(
                condition=~Q(status=PeriodStatus.PREPARED) | Q(prepared_at__isnull=False),
                name="period_prepared_has_instant",
            ),
            models.CheckConstraint(
                condition=Q(closed_by__isnull=True) | ~Q(closed_by=F("prepared_by")),
                name="period_maker_is_not_checker",
                violation_error_message=_("Whoever prepared the closing does not confirm it."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.month:%Y-%m}"


class TrialBalanceLine(models.Model):
    """One account of a closed month: opening, debit, credit and closing in yuan. Never changed.

    Opening and closing are debit less credit, whatever the account.
    """

    period = models.ForeignKey(LedgerPeriod, models.PROTECT, related_name="trial_balance")
    account = models.ForeignKey(Account, models.PROTECT, related_name="+")
    opening = models.DecimalField(max_digits=20, decimal_places=2)
    debit = models.DecimalField(max_digits=20, decimal_places=2)
    credit = models.DecimalField(max_digits=20, decimal_places=2)
    closing = models.DecimalField(max_digits=20, decimal_places=2)

    data_levels = levels(c1="opening debit credit closing", none="period account")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["period", "account"], name="trialbalance_account_once"),
            models.CheckConstraint(
                condition=Q(closing=F("opening") + F("debit") - F("credit")),
                name="trialbalance_adds_up",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.period_id} {self.account_id}"
