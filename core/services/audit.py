"""Writes of the audit trail."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.db.models import Model

from core.models import AuditRecord


def record_audit(
    *,
    action: str,
    subject: Model,
    by: Any,
    at: dt.datetime,
    reason: str = "",
    **detail: object,
) -> AuditRecord:
    """Append who did what to `subject`, in the caller's transaction."""
    return AuditRecord.objects.create(
        at=at,
        by=by,
        action=action,
        object_type=subject._meta.label_lower,
        object_id=str(subject.pk),
        reason=reason,
        detail=detail,
    )
