"""Reads of the ground floor."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from core.enums import JobStatus
from core.errors import Missing
from core.models import AuditRecord, Job, RegulatoryParameter


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


def audit_of(*, object_type: str, object_id: object) -> QuerySet[AuditRecord]:
    """Return an object's audit records, oldest first, with their authors."""
    return (
        AuditRecord.objects.filter(object_type=object_type, object_id=str(object_id))
        .select_related("by")
        .order_by("at", "pk")
    )


def parameter(*, name: str, as_of: dt.date) -> RegulatoryParameter:
    """Return the parameter in force on the business date.

    Raises:
        Missing: no row covers the date.
    """
    row = (
        RegulatoryParameter.objects.filter(name=name, valid_from__lte=as_of)
        .filter(Q(valid_to__isnull=True) | Q(valid_to__gt=as_of))
        .order_by("-valid_from")
        .first()
    )
    if row is None:
        raise Missing(
            "parameter_missing",
            _("No value of %(name)s is in force on %(day)s.") % {"name": name, "day": as_of},
        )
    return row
