"""Reads of the audit trail."""

from __future__ import annotations

from django.db.models import QuerySet

from core.models import AuditRecord


def audit_of(*, object_type: str, object_id: object) -> QuerySet[AuditRecord]:
    """Return an object's audit records, oldest first, with their authors."""
    return (
        AuditRecord.objects.filter(object_type=object_type, object_id=str(object_id))
        .select_related("by")
        .order_by("at", "pk")
    )
