"""Lenders, channels, and the files that lenders deliver."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core.data_levels import levels
from core.errors import WrongState
from core.models import StoredFile
from partners.enums import (
    FileKind,
    FileState,
    FunderType,
    FundsSource,
    LicenceStanding,
    LicenceStatus,
)


class Lender(models.Model):
    """A funding party whose loans we cover. Source: glossary 资金方."""

    code = models.CharField(max_length=20, unique=True)
    name = models.CharField(max_length=120)

    data_levels = levels(c1="code name")

    def __str__(self) -> str:
        return self.name


class FunderLicence(models.Model):
    """By what right a lender lends from a day on, and whose money it lends; appended only.

    It counts once somebody else approved it. Of those approved, the one with the latest
    `valid_from` up to a day holds on it, and of the same day the one decided last: so a renewal, a
    suspension or a correction is another row. Source: PRE-02j, PRE-02k, PRE-02l, COMMENT-03.
    """

    lender = models.ForeignKey(Lender, models.PROTECT, related_name="licences")
    funder_type = models.CharField(max_length=20, choices=FunderType)
    licence_no = models.CharField(max_length=80)
    issuer = models.CharField(max_length=120)
    standing = models.CharField(max_length=10, choices=LicenceStanding)
    funds_source = models.CharField(max_length=10, choices=FundsSource)
    declaration = models.CharField(
        max_length=200, help_text="number and day of the lender's own declaration of its funds"
    )
    valid_from = models.DateField()
    valid_to = models.DateField(null=True, help_text="first day on which it no longer holds")
    reason = models.TextField()
    status = models.CharField(max_length=10, choices=LicenceStatus, default=LicenceStatus.PROPOSED)
    proposed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+"
    )
    proposed_at = models.DateTimeField()
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+"
    )
    decided_at = models.DateTimeField(null=True)
    remark = models.TextField(blank=True, default="")

    data_levels = levels(
        c1=(
            "lender funder_type licence_no issuer standing funds_source declaration valid_from"
            " valid_to reason remark"
        ),
        none="status proposed_by proposed_at decided_by decided_at",
    )

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(valid_to__isnull=True) | Q(valid_to__gt=F("valid_from")),
                name="funderlicence_dates_in_order",
            ),
            models.CheckConstraint(
                condition=Q(decided_by__isnull=True) | ~Q(decided_by=F("proposed_by")),
                name="funderlicence_maker_is_not_checker",
                violation_error_message=gettext_lazy(
                    "Whoever proposes a licence does not approve it."
                ),
            ),
            models.CheckConstraint(
                condition=Q(status=LicenceStatus.PROPOSED, decided_at__isnull=True)
                | (~Q(status=LicenceStatus.PROPOSED) & Q(decided_at__isnull=False)),
                name="funderlicence_decided_has_instant",
            ),
        ]
        indexes = [models.Index(fields=["lender", "valid_from"], name="funderlicence_lender")]

    def __str__(self) -> str:
        return f"{self.lender_id} {self.licence_no}"

    def decide(self, status: LicenceStatus, *, by, at, remark: str) -> None:
        """Approve or refuse what was proposed."""
        if self.status != LicenceStatus.PROPOSED:
            raise WrongState("licence_decided", _("This licence no longer awaits approval."))
        self.status, self.remark = status, remark
        self.decided_by, self.decided_at = by, at


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
