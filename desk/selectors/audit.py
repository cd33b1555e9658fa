"""The audit trail as the audit administrator searches it."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any

from django.db.models import Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from core.audit_words import actions_like, objects_like
from core.errors import Missing
from core.history import watched
from core.masking import scrub
from core.models import AuditRecord, ChainLink, RowChange, SignedHead


def audit_records(*, read: dict[str, Any]) -> QuerySet[AuditRecord]:
    """Return the records that fit every given word of the filter, newest first."""
    found = AuditRecord.objects.select_related("by", "link")
    for name, lookup in (
        ("who", "by__username"),
        ("object_id", "object_id"),
        ("request", "request"),
    ):
        if read.get(name):
            found = found.filter(**{lookup: read[name]})
    if read.get("action"):
        found = found.filter(
            Q(action__icontains=read["action"]) | Q(action__in=actions_like(read["action"]))
        )
    if read.get("object_type"):
        found = found.filter(
            Q(object_type__icontains=read["object_type"])
            | Q(object_type__in=objects_like(read["object_type"]))
        )
    if read.get("since"):
        found = found.filter(at__gte=_midnight(read["since"]))
    if read.get("until"):
        found = found.filter(at__lt=_midnight(read["until"] + dt.timedelta(days=1)))
    if read.get("text"):
        text = read["text"]
        found = found.filter(
            Q(reason__icontains=text)
            | Q(action__in=actions_like(text))
            | Q(action__icontains=text)
            | Q(source__icontains=text)
        )
    return found.order_by("-at", "-pk")


def _midnight(day: dt.date) -> dt.datetime:
    return timezone.make_aware(dt.datetime.combine(day, dt.time()))


def audit_record(*, pk: int) -> AuditRecord:
    """Return one record with its place.

    Raises:
        Missing: there is none.
    """
    record = AuditRecord.objects.select_related("by", "link").filter(pk=pk).first()
    if record is None:
        raise Missing("audit_record_missing", _("There is no such audit record."))
    return record


@dataclass(frozen=True)
class Change:
    """A row before and after: table, row and the columns that differ as (name, before, after)."""

    table: str
    row_id: str
    verb: str
    columns: list[tuple[str, str, str]]


def changes_with(*, record: AuditRecord) -> list[Change]:
    """Return what changed in the transaction of a record, in order; at most 200 rows."""
    rows = RowChange.objects.filter(
        transaction=record.transaction, recorded_at=record.recorded_at
    ).order_by("pk")[:200]
    return [Change(row.table, row.row_id, row.verb, _differences(row)) for row in rows]


def _differences(row: RowChange) -> list[tuple[str, str, str]]:
    before, after = row.before or {}, row.after or {}
    return [
        (name, _shown(before.get(name)), _shown(after.get(name)))
        for name in sorted(before.keys() | after.keys())
        if before.get(name) != after.get(name)
    ]


def _shown(value: object) -> str:
    return "" if value is None else scrub(str(value))[:400]


def head_over(*, link: ChainLink) -> SignedHead | None:
    """Return the signed head that covers a link; None where none does yet."""
    return SignedHead.objects.filter(
        stream=link.stream, first_number__lte=link.number, last_number__gte=link.number
    ).first()


def watched_tables() -> list[str]:
    """Return the tables whose rows are kept before and after a change."""
    return sorted(model._meta.db_table for model in watched())
