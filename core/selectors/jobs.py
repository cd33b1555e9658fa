"""Reads of jobs."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from core.enums import JobStatus
from core.errors import Missing
from core.models import Job


def jobs_of(*, person: Any) -> QuerySet[Job]:
    """Return a person's jobs, newest first."""
    return Job.objects.filter(created_by=person).order_by("-created_at", "-pk")


def job_of(*, person: Any, pk: int) -> Job:
    """Return one job of the person.

    Raises:
        Missing: it does not exist or is somebody else's.
    """
    job = jobs_of(person=person).filter(pk=pk).first()
    if job is None:
        raise Missing("job_missing", _("There is no such job."))
    return job


def open_keys(*, kind: str) -> list[str]:
    """Return the keys of the jobs of a kind that wait or run."""
    is_open = [JobStatus.QUEUED, JobStatus.RUNNING]
    return list(Job.objects.filter(kind=kind, status__in=is_open).values_list("key", flat=True))
