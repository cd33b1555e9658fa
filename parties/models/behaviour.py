"""How much personal data each person works with, and what stood out."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from core.data_levels import levels
from parties.enums import AlertConclusion, AlertKind, UseKind, Window


class PersonalDataUse(models.Model):
    """How much one person used in one hour or day; counted up under the quota."""

    staff = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    kind = models.CharField(max_length=10, choices=UseKind)
    window = models.CharField(max_length=4, choices=Window)
    starts_at = models.DateTimeField()
    used = models.PositiveBigIntegerField()

    data_levels = levels(c1="used", none="staff kind window starts_at")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["staff", "kind", "window", "starts_at"], name="personaldatause_once"
            )
        ]
        indexes = [models.Index(fields=["window", "starts_at"], name="personaldatause_day")]

    def __str__(self) -> str:
        return f"{self.staff_id} {self.kind} {self.used}"


class BehaviourAlert(models.Model):
    """Somebody used more personal data than allowed or than usual; reviewed and concluded by
    another person. Source: CRM-53, A20.
    """

    staff = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    kind = models.CharField(max_length=10, choices=AlertKind)
    use = models.CharField(max_length=10, choices=UseKind)
    window = models.CharField(max_length=4, choices=Window)
    starts_at = models.DateTimeField()
    observed = models.PositiveBigIntegerField()
    allowed = models.PositiveBigIntegerField(help_text="the quota, or what made it unusual")
    own_usual = models.PositiveBigIntegerField(null=True)
    peers_usual = models.PositiveBigIntegerField(null=True)
    raised_at = models.DateTimeField()
    concluded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+"
    )
    concluded_at = models.DateTimeField(null=True)
    conclusion = models.CharField(max_length=10, choices=AlertConclusion, blank=True)
    remark = models.CharField(max_length=500, blank=True)

    data_levels = levels(
        c1="staff kind use observed allowed own_usual peers_usual conclusion remark",
        none="window starts_at raised_at concluded_by concluded_at",
    )

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["staff", "kind", "use", "window", "starts_at"], name="behaviouralert_once"
            ),
            models.CheckConstraint(
                condition=Q(concluded_by__isnull=True) | ~Q(concluded_by=F("staff")),
                name="behaviouralert_concluded_by_another",
                violation_error_message=_("Nobody concludes an alert about themselves."),
            ),
            models.CheckConstraint(
                condition=Q(
                    concluded_by__isnull=True, concluded_at__isnull=True, conclusion="", remark=""
                )
                | (
                    Q(concluded_by__isnull=False, concluded_at__isnull=False)
                    & ~Q(conclusion="")
                    & ~Q(remark="")
                ),
                name="behaviouralert_concluded_whole",
            ),
        ]

    def __str__(self) -> str:
        return f"alert {self.pk}"
