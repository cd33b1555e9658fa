"""Sweeps over the store: late scans, files without a row, rows without a file."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from itertools import islice

import structlog
from django.utils import timezone

from core import storage
from core.enums import Quarantine
from core.models import StoredFile
from core.selectors.parameters import parameter, parameters_under
from core.services.audit import record_audit
from core.uploads import scan_stored, scanning

log = structlog.get_logger(__name__)
MANY = 1000


def scan_waiting_files(*, at: dt.datetime) -> int:
    """Scan what came in while the scanner was silent; return how many got a verdict."""
    limits = parameters_under(prefix="files.", as_of=timezone.localdate(at))
    if not scanning.is_configured():
        return 0
    waiting = StoredFile.objects.filter(
        quarantine__in=[Quarantine.RECEIVED, Quarantine.SCANNING]
    ).order_by("created_at")
    judged = 0
    for stored in waiting.iterator(chunk_size=100):
        scan_stored(stored=stored, at=at, limits=limits)
        if stored.quarantine == Quarantine.SCANNING:
            break  # still silent
        stored.save(update_fields=["quarantine", "found", "scanned_at"])
        judged += 1
        if stored.quarantine == Quarantine.REFUSED:
            record_audit(
                action="file_found_infected", subject=stored, by=None, at=at, found=stored.found
            )
    return judged


def sweep_files(*, at: dt.datetime) -> tuple[int, list[int]]:
    """Remove files that no row names, left by what was rolled back; name rows without a file.

    Only what is older than `files.orphan_hours` is looked at, so that nothing under way is lost.
    Returns how many files were removed, and the keys of the rows whose file is gone. Source: R6.
    """
    hours = parameter(name="files.orphan_hours", as_of=timezone.localdate(at)).value
    before = at - dt.timedelta(hours=hours)
    strays = list(_strays(before))
    for path in strays:
        storage.remove(path)
    lost = [
        pk
        for pk, path in StoredFile.objects.filter(created_at__lt=before)
        .exclude(sealed_key=b"")  # deleted at the end of its time
        .values_list("pk", "path")
        .iterator(chunk_size=MANY)
        if not storage.exists(path)
    ]
    if strays or lost:
        log.warning("stray_files", removed=len(strays), rows_without_file=lost[:50])
    return len(strays), lost


def _strays(before: dt.datetime) -> Iterator[str]:
    for paths in _batches(storage.settled(before=before)):
        known = set(StoredFile.objects.filter(path__in=paths).values_list("path", flat=True))
        yield from (path for path in paths if path not in known)


def _batches(paths: Iterator[str]) -> Iterator[tuple[str, ...]]:
    while batch := tuple(islice(paths, MANY)):
        yield batch
