"""The one way in for files from outside: bounded, known by content, looked into, scanned.

Every screen, command and inbox calls `accept`. What it returns is in the store; what it refuses
leaves neither file nor row. Source: safety.md (Uploads, A7), CRM-29, EVID-08, EVID-09.
"""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from typing import Any, BinaryIO

import structlog
from django.utils import timezone
from django.utils.translation import gettext as _

from core import files
from core.enums import ContentKind, Quarantine
from core.errors import Missing, RuleBroken
from core.models import StoredFile
from core.selectors.parameters import parameters_under
from core.uploads import scanning
from core.uploads.inspection import inspect, nameless
from core.uploads.kinds import HEAD, agree, kind_by_content, kind_by_name
from core.uploads.refusals import refusal_of

__all__ = ["Purpose", "accept", "is_servable", "require_servable", "rows_of", "scan_stored"]
log = structlog.get_logger(__name__)
IMAGES = frozenset({ContentKind.PNG, ContentKind.JPEG})
LOOKED_INTO = IMAGES | {ContentKind.XLSX, ContentKind.PDF, ContentKind.ZIP}
LIMIT_OF = {
    ContentKind.CSV: "text_bytes",
    ContentKind.TEXT: "text_bytes",
    ContentKind.XLSX: "workbook_bytes",
    ContentKind.PDF: "document_bytes",
    ContentKind.PNG: "image_bytes",
    ContentKind.JPEG: "image_bytes",
    ContentKind.WEBM: "video_bytes",
    ContentKind.MP4: "video_bytes",
    ContentKind.ZIP: "archive_bytes",
}


@dataclass(frozen=True, kw_only=True)
class Purpose:
    """What files are sent for.

    `limit` names a parameter below `files.` that is narrower than that of the kind. Evidence
    `keeps_original` of an image beside the re-encoded copy. With `names_freely`, what is no
    workbook by name is a table of text, whatever its ending (lenders name their files so).
    """

    name: str
    limit: str = ""
    keeps_original: bool = True
    names_freely: bool = False


def accept(
    *,
    stream: BinaryIO,
    name: str,
    kinds: Collection[ContentKind],
    by: Any,
    at: dt.datetime,
    purpose: Purpose,
    max_bytes: int | None = None,
) -> StoredFile:
    """Take a file in: stream it to the store, judge it there, scan it; return its row.

    An image is drawn anew; the copy is what is handed out (`stored.copy`), or the only thing kept.

    Raises:
        RuleBroken: it is empty, too large, of another kind than allowed or than its name says,
            hides something, does too much, or carries what the scanner knows.
        StoreUnavailable: the store is full or failing.
    """
    limits = parameters_under(prefix="files.", as_of=timezone.localdate(at))
    claimed = _claimed(name, purpose)
    bounds = [limits[LIMIT_OF[kind]] for kind in ([claimed] if claimed in kinds else kinds)]
    most = min(filter(None, (max(bounds), limits.get(purpose.limit), max_bytes)))
    watched = _Watched(stream)
    stored = files.store(
        stream=watched,
        name=name[:255],
        by=by,
        at=at,
        max_bytes=most,
        purpose=purpose.name,
        quarantine=Quarantine.RECEIVED,
    )
    try:
        stored.kind = _judge(stored, watched.head, claimed, kinds, purpose)
        if stored.kind in LOOKED_INTO:
            _look_into(stored, purpose, limits, by, at)
        scan_stored(stored=stored, at=at, limits=limits)
        if stored.quarantine == Quarantine.REFUSED:
            raise refusal_of("virus", name, limits)
    except RuleBroken as refusal:
        log.warning("upload_refused", purpose=purpose.name, code=refusal.code, size=stored.size)
        files.discard(stored)
        raise
    stored.save()
    return stored if purpose.keeps_original or stored.copy is None else _copy_alone(stored)


def _copy_alone(stored: StoredFile) -> StoredFile:
    copy, stored.copy = stored.copy, None
    copy.quarantine, copy.scanned_at = stored.quarantine, stored.scanned_at
    copy.save()
    stored.save()
    files.discard(stored)
    return copy


class _Watched:
    """Passes a stream on and remembers how it began."""

    def __init__(self, stream: BinaryIO):
        self._stream, self.head = stream, b""

    def read(self, size: int) -> bytes:
        piece = self._stream.read(size)
        if len(self.head) < HEAD:
            self.head += piece[: HEAD - len(self.head)]
        return piece


