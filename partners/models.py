"""Lenders, channels, and the files that lenders deliver."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from core.data_levels import levels
from core.models import StoredFile
from partners.enums import FileKind, FileState


class Lender(models.Model):
    """A funding party whose loans we cover. Source: glossary 资金方."""

    code = models.CharField(max_length=20, unique=True)
    name = models.CharField(max_length=120)

    data_levels = levels(c1="code name")

    def __str__(self) -> str:
        return self.name


class Channel(models.Model):
    """A way by which business comes to us."""

    code = models.CharField(max_length=40, unique=True)
    name = models.CharField(max_length=120)

    data_levels = levels(c1="code name")

    def __str__(self) -> str:
        return self.name


class LenderFile(models.Model):
    """One delivery of a lender's file: the knowledge time of every row that it brought.

    No row of a file counts or shows before the file is complete; `recorded_at` is that instant.
    """

    lender = models.ForeignKey(Lender, models.PROTECT, related_name="files")
    kind = models.CharField(max_length=10, choices=FileKind)
    name = models.CharField(max_length=255)
    month = models.DateField(null=True, help_text="first day; empty for loans")
    as_of = models.DateField(null=True, help_text="latest as-of date that was accepted")
    stored = models.ForeignKey(StoredFile, models.PROTECT, related_name="+")
    is_replacement = models.BooleanField(default=False)
    state = models.CharField(max_length=10, choices=FileState, default=FileState.LOADING)
    refusal = models.TextField(blank=True)
    notes = models.JSONField(default=list, help_text="ignored columns and the like")
    encoding = models.CharField(max_length=20, blank=True)
    separator = models.CharField(max_length=1, blank=True)
    lines_done = models.PositiveBigIntegerField(default=0)
    rows = models.PositiveBigIntegerField(default=0)
    accepted = models.PositiveBigIntegerField(default=0)
    rejected = models.PositiveBigIntegerField(default=0)
    unchanged = models.PositiveBigIntegerField(default=0)
    flagged = models.PositiveBigIntegerField(default=0)
    declared_rows = models.PositiveBigIntegerField(null=True)
    declared_sum = models.DecimalField(max_digits=24, decimal_places=6, null=True)
    delivered_sum = models.DecimalField(max_digits=24, decimal_places=6, null=True)
    received_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+"
    )
    received_at = models.DateTimeField()
    recorded_at = models.DateTimeField(null=True)

    data_levels = levels(
        c1=(
            "lender kind name month as_of stored is_replacement refusal notes rows accepted "
            "rejected unchanged flagged declared_rows declared_sum delivered_sum"
        ),
        none="state encoding separator lines_done received_by received_at recorded_at",
    )

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=~Q(state=FileState.COMPLETE) | Q(recorded_at__isnull=False),
                name="lenderfile_complete_is_recorded",
            ),
            models.CheckConstraint(
                condition=~Q(state=FileState.COMPLETE)
                | Q(rows=F("accepted") + F("rejected") + F("unchanged")),
                name="lenderfile_counts_add_up",
            ),
            models.CheckConstraint(
                condition=Q(kind=FileKind.LOANS) ^ Q(month__isnull=False),
                name="lenderfile_repayments_have_month",
            ),
            models.CheckConstraint(
                condition=~Q(state=FileState.REFUSED) | ~Q(refusal=""),
                name="lenderfile_refused_says_why",
            ),
        ]
        indexes = [
            models.Index(fields=["lender", "kind", "month", "state"], name="lenderfile_month")
        ]

    def __str__(self) -> str:
        return f"{self.lender_id} {self.name}"
