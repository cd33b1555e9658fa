"""Who did what."""

from __future__ import annotations

from django.conf import settings
from django.db import models

from core.data_levels import levels


class AuditRecord(models.Model):
    """Who did what to which object, when and why. Rows are appended only (database trigger)."""

    at = models.DateTimeField()
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    action = models.CharField(max_length=80)
    object_type = models.CharField(max_length=80)
    object_id = models.CharField(max_length=80)
    reason = models.TextField(blank=True)
    detail = models.JSONField(default=dict)

    data_levels = levels(c1="reason detail", none="at by action object_type object_id")

    class Meta:
        indexes = [models.Index(fields=["object_type", "object_id", "at"], name="audit_object")]

    def __str__(self) -> str:
        return f"{self.action} {self.object_type} {self.object_id}"
