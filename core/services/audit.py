"""Writes of the audit trail."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from typing import Any

from django.conf import settings
from django.db import connection
from django.db.models import Model

from core import origin
from core.canonical import canonical, plain
from core.chain.walk import content
from core.digests import digest
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
    """Append who did what to `subject`, in the caller's transaction.

    The record gets its place in the chain when the transaction commits, so the lock of the chain is
    held for the commit alone and never while other rows are waited for.
    """
    record = audit_record(action=action, subject=subject, by=by, at=at, reason=reason, **detail)
    record.save(force_insert=True)
    return record


def record_audits(*, records: Iterable[AuditRecord]) -> list[AuditRecord]:
    """Append several records made by `audit_record`, in order, with one statement."""
    return AuditRecord.objects.bulk_create(list(records))


def audit_record(
    *,
    action: str,
    subject: Model,
    by: Any,
    at: dt.datetime,
    reason: str = "",
    **detail: object,
) -> AuditRecord:
    """Make a record with its digest, not yet written."""
    record = AuditRecord(
        at=at,
        by=by,
        action=action,
        object_type=subject._meta.label_lower,
        object_id=str(subject.pk),
        reason=plain(str(reason)),
        detail=plain(detail),
        request=origin.present().request,
        source=plain(origin.present().source),
        algorithm=settings.EVIDENCE_DIGEST,
    )
    record.digest = digest(canonical(content_of(record)), algorithm=record.algorithm)
    return record


def content_of(record: AuditRecord) -> dict[str, Any]:
    """Return what the digest of a record covers, in the form that docs/adr/0013 describes."""
    return content(
        (
            record.stream,
            record.at,
            record.by_id,
            record.action,
            record.object_type,
            record.object_id,
            record.reason,
            record.detail,
            record.request,
            record.source,
        )
    )


def settle() -> None:
    """Give the records of this transaction their places now instead of at its commit.

    For work that must prove what it has just written; the lock of the chain is held from here on.
    """
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS audit_chain IMMEDIATE")
        cursor.execute("SET CONSTRAINTS audit_chain DEFERRED")
