"""Loans under cover, their terms as lenders told them, and the segments they fall in."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q

from core.data_levels import levels
from parties.models import Party
from partners.models import Lender, LenderFile
from underwriting.enums import OBLIGOR_TYPE_UNKNOWN, UNRATED
from underwriting.models.names import BookName


class Segment(models.Model):
    """A distinct combination of what figures are grouped by; every loan belongs to one.

    `loans` and `disbursed_fen` count the loans of the segment as now known (F4).
    """

    lender = models.ForeignKey(Lender, models.PROTECT)
    branch = models.ForeignKey(BookName, models.PROTECT, related_name="+")
    channel = models.ForeignKey(BookName, models.PROTECT, related_name="+")
    product = models.ForeignKey(BookName, models.PROTECT, related_name="+")
    grade = models.CharField(max_length=20, default=UNRATED)
    obligor_type = models.CharField(max_length=20, default=OBLIGOR_TYPE_UNKNOWN)
    disbursed_month = models.IntegerField(help_text="year × 12 + month − 1")
    loans = models.BigIntegerField(default=0)
    disbursed_fen = models.BigIntegerField(default=0)

    data_levels = levels(
        c1="lender branch channel product grade obligor_type disbursed_month loans disbursed_fen"
    )

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=[
                    "lender",
                    "branch",
                    "channel",
                    "product",
                    "grade",
                    "obligor_type",
                    "disbursed_month",
                ],
                name="segment_unique",
            )
        ]

    def __str__(self) -> str:
        return f"segment {self.pk}"


class LoanFacts(models.Model):
    """What a loans file says of a loan. Money in yuan, the rate per year as a fraction."""

    lender = models.ForeignKey(Lender, models.PROTECT, related_name="+", db_index=False)
    loan_no = models.CharField(max_length=60)
    obligor = models.ForeignKey(Party, models.PROTECT, related_name="+", db_index=False)
    principal = models.DecimalField(max_digits=18, decimal_places=2)
    rate = models.DecimalField(max_digits=12, decimal_places=10)
    term = models.PositiveIntegerField(help_text="months")
    disbursed_on = models.DateField()
    maturity_on = models.DateField()
    segment = models.ForeignKey(Segment, models.PROTECT, related_name="+", db_index=False)
    file = models.ForeignKey(LenderFile, models.PROTECT, related_name="+", db_index=False)
    line_no = models.PositiveBigIntegerField()
    facts_digest = models.BinaryField(
        max_length=32, help_text="keyed hash of the row, to tell an unchanged one"
    )

    data_levels = levels(
        c2="obligor principal rate term disbursed_on maturity_on facts_digest",
        c1="lender loan_no segment file line_no",
    )

    class Meta:
        abstract = True


class LoanTerms(LoanFacts):
    """One accepted line of a loans file: history, appended only; known from `file.recorded_at`."""

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["file", "line_no"], name="loanterms_one_per_line")
        ]
        indexes = [models.Index(fields=["lender", "loan_no"], name="loanterms_loan")]

    def __str__(self) -> str:
        return self.loan_no


class Loan(LoanFacts):
    """A loan under cover as now known. Source: PRE-25."""

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["lender", "loan_no"], name="loan_unique"),
            models.CheckConstraint(
                condition=Q(maturity_on__gte=F("disbursed_on")), name="loan_dates_in_order"
            ),
        ]
        indexes = [models.Index(fields=["obligor"], name="loan_obligor")]

    def __str__(self) -> str:
        return self.loan_no
