"""The register of field keys, and their rotations. The bytes of a key are never in the database."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import F, Q, Value
from django.utils.translation import gettext_lazy as _

from core.data_levels import levels
from core.enums import FieldCipher, FieldKeyStatus, RotationStatus


class FieldKey(models.Model):
    """A key that sealed values name: which cipher, since when, until when. Source: EVID-13.

    `check_value` tells two keys of one name apart and nothing of the key itself.
    """

    key_id = models.CharField(max_length=32, unique=True)
    cipher = models.CharField(max_length=12, choices=FieldCipher)
    check_value = models.CharField(max_length=16)
    status = models.CharField(max_length=10, choices=FieldKeyStatus, default=FieldKeyStatus.WAITING)
    made_at = models.DateTimeField()
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+"
    )
    current_since = models.DateTimeField(null=True)
    retired_at = models.DateTimeField(null=True)
    retired_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+"
    )

    sealed_values = models.PositiveBigIntegerField(null=True)
    counted_at = models.DateTimeField(null=True)

    data_levels = levels(
        c1="key_id cipher check_value sealed_values",
        none="status made_at made_by current_since retired_at retired_by counted_at",
    )

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["status"],
                condition=Q(status=FieldKeyStatus.CURRENT),
                name="fieldkey_one_seals",
                violation_error_message=_("One key seals at a time."),
            ),
            models.CheckConstraint(
                condition=Q(status=FieldKeyStatus.RETIRED) ^ Q(retired_at__isnull=True),
                name="fieldkey_retired_has_time",
            ),
            models.CheckConstraint(
                condition=Q(status=FieldKeyStatus.WAITING) ^ Q(current_since__isnull=False),
                name="fieldkey_used_since",
            ),
        ]

    def __str__(self) -> str:
        return self.key_id

    @property
    def may_be_removed(self) -> bool:
        """Tell whether nothing needs the key: counted after it retired, and nothing found."""
        return (
            self.status == FieldKeyStatus.RETIRED
            and self.sealed_values == 0
            and self.counted_at >= self.retired_at
        )


class KeyRotation(models.Model):
    """A change of the key that seals: proposed by one person, approved by another (EVID-13)."""

    key = models.ForeignKey(FieldKey, models.PROTECT, related_name="rotations")
    reason = models.CharField(max_length=200)
    status = models.CharField(
        max_length=10, choices=RotationStatus, default=RotationStatus.PROPOSED
    )
    proposed_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    proposed_at = models.DateTimeField()
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+"
    )
    decided_at = models.DateTimeField(null=True)
    decision_reason = models.CharField(max_length=200, blank=True)
    resealed = models.PositiveBigIntegerField(default=0)
    unreadable = models.PositiveBigIntegerField(default=0)
    finished_at = models.DateTimeField(null=True)

    data_levels = levels(
        c1="reason decision_reason resealed unreadable",
        none="key status proposed_by proposed_at decided_by decided_at finished_at",
    )

    class Meta:
        constraints = [
            models.UniqueConstraint(
                Value(1),
                condition=Q(status__in=[RotationStatus.PROPOSED, RotationStatus.RUNNING]),
                name="keyrotation_one_open",
                violation_error_message=_("Another rotation of keys is under way."),
            ),
            models.CheckConstraint(
                condition=Q(decided_by__isnull=True) | ~Q(decided_by=F("proposed_by")),
                name="keyrotation_maker_is_not_checker",
                violation_error_message=_("Whoever proposes a new key does not decide on it."),
            ),
            models.CheckConstraint(
                condition=Q(
                    status=RotationStatus.PROPOSED,
                    decided_by__isnull=True,
                    decided_at__isnull=True,
                )
                | (
                    ~Q(status=RotationStatus.PROPOSED)
                    & Q(decided_by__isnull=False, decided_at__isnull=False)
                ),
                name="keyrotation_decided_by_somebody",
            ),
            models.CheckConstraint(
                condition=~Q(status=RotationStatus.DONE)
                | Q(finished_at__isnull=False, unreadable=0),
                name="keyrotation_done_is_whole",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.key_id} {self.status}"
