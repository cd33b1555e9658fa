"""Files at rest."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q

from core.data_levels import levels, sealed_by
from core.enums import ContentKind, Quarantine


class StoredFile(models.Model):
    """A file at rest: encrypted under its own key, addressed by its hash."""

    name = models.CharField(max_length=255)
    size = models.PositiveBigIntegerField()
    sha256 = models.CharField(max_length=64)
    sealed_key = models.BinaryField()
    path = models.CharField(max_length=255, unique=True)
    kind = models.CharField(max_length=5, choices=ContentKind, blank=True)
    purpose = models.CharField(max_length=40, blank=True)
    quarantine = models.CharField(max_length=10, choices=Quarantine, default=Quarantine.OWN)
    found = models.CharField(max_length=200, blank=True, help_text="what the scanner found")
    scanned_at = models.DateTimeField(null=True)
    copy = models.OneToOneField(
        "self", models.PROTECT, null=True, related_name="original",
        help_text="the re-encoded copy that is handed out in its place",
    )  # fmt: skip
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+"
    )
    created_at = models.DateTimeField()

    data_levels = levels(
        c3="sealed_key",
        c1="name size sha256 path found",
        none="kind purpose quarantine scanned_at copy created_by created_at",
    )
    sealed_by = sealed_by(sealed_key="path")

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=~Q(quarantine__in=[Quarantine.CLEAN, Quarantine.REFUSED])
                | Q(scanned_at__isnull=False),
                name="storedfile_verdict_has_time",
            )
        ]
        indexes = [
            models.Index(fields=["sha256"], name="storedfile_sha256"),
            models.Index(
                fields=["created_at"],
                condition=Q(quarantine__in=[Quarantine.RECEIVED, Quarantine.SCANNING]),
                name="storedfile_to_scan",
            ),
        ]

    def __str__(self) -> str:
        return self.name