def _claimed(name: str, purpose: Purpose) -> ContentKind | None:
    claimed = kind_by_name(name)
    if purpose.names_freely and claimed != ContentKind.XLSX:
        return ContentKind.CSV
    return claimed


def _judge(
    stored: StoredFile,
    head: bytes,
    claimed: ContentKind | None,
    kinds: Collection[ContentKind],
    purpose: Purpose,
) -> ContentKind:
    """Say what the file is: what its content shows, where its name does not contradict."""
    if not stored.size:
        raise refusal_of("empty", stored.name, {})
    shown = kind_by_content(head)
    if claimed is None and "." not in stored.name.strip("."):
        claimed = shown
    if purpose.names_freely and claimed == ContentKind.CSV and shown is None:
        shown = ContentKind.TEXT  # its reader says better what is wrong with the text
    if claimed is None or claimed not in kinds:
        raise _not_allowed(stored.name, kinds)
    if not agree(claimed, shown):
        raise refusal_of("disguised", stored.name, {})
    return claimed


def _not_allowed(name: str, kinds: Collection[ContentKind]) -> RuleBroken:
    words = ", ".join(str(ContentKind(kind).label) for kind in kinds)
    return RuleBroken(
        "file_kind",
        _("“%(name)s” is of a kind that is not taken here; send one of: %(kinds)s.")
        % {"name": name, "kinds": words},
    )


def _look_into(
    stored: StoredFile, purpose: Purpose, limits: dict[str, Any], by: Any, at: dt.datetime
) -> None:
    with nameless(files.pieces(stored)) as source, nameless() as sink:
        verdict = inspect(source, stored.kind, sink=sink, limits=limits)
        if verdict.refused:
            raise refusal_of(verdict.refused, stored.name, limits)
        if stored.kind not in IMAGES:
            return
        sink.seek(0)
        stored.copy = files.store(
            stream=sink, name=stored.name, by=by, at=at, kind=stored.kind, purpose=purpose.name
        )


def scan_stored(*, stored: StoredFile, at: dt.datetime, limits: dict[str, Any]) -> None:
    """Ask the scanner about a file and note its word on the row, which the caller saves.

    Without a scanner the file stays `received`; with one that is silent it waits as `scanning`
    and is not handed out until the sweep has its word.
    """
    if not scanning.is_configured():
        return
    stored.quarantine = Quarantine.SCANNING
    try:
        verdict = scanning.scan(files.pieces(stored), seconds=limits["scan_seconds"])
    except scanning.ScannerSilent as silence:
        log.warning("scanner_silent", failure=str(silence)[:80])
        return
    stored.scanned_at = at
    stored.quarantine = Quarantine.CLEAN if verdict.is_clean else Quarantine.REFUSED
    stored.found = verdict.found[:200]


def rows_of(stored: StoredFile, *, at: dt.datetime, columns: int) -> Iterator[list[Any]]:
    """Yield the rows of a stored workbook: the sheet's number, then its cells.

    They are read by the child process, under its limits.

    Raises:
        RuleBroken: it cannot be read.
    """
    limits = parameters_under(prefix="files.", as_of=timezone.localdate(at))
    with nameless(files.pieces(stored)) as source, nameless() as sink:
        verdict = inspect(source, "rows", sink=sink, limits={**limits, "columns": columns})
        if verdict.refused:
            raise refusal_of(verdict.refused, stored.name, limits)
        sink.seek(0)
        yield from map(json.loads, sink)


def require_servable(stored: StoredFile) -> None:
    """Refuse to hand out what came from outside and has not passed the scanner that is set.

    Raises:
        Missing: it was refused, or its scan is still awaited.
    """
    if stored.quarantine == Quarantine.REFUSED:
        raise Missing(
            "file_refused", _("“%(name)s” was refused by the scanner.") % {"name": stored.name}
        )
    is_outside = stored.quarantine in {Quarantine.RECEIVED, Quarantine.SCANNING}
    if is_outside and scanning.is_configured():
        raise Missing(
            "file_unscanned",
            _("“%(name)s” is still being scanned; try again soon.") % {"name": stored.name},
        )


def is_servable(stored: StoredFile) -> bool:
    """Tell whether a file may go out now: the boolean twin, and false of one that was deleted."""
    try:
        require_servable(stored)
    except Missing:
        return False
    return bool(stored.sealed_key)
