"""Findings on lender files, the history of every loan, and frozen month-ends with their figures."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from core.data_levels import levels, sealed_by
from organization.models import Unit
from partners.models import Lender, LenderFile
from postloss.enums import Bucket, Dimension, FindingCode, FindingLevel, MonthEndState
from underwriting.models import Loan, Segment


class Finding(models.Model):
    """One reason why a line was rejected, or one remark on a line that was accepted."""

    file = models.ForeignKey(LenderFile, models.PROTECT, related_name="findings")
    line_no = models.PositiveBigIntegerField()
    level = models.CharField(max_length=6, choices=FindingLevel)
    code = models.CharField(max_length=30, choices=FindingCode)
    column = models.CharField(max_length=40, blank=True)
    value = models.CharField(max_length=80, blank=True, help_text="masked where personal")

    data_levels = levels(
        c2="value",
        c1="file line_no level code column",
        clear={"value": _("masked and scrubbed before it is written")},
    )

    class Meta:
        indexes = [models.Index(fields=["file", "level", "line_no"], name="finding_line")]

    def __str__(self) -> str:
        return f"{self.line_no}: {self.code}"


class RejectedLine(models.Model):
    """A rejected line as it came, sealed, so that it can be corrected and tried again."""

    file = models.ForeignKey(LenderFile, models.PROTECT, related_name="rejected_lines")
    line_no = models.PositiveBigIntegerField()
    loan_no = models.CharField(max_length=60, blank=True)
    sealed_cells = models.BinaryField()

    data_levels = levels(c2="sealed_cells", c1="file line_no loan_no")
    sealed_by = sealed_by(sealed_cells="file_id line_no")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["file", "line_no"], name="rejectedline_once")
        ]

    def __str__(self) -> str:
        return f"{self.file_id}:{self.line_no}"


class LoanStatus(models.Model):
    """What a lender said of a loan on a date, and from which file and line we know it.

    Bitemporal: `as_of` is when it was true, `file.recorded_at` when we knew. Appended only; the
    row in force is the one of the latest complete file. Partitioned by month of `as_of`; amounts
    in fen; NULL is unknown. Source: POST-09c, HQ-44.
    """

    pk = models.CompositePrimaryKey("loan", "as_of", "file")
    loan = models.ForeignKey(Loan, models.DO_NOTHING, related_name="+", db_constraint=False)
    as_of = models.DateField()
    file = models.ForeignKey(LenderFile, models.DO_NOTHING, related_name="+", db_constraint=False)
    line_no = models.IntegerField()
    status = models.SmallIntegerField()
    days_overdue = models.IntegerField()
    instalments_overdue = models.IntegerField()
    instalments_due = models.IntegerField(null=True)
    due_on = models.DateField(null=True)
    due_fen = models.BigIntegerField(null=True)
    paid_fen = models.BigIntegerField(null=True)
    outstanding_fen = models.BigIntegerField()

    data_levels = levels(
        c2=(
            "loan status days_overdue instalments_overdue instalments_due due_on due_fen "
            "paid_fen outstanding_fen"
        ),
        c1="as_of file line_no",
    )

    class Meta:
        managed = False
        db_table = "postloss_loanstatus"

    def __str__(self) -> str:
        return f"{self.loan_id} {self.as_of}"


class MonthEnd(models.Model):
    """A version of a closed month: frozen, with what was known at `known_at`. Source: HQ-44."""

    month = models.DateField(help_text="first day")
    version = models.PositiveIntegerField()
    state = models.CharField(max_length=10, choices=MonthEndState, default=MonthEndState.BUILDING)
    reason = models.TextField(blank=True, help_text="why it was restated")
    known_at = models.DateTimeField(help_text="files recorded later do not count")
    one_before = models.ForeignKey("self", models.PROTECT, null=True, related_name="+")
    two_before = models.ForeignKey("self", models.PROTECT, null=True, related_name="+")
    loans = models.BigIntegerField(default=0, help_text="live loans: 正常 and 逾期")
    not_reported = models.BigIntegerField(default=0)
    has_snapshot = models.BooleanField(default=False)
    has_figures = models.BooleanField(default=False)
    closed_at = models.DateTimeField(null=True)
    closed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+"
    )

    data_levels = levels(
        c1="month version reason loans not_reported",
        none="state known_at one_before two_before has_snapshot has_figures closed_at closed_by",
    )

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["month", "version"], name="monthend_version"),
            models.UniqueConstraint(
                fields=["month"],
                condition=Q(state=MonthEndState.BUILDING),
                name="monthend_one_being_closed",
            ),
            models.CheckConstraint(
                condition=Q(version=1) | ~Q(reason=""), name="monthend_restated_with_reason"
            ),
            models.CheckConstraint(
                condition=~Q(state=MonthEndState.CLOSED)
                | Q(closed_at__isnull=False, has_snapshot=True, has_figures=True),
                name="monthend_closed_is_whole",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.month:%Y-%m} v{self.version}"


class Snapshot(models.Model):
    """One loan at one month-end version; a partition per version, never changed. Fen.

    `before_...` is where the loan stood one calendar month before, in the version that was frozen
    then (empty: not in it).
    """

    pk = models.CompositePrimaryKey("month_end", "loan")
    month_end = models.ForeignKey(
        MonthEnd, models.DO_NOTHING, related_name="+", db_constraint=False
    )
    loan = models.ForeignKey(Loan, models.DO_NOTHING, related_name="+", db_constraint=False)
    segment = models.ForeignKey(Segment, models.DO_NOTHING, related_name="+", db_constraint=False)
    file = models.ForeignKey(LenderFile, models.DO_NOTHING, related_name="+", db_constraint=False)
    line_no = models.IntegerField()
    as_of = models.DateField()
    days_overdue = models.IntegerField()
    instalments_overdue = models.IntegerField()
    bucket = models.SmallIntegerField(choices=Bucket)
    before_bucket = models.SmallIntegerField(null=True, choices=Bucket)
    balance_fen = models.BigIntegerField()
    before_fen = models.BigIntegerField(null=True)
    paid_fen = models.BigIntegerField(null=True)
    basis_differs = models.BooleanField(help_text="days and instalments give two buckets (HQ-01)")

    data_levels = levels(
        c2=(
            "loan days_overdue instalments_overdue bucket before_bucket balance_fen "
            "before_fen paid_fen"
        ),
        c1="month_end segment file line_no as_of basis_differs",
    )

    class Meta:
        managed = False
        db_table = "postloss_snapshot"

    def __str__(self) -> str:
        return f"{self.month_end_id} {self.loan_id}"


class Figure(models.Model):
    """The figures of one slice at one month-end version: F4-F10c and F13. Yuan; NULL is undefined.

    A slice is (unit with all below it, one lender or all, dimension, value). The head office
    holds everything. Source: POST-35d-m, POST-07c.
    """

    month_end = models.ForeignKey(MonthEnd, models.PROTECT, related_name="figures", db_index=False)
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="+", db_index=False)
    lender = models.ForeignKey(Lender, models.PROTECT, null=True, related_name="+", db_index=False)
    dimension = models.CharField(max_length=14, choices=Dimension)
    value = models.CharField(max_length=120, blank=True)
    m0 = models.DecimalField(max_digits=20, decimal_places=2)
    m1 = models.DecimalField(max_digits=20, decimal_places=2)
    m2 = models.DecimalField(max_digits=20, decimal_places=2)
    m3 = models.DecimalField(max_digits=20, decimal_places=2)
    tail_over_180 = models.DecimalField(max_digits=20, decimal_places=2)
    outstanding = models.DecimalField(max_digits=20, decimal_places=2)
    n_m0 = models.BigIntegerField()
    n_m1 = models.BigIntegerField()
    n_m2 = models.BigIntegerField()
    n_m3 = models.BigIntegerField()
    n_tail = models.BigIntegerField()
    roll_m0_1 = models.DecimalField(max_digits=30, decimal_places=18, null=True)
    roll_m0_2 = models.DecimalField(max_digits=30, decimal_places=18, null=True)
    overdue_rate = models.DecimalField(max_digits=30, decimal_places=18, null=True)
    disbursed_amount = models.DecimalField(max_digits=20, decimal_places=2)
    retained_exposure = models.DecimalField(max_digits=24, decimal_places=6)
    n_not_reported = models.BigIntegerField()
    not_reported_balance = models.DecimalField(max_digits=20, decimal_places=2)
    n_basis_differs = models.BigIntegerField()

    data_levels = levels(
        c1=(
            "month_end unit lender dimension value m0 m1 m2 m3 tail_over_180 outstanding n_m0 "
            "n_m1 n_m2 n_m3 n_tail roll_m0_1 roll_m0_2 overdue_rate disbursed_amount "
            "retained_exposure n_not_reported not_reported_balance n_basis_differs"
        ),
    )

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["month_end", "unit", "lender", "dimension", "value"],
                nulls_distinct=False,
                name="figure_one_per_slice",
            ),
            models.CheckConstraint(
                condition=Q(overdue_rate__isnull=True)
                | Q(overdue_rate__gte=0, overdue_rate__lte=1),
                name="figure_overdue_rate_is_a_share",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.month_end_id} {self.dimension} {self.value}"


class Migration(models.Model):
    """How many loans, and how much of last month's balance, went from bucket to bucket.

    The cohort roll-rate matrix: beside F10a and F10b, never in their place. Source: HQ-04.
    """

    month_end = models.ForeignKey(MonthEnd, models.PROTECT, related_name="migrations")
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="+")
    before_bucket = models.SmallIntegerField(choices=Bucket)
    bucket = models.SmallIntegerField(choices=Bucket)
    loans = models.BigIntegerField()
    before_balance = models.DecimalField(max_digits=20, decimal_places=2)
    balance = models.DecimalField(max_digits=20, decimal_places=2)

    data_levels = levels(c1="month_end unit before_bucket bucket loans before_balance balance")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["month_end", "unit", "before_bucket", "bucket"], name="migration_unique"
            )
        ]

    def __str__(self) -> str:
        return f"{self.month_end_id} {self.before_bucket}→{self.bucket}"
