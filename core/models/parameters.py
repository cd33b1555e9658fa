"""Dated, sourced figures."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q

from core.data_levels import levels
from core.enums import ApprovalStatus


class RegulatoryParameter(models.Model):
    """A dated, sourced figure. Looked up as of the business date; never a constant in code."""

    name = models.CharField(max_length=80)
    value = models.JSONField()
    unit = models.CharField(max_length=20)
    valid_from = models.DateField()
    valid_to = models.DateField(null=True)
    source = models.CharField(max_length=300)
    status = models.CharField(
        max_length=12, choices=ApprovalStatus, default=ApprovalStatus.UNAPPROVED
    )
    approved_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+"
    )

    data_levels = levels(c1="value", none="name unit valid_from valid_to source status approved_by")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["name", "valid_from"], name="parameter_one_per_start"),
            models.CheckConstraint(
                condition=Q(valid_to__isnull=True) | Q(valid_to__gt=models.F("valid_from")),
                name="parameter_dates_in_order",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.name} = {self.value} {self.unit}"
