"""Loans under cover, the names that lenders use for our places, and our share of each loan."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from core.data_levels import levels
from organization.models import Unit
from parties.models import Party
from partners.models import Channel, Lender, LenderFile
from products.models import ProductVersion
from underwriting.enums import (
    OBLIGOR_TYPE_UNKNOWN,
    UNRATED,
    ControlDimension,
    ControlKind,
    NameKind,
)


class BookName(models.Model):
    """A branch, channel or product as lenders write it; indicators group and print it."""

    kind = models.CharField(max_length=10, choices=NameKind)
    name = models.CharField(max_length=120)

    data_levels = levels(c1="kind name")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["kind", "name"], name="bookname_unique")]

    def __str__(self) -> str:
        return self.name


class NameMapping(models.Model):
    """From (lender, name) to our unit, channel or product version, dated and confirmed by a person.

    An unconfirmed mapping leads to head office until somebody confirms it.
    """

    lender = models.ForeignKey(Lender, models.PROTECT, related_name="name_mappings")
    book_name = models.ForeignKey(BookName, models.PROTECT, related_name="mappings")
    valid_from = models.DateField()
    valid_to = models.DateField(null=True)
    unit = models.ForeignKey(Unit, models.PROTECT, null=True)
    channel = models.ForeignKey(Channel, models.PROTECT, null=True)
    product_version = models.ForeignKey(ProductVersion, models.PROTECT, null=True)
    confirmed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+"
    )
    confirmed_at = models.DateTimeField(null=True)
    source = models.CharField(max_length=200, blank=True)

    data_levels = levels(
        c1="lender book_name valid_from valid_to unit channel product_version source",
        none="confirmed_by confirmed_at",
    )

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["lender", "book_name", "valid_from"], name="namemapping_one_per_start"
            ),
            models.CheckConstraint(
                condition=Q(valid_to__isnull=True) | Q(valid_to__gt=F("valid_from")),
                name="namemapping_dates_in_order",
            ),
            models.CheckConstraint(
                condition=Q(confirmed_at__isnull=True)
                | Q(unit__isnull=False)
                | Q(channel__isnull=False)
                | Q(product_version__isnull=False),
                name="namemapping_confirmed_leads_somewhere",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.lender_id} {self.book_name_id}"


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


class ShareLine(models.Model):
    """Own co-insurance share and ceded share of a lender's product over a period. Source: F13."""

    lender = models.ForeignKey(Lender, models.PROTECT, related_name="shares")
    product = models.ForeignKey(BookName, models.PROTECT, related_name="+")
    valid_from = models.DateField()
    valid_to = models.DateField(null=True)
    own_share = models.DecimalField(max_digits=9, decimal_places=6)
    ceded_share = models.DecimalField(max_digits=9, decimal_places=6)
    source = models.CharField(max_length=255)
    recorded_at = models.DateTimeField()

    data_levels = levels(
        c1="lender product valid_from valid_to own_share ceded_share source", none="recorded_at"
    )

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["lender", "product", "valid_from"], name="shareline_one_per_start"
            ),
            models.CheckConstraint(
                condition=Q(own_share__gte=0)
                & Q(own_share__lte=1)
                & Q(ceded_share__gte=0)
                & Q(ceded_share__lte=1),
                name="shareline_shares_are_fractions",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.lender_id} {self.product_id} {self.valid_from}"


class ControlQuerySet(models.QuerySet["Control"]):
    def live(self) -> ControlQuerySet:
        """Keep what binds new business now."""
        return self.filter(lifted_at__isnull=True)


class Control(models.Model):
    """What a warning forbids on one slice of new business; its rows are the history of the slice.

    A slice is (unit with all below it, one lender or all, dimension, value) and has one live
    control, the strictest. A stricter one replaces it; only the warning's loop lifts it.
    Source: POST-08b, POST-08f, POST-08i, HQ-27.
    """

    kind = models.CharField(max_length=16, choices=ControlKind)
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="+")
    responsible_unit = models.ForeignKey(Unit, models.PROTECT, related_name="+")
    lender = models.ForeignKey(Lender, models.PROTECT, null=True, related_name="+")
    dimension = models.CharField(max_length=14, choices=ControlDimension)
    value = models.CharField(max_length=120, blank=True)
    factor = models.DecimalField(
        max_digits=9, decimal_places=6, null=True, help_text="share of the line that is left"
    )
    set_by_warning = models.BigIntegerField(help_text="number of the warning in postloss")
    reason = models.CharField(max_length=200)
    since = models.DateTimeField()
    lifted_at = models.DateTimeField(null=True)
    lifted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+"
    )
    lift_reason = models.CharField(max_length=200, blank=True)
    replaced_by = models.ForeignKey("self", models.PROTECT, null=True, related_name="replaced")

    data_levels = levels(
        c1=(
            "kind unit responsible_unit lender dimension value factor set_by_warning reason "
            "since lifted_at lift_reason replaced_by"
        ),
        none="lifted_by",
    )

    objects = ControlQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["unit", "lender", "dimension", "value"],
                condition=Q(lifted_at__isnull=True),
                nulls_distinct=False,
                name="control_one_live_per_slice",
            ),
            models.CheckConstraint(
                condition=Q(kind=ControlKind.CUT_LINE, factor__gte=0, factor__lt=1)
                | (~Q(kind=ControlKind.CUT_LINE) & Q(factor__isnull=True)),
                name="control_cut_line_has_factor",
            ),
            models.CheckConstraint(
                condition=Q(lifted_at__isnull=True, lift_reason="", lifted_by__isnull=True)
                | (Q(lifted_at__gte=F("since")) & ~Q(lift_reason="")),
                name="control_lifted_with_reason",
            ),
        ]
        indexes = [models.Index(fields=["set_by_warning"], name="control_warning")]

    def __str__(self) -> str:
        return f"{self.kind} {self.dimension} {self.value}"
