"""What left the house as a file."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from core.data_levels import levels
from core.models import StoredFile
from organization.models import Unit
from parties.enums import ExportStatus


class Export(models.Model):
    """One file that left the house, or was asked for: who, what, how much, by whose leave.

    Source: PRE-45c, CRM-34, CRM-22.
    """

    kind = models.CharField(max_length=40)
    title = models.CharField(max_length=200)
    filters = models.JSONField(default=dict, help_text="what makes it again; no personal data")
    file_name = models.CharField(max_length=255)
    rows = models.PositiveBigIntegerField()
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="+")
    reason = models.CharField(max_length=300, blank=True)
    status = models.CharField(max_length=12, choices=ExportStatus)
    needs_approval = models.BooleanField()
    asked_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    asked_at = models.DateTimeField()
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+"
    )
    decided_at = models.DateTimeField(null=True)
    remark = models.CharField(max_length=500, blank=True)
    made_at = models.DateTimeField(null=True)
    sha256 = models.CharField(max_length=64, blank=True)
    size = models.PositiveBigIntegerField(null=True)
    stored = models.ForeignKey(
        StoredFile, models.PROTECT, null=True, related_name="+", help_text="where it is fetched"
    )

    data_levels = levels(
        c1="kind title filters file_name rows reason remark sha256 size stored",
        none="unit status needs_approval asked_by asked_at decided_by decided_at made_at",
    )

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(decided_by__isnull=True) | ~Q(decided_by=F("asked_by")),
                name="export_maker_is_not_checker",
                violation_error_message=_("Whoever asks for an export does not approve it."),
            ),
            models.CheckConstraint(
                condition=Q(status=ExportStatus.WAITING, decided_by__isnull=True)
                | Q(status=ExportStatus.TURNED_DOWN, decided_by__isnull=False)
                | (
                    Q(status__in=[ExportStatus.CLEARED, ExportStatus.MADE])
                    & (Q(needs_approval=False) | Q(decided_by__isnull=False))
                ),
                name="export_made_by_leave",
                violation_error_message=_("This export needs somebody's approval first."),
            ),
            models.CheckConstraint(
                condition=Q(decided_by__isnull=True) ^ Q(decided_at__isnull=False),
                name="export_decided_has_time",
            ),
            models.CheckConstraint(
                condition=(
                    Q(status=ExportStatus.MADE, made_at__isnull=False, size__isnull=False)
                    & ~Q(sha256="")
                )
                | (
                    ~Q(status=ExportStatus.MADE)
                    & Q(made_at__isnull=True, size__isnull=True, sha256="")
                ),
                name="export_made_is_whole",
            ),
        ]
        indexes = [
            models.Index(fields=["asked_by", "-asked_at"], name="export_mine"),
            models.Index(fields=["status", "-asked_at"], name="export_status"),
        ]

    def __str__(self) -> str:
        return f"export {self.pk}"

    @property
    def number(self) -> str:
        """The number for people, printed in the watermark."""
        return f"EX{self.pk:08d}"
