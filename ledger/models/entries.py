"""Entries of the book and their lines. Appended only; the database balances them.

Triggers (migration 0005): the lines of an entry come in one statement and balance; an entry
without lines, or into a closed month, is refused; its number is given when the transaction commits.
"""

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from core.data_levels import levels
from ledger.enums import LedgerEvent
from ledger.models.accounts import Account
from ledger.models.posting_rules import PostingRule


class EntryCounter(models.Model):
    """The last number given to an entry of a month; numbers have no gaps."""

    month = models.DateField(primary_key=True, help_text="first day")
    last = models.PositiveIntegerField()

    data_levels = levels(none="month last")

    def __str__(self) -> str:
        return f"{self.month:%Y-%m}: {self.last}"


class Entry(models.Model):
    """One entry of the book: an event posted by rule, a manual voucher, or a reversal.

    `sequence` is empty until the transaction commits. `digest` covers what was asked to be posted,
    so that the same key with other content is refused.
    """

    month = models.DateField(help_text="first day of the month of the books")
    sequence = models.PositiveIntegerField(null=True)
    business_on = models.DateField()
    event = models.CharField(max_length=30, choices=LedgerEvent)
    rule = models.ForeignKey(PostingRule, models.PROTECT, null=True, related_name="+")
    key = models.CharField(max_length=200, unique=True)
    digest = models.CharField(max_length=64)
    summary = models.CharField(max_length=200)
    total = models.DecimalField(max_digits=20, decimal_places=2, help_text="debit side, yuan")
    reverses = models.OneToOneField("self", models.PROTECT, null=True, related_name="reversed_by")
    posted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+"
    )
    posted_at = models.DateTimeField()

    data_levels = levels(
        c1="key summary total",
        none="month sequence business_on event rule digest reverses posted_by posted_at",
    )

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["month", "sequence"], name="entry_number_once"),
            models.CheckConstraint(condition=Q(month__day=1), name="entry_month_is_first_day"),
            models.CheckConstraint(condition=Q(total__gt=0), name="entry_moves_something"),
            models.CheckConstraint(
                condition=~Q(reverses=F("id")), name="entry_does_not_reverse_itself"
            ),
        ]
        indexes = [models.Index(fields=["event", "month"], name="entry_event_month")]

    def __str__(self) -> str:
        return self.number

    @property
    def number(self) -> str:
        """The number for people: month and sequence; empty before the commit."""
        return "" if self.sequence is None else f"{self.month:%Y%m}-{self.sequence:06d}"


class EntryLine(models.Model):
    """One line of an entry: an account, a side, an amount in yuan, and its dimension values."""

    entry = models.ForeignKey(Entry, models.PROTECT, related_name="lines")
    no = models.PositiveIntegerField()
    account = models.ForeignKey(Account, models.PROTECT, related_name="+")
    month = models.DateField(help_text="that of the entry")
    debit = models.DecimalField(max_digits=20, decimal_places=2)
    credit = models.DecimalField(max_digits=20, decimal_places=2)
    policy_no = models.CharField(max_length=80, blank=True)
    lender_code = models.CharField(max_length=80, blank=True)
    product_code = models.CharField(max_length=80, blank=True)
    unit_path = models.CharField(max_length=255, blank=True)
    treaty_code = models.CharField(max_length=80, blank=True)
    claim_no = models.CharField(max_length=80, blank=True)

    data_levels = levels(
        c1="debit credit policy_no claim_no",
        none="entry no account month lender_code product_code unit_path treaty_code",
    )

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["entry", "no"], name="entryline_no_once"),
            models.CheckConstraint(
                condition=Q(debit__gt=0, credit=0) | Q(debit=0, credit__gt=0),
                name="entryline_one_side_only",
                violation_error_message=_("A line is either debit or credit."),
            ),
        ]
        indexes = [
            models.Index(fields=["account", "month"], name="entryline_account_month"),
            models.Index(fields=["policy_no", "account"], name="entryline_policy"),
        ]

    def __str__(self) -> str:
        return f"{self.entry_id}/{self.no}"
