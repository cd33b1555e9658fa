"""Files at rest."""

from __future__ import annotations

from django.conf import settings
from django.db import models

from core.data_levels import levels, sealed_by


class StoredFile(models.Model):
    """A file at rest: encrypted under its own key, addressed by its hash."""

    name = models.CharField(max_length=255)
    size = models.PositiveBigIntegerField()
    sha256 = models.CharField(max_length=64)
    sealed_key = models.BinaryField()
    path = models.CharField(max_length=255, unique=True)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+"
    )
    created_at = models.DateTimeField()

    data_levels = levels(c3="sealed_key", c1="name size sha256 path", none="created_by created_at")
    sealed_by = sealed_by(sealed_key="path")

    class Meta:
        indexes = [models.Index(fields=["sha256"], name="storedfile_sha256")]

    def __str__(self) -> str:
        return self.name
