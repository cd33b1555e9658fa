"""Monthly finance figures: batches as finance imported them, signed off by somebody else."""

import datetime as dt

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from core.data_levels import levels
from core.errors import WrongState
from core.models import StoredFile
from ledger.enums import BatchState, FigureSource, FinanceLine, RowFault
from organization.models import Staff


class FinanceBatch(models.Model):
    """One file of finance figures; it counts from `signed_off_at`; a correction is a later one.

    `source`: brought in by finance, or frozen from the books when their month was closed.
    """

    source = models.CharField(max_length=12, choices=FigureSource, default=FigureSource.IMPORTED)
    stored = models.ForeignKey(StoredFile, models.PROTECT, related_name="+")
    name = models.CharField(max_length=255)
    state = models.CharField(max_length=10, choices=BatchState, default=BatchState.DRAFT)
    rows = models.PositiveIntegerField()
    accepted = models.PositiveIntegerField()
    rejected = models.PositiveIntegerField()
    ignored_columns = ArrayField(models.CharField(max_length=80), default=list)
    imported_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    imported_at = models.DateTimeField()
    signed_off_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+"
    )
    signed_off_at = models.DateTimeField(null=True)
    withdrawn_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+"
    )
    withdrawn_at = models.DateTimeField(null=True)
    remark = models.TextField(blank=True)

    data_levels = levels(
        c1="stored name rows accepted rejected ignored_columns remark",
        none="source state imported_by imported_at"
        " signed_off_by signed_off_at withdrawn_by withdrawn_at",
    )

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(rows=F("accepted") + F("rejected")), name="financebatch_counts_add_up"
            ),
            models.CheckConstraint(
                condition=(
                    Q(state=BatchState.SIGNED_OFF)
                    & Q(signed_off_by__isnull=False, signed_off_at__isnull=False)
                )
                | (
                    ~Q(state=BatchState.SIGNED_OFF)
                    & Q(signed_off_by__isnull=True, signed_off_at__isnull=True)
                ),
                name="financebatch_signed_off_has_author",
            ),
            models.CheckConstraint(
                condition=(
                    Q(state=BatchState.WITHDRAWN)
                    & Q(withdrawn_by__isnull=False, withdrawn_at__isnull=False)
                )
                | (
                    ~Q(state=BatchState.WITHDRAWN)
                    & Q(withdrawn_by__isnull=True, withdrawn_at__isnull=True)
                ),
                name="financebatch_withdrawn_has_author",
            ),
            models.CheckConstraint(
                condition=Q(signed_off_by__isnull=True) | ~Q(signed_off_by=F("imported_by")),
                name="financebatch_maker_is_not_checker",
                violation_error_message=_("Whoever imported the figures may not sign them off."),
            ),
        ]
        indexes = [models.Index(fields=["state", "-signed_off_at"], name="financebatch_in_force")]

    def __str__(self) -> str:
        return self.name

    def sign_off(self, *, by: Staff, at: dt.datetime, remark: str) -> None:
        self._leave_draft()
        self.state = BatchState.SIGNED_OFF
        self.signed_off_by, self.signed_off_at, self.remark = by, at, remark

    def withdraw(self, *, by: Staff, at: dt.datetime, reason: str) -> None:
        self._leave_draft()
        self.state = BatchState.WITHDRAWN
        self.withdrawn_by, self.withdrawn_at, self.remark = by, at, reason

    def _leave_draft(self) -> None:
        if self.state != BatchState.DRAFT:
            raise WrongState(
                "batch_not_draft", _("These finance figures no longer await sign-off.")
            )


class FinanceFigure(models.Model):
    """One accepted line: month, finance line, amount in yuan. Appended only (database trigger)."""

    batch = models.ForeignKey(FinanceBatch, models.PROTECT, related_name="figures")
    line_no = models.PositiveIntegerField()
    month = models.DateField(help_text="first day")
    code = models.CharField(max_length=30, choices=FinanceLine)
    amount = models.DecimalField(max_digits=20, decimal_places=2)

    data_levels = levels(c1="batch line_no month code amount")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["batch", "month", "code"], name="financefigure_one_per_batch"
            ),
            models.CheckConstraint(
                condition=Q(month__day=1), name="financefigure_month_is_first_day"
            ),
        ]
        indexes = [models.Index(fields=["month", "code"], name="financefigure_month")]

    def __str__(self) -> str:
        return f"{self.month:%Y-%m} {self.code}"


class FinanceReject(models.Model):
    """A rejected line of a finance file with all reasons."""

    batch = models.ForeignKey(FinanceBatch, models.PROTECT, related_name="rejects")
    line_no = models.PositiveIntegerField()
    text = models.CharField(max_length=300)
    faults = ArrayField(models.CharField(max_length=20, choices=RowFault))

    data_levels = levels(c1="batch line_no text", none="faults")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["batch", "line_no"], name="financereject_once")
        ]

    def __str__(self) -> str:
        return f"{self.batch_id}:{self.line_no}"

    @property
    def reasons(self) -> list[str]:
        return [RowFault(fault).label for fault in self.faults]


class FigureExplanation(models.Model):
    """Why finance and the books differ on a line of a month: said of one difference. Appended."""

    month = models.DateField(help_text="first day")
    code = models.CharField(max_length=30, choices=FinanceLine)
    imported = models.DecimalField(max_digits=20, decimal_places=2)
    ledger = models.DecimalField(max_digits=20, decimal_places=2)
    words = models.CharField(max_length=500)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    at = models.DateTimeField()

    data_levels = levels(c1="imported ledger words", none="month code by at")

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(month__day=1), name="explanation_month_is_first_day"
            ),
            models.CheckConstraint(
                condition=~Q(imported=F("ledger")), name="explanation_of_a_difference"
            ),
        ]
        indexes = [models.Index(fields=["month", "code", "-at"], name="explanation_month")]

    def __str__(self) -> str:
        return f"{self.month:%Y-%m} {self.code}"
