"""Long work."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from core.data_levels import levels
from core.enums import JobStatus


class Job(models.Model):
    """One piece of long work: the record that PostgreSQL keeps while Redis only wakes a worker."""

    kind = models.CharField(max_length=60)
    key = models.CharField(max_length=200)
    payload = models.JSONField(default=dict)
    status = models.CharField(max_length=10, choices=JobStatus, default=JobStatus.QUEUED)
    title = models.CharField(max_length=200)
    attempts = models.PositiveIntegerField(default=0)
    fence = models.PositiveIntegerField(default=0)
    lease_until = models.DateTimeField(null=True)
    progress_done = models.PositiveBigIntegerField(default=0)
    progress_total = models.PositiveBigIntegerField(default=0)
    progress_text = models.CharField(max_length=200, blank=True)
    result = models.JSONField(null=True)
    message = models.TextField(blank=True)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+"
    )
    created_at = models.DateTimeField()
    finished_at = models.DateTimeField(null=True)

    data_levels = levels(
        c1="payload title progress_text result message",
        none=(
            "kind key status attempts fence lease_until progress_done progress_total "
            "created_by created_at finished_at"
        ),
    )

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["kind", "key"],
                condition=Q(status__in=[JobStatus.QUEUED, JobStatus.RUNNING]),
                name="job_one_open_per_key",
                violation_error_message=_("This work is already under way."),
            ),
            models.CheckConstraint(
                condition=~Q(status=JobStatus.RUNNING) | Q(lease_until__isnull=False),
                name="job_running_has_lease",
            ),
            models.CheckConstraint(
                condition=Q(status__in=[JobStatus.QUEUED, JobStatus.RUNNING])
                ^ Q(finished_at__isnull=False),
                name="job_finished_has_time",
            ),
        ]
        indexes = [
            models.Index(
                fields=["status", "lease_until"],
                condition=Q(status__in=[JobStatus.QUEUED, JobStatus.RUNNING]),
                name="job_open",
            ),
            models.Index(fields=["created_by", "-created_at"], name="job_mine"),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def percent(self) -> int:
        """Share of the work that is done, 0 to 100."""
        return (
            min(100, 100 * self.progress_done // self.progress_total) if self.progress_total else 0
        )
