"""What packs are put together from: tables, whole files, times and safe names."""

from __future__ import annotations

import csv
import datetime as dt
import io
import json
from collections.abc import Iterable, Sequence
from typing import Any

from django.utils import timezone

from core import files
from core.canonical import plain
from core.evidence.registry import Artefact
from core.models import AuditRecord, StoredFile


def table(name: str, header: Sequence[str], rows: Iterable[Sequence[str]]) -> Artefact:
    """Write a CSV that opens in Excel; no cell is a formula there."""
    sink = io.StringIO()
    writer = csv.writer(sink, lineterminator="\n")
    writer.writerow(header)
    writer.writerows([_inert(cell) for cell in row] for row in rows)
    return Artefact(name, b"\xef\xbb\xbf" + sink.getvalue().encode())


def _inert(cell: str) -> str:
    return f"'{cell}" if cell[:1] in {"=", "+", "@", "\t", "\r"} else cell


def document(name: str, content: Any) -> Artefact:
    """Write JSON that people can read too."""
    text = json.dumps(plain(content), ensure_ascii=False, sort_keys=True, indent=1)
    return Artefact(name, text.encode())


def whole(stored: StoredFile) -> bytes:
    """Return the bytes of a stored file."""
    return b"".join(files.pieces(stored))


def copy_of(stored: StoredFile, *, of: object) -> Artefact:
    """Return a stored file as an artefact; `of` tells apart files of the same name."""
    return Artefact(f"{of}-{safe_name(stored.name)}", whole(stored))


def safe_name(name: str) -> str:
    """Return a name that is one on every machine."""
    return "".join(each if each.isalnum() or each in "._- " else "_" for each in name)[-100:]


def instant_text(at: dt.datetime | None) -> str:
    """Return an instant as the house writes it; nothing for none."""
    return timezone.localtime(at).strftime("%Y-%m-%d %H:%M:%S") if at else ""


def places_in_chain(*, label: str, pk: int) -> list[dict[str, Any]]:
    """Return where the committed records of an object stand in the chain."""
    records = AuditRecord.objects.filter(object_type=label, object_id=str(pk), link__isnull=False)
    return [
        {
            "number": record.link.number,
            "hash": record.link.hash,
            "action": record.action,
            "at": instant_text(record.at),
            "staff_no": record.by_id,
        }
        for record in records.select_related("link").order_by("link__number")
    ]
