"""Load lender files: received, inspected, judged chunk by chunk, complete all at once.

A file's chunks are committed one by one; none of its rows counts or shows before the file is
complete. A killed load goes on behind its last chunk.
Source: POST-09c, EVID-12, HQ-44; safety.md R1.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, BinaryIO

import polars as pl
from django.conf import settings
from django.db import connection, transaction
from django.db.models import F, Q, QuerySet, Value
from django.db.models.functions import Greatest
from django.utils.translation import gettext as _

from core import clock
from core.bulk import ahead
from core.enums import ContentKind
from core.errors import Conflict, RuleBroken
from core.files import discard
from core.masking import scrub
from core.selectors import open_keys
from core.services import record_audit
from core.uploads import Purpose, accept
from partners.enums import FileKind, FileState
from partners.models import Lender, LenderFile
from postloss.adapters.inspection import Inspection, Source, inspect
from postloss.adapters.lender_lines import Judged
from postloss.adapters.lender_rows import write_findings
from postloss.adapters.lender_text import Chunk, open_text
from postloss.adapters.rejects_workbook import open_workbook
from postloss.errors import FileRefused
from postloss.rules.lender_files import LOANS, REPAYMENTS, Layout, identify
from postloss.services.loaders import Loader, LoansLoader, RepaymentsLoader

Heartbeat = Callable[..., None]
LENDER_FILE = Purpose(name="lender_file", names_freely=True)
LARGEST_SUM = 10**18  # what the column of the control total holds
LENDER_LOCK = 0x4C454E44  # "LEND": one file of a lender is loaded at a time


def receive_file(
    *,
    lender: Lender,
    name: str,
    stream: BinaryIO,
    by: Any,
    at: dt.datetime,
    is_replacement: bool = False,
) -> LenderFile:
    """Take a file in and record it; the same content still being loaded is taken up again.

    Raises:
        FileRefused: the name is neither `loans*` nor `repayment_YYYYMM*`, or it is too large.
    """
    identity, name = identify(name), scrub(name)  # people put numbers of persons into names
    if identity is None:
        raise FileRefused(
            _("“%(name)s” is neither loans* nor repayment_YYYYMM*; rename it after what it holds.")
            % {"name": name}
        )
    try:
        stored = accept(
            stream=stream,
            name=name[:255],
            kinds=[ContentKind.CSV, ContentKind.XLSX],
            by=by,
            at=at,
            purpose=LENDER_FILE,
            max_bytes=settings.LENDER_FILE_MAX_BYTES,
        )
    except RuleBroken as refusal:
        raise FileRefused(refusal.message) from refusal
    kind = FileKind.LOANS if identity.month is None else FileKind.REPAYMENTS
    open_file = LenderFile.objects.filter(
        lender=lender,
        kind=kind,
        month=identity.month,
        stored__sha256=stored.sha256,
        is_replacement=is_replacement,
        state=FileState.LOADING,
    ).first()
    if open_file is not None:
        discard(stored)
        return open_file
    return LenderFile.objects.create(
        lender=lender,
        kind=kind,
        name=name[:255],
        month=identity.month,
        stored=stored,
        is_replacement=is_replacement,
        received_by=by,
        received_at=at,
    )


def load_file(*, file: LenderFile, heartbeat: Heartbeat) -> LenderFile:
    """Load a received file to its end; loading a complete or refused one changes nothing.

    A file that was received earlier, by which this one is judged, is finished first: after a
    killed worker its own job may come later than this one.

    Raises:
        Conflict: another process moved the same file on.
    """
    with _one_at_a_time(file.lender_id):
        for each in [*_left_before(file), file]:
            each.refresh_from_db()
            if each.state == FileState.LOADING:
                try:
                    _load(each, heartbeat)
                except FileRefused as refusal:
                    refuse_file(file=each, sentence=refusal.message)
    return file


def _left_before(file: LenderFile) -> QuerySet[LenderFile]:
    is_before = Q(kind=FileKind.LOANS)
    if file.month is not None:
        is_before |= Q(month__lte=file.month)
    return LenderFile.objects.filter(
        is_before,
        lender=file.lender_id,
        state=FileState.LOADING,
        pk__lt=file.pk,
        pk__in=[int(key) for key in open_keys(kind="load_lender_file")],
    ).order_by("pk")


@transaction.atomic
def refuse_file(*, file: LenderFile, sentence: str) -> None:
    """Refuse a whole file with one sentence; it counts nothing."""
    file.state, file.refusal = FileState.REFUSED, scrub(sentence)
    file.rows = file.accepted = file.rejected = file.unchanged = file.flagged = 0
    file.save()


@contextmanager
def _one_at_a_time(lender_id: int) -> Iterator[None]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_lock(%s, %s)", [LENDER_LOCK, lender_id])
    try:
        yield
    finally:
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_unlock(%s, %s)", [LENDER_LOCK, lender_id])


def _load(file: LenderFile, heartbeat: Heartbeat) -> None:
    layout = LOANS if file.kind == FileKind.LOANS else REPAYMENTS
    source = _open(file, layout)
    heartbeat(text=_("Reading the whole file"))
    inspection = inspect(source, layout)
    _note_inspection(file, source, inspection)
    make = LoansLoader if layout is LOANS else RepaymentsLoader
    loader = make(file=file, source=source, repeated=inspection.repeated)
    done = file.accepted + file.rejected + file.unchanged
    verdicts = _verdicts(source, loader, behind=file.lines_done)
    for verdict in ahead(verdicts) if loader.judges_alone else verdicts:
        _write_chunk(file, loader, verdict)
        done += verdict.chunk.rows
        heartbeat(done=done, total=inspection.rows, text=file.name)
    _complete(file, loader)


@dataclass(frozen=True)
class _Verdict:
    """A chunk with its judged lines and a mask of those that change nothing."""

    chunk: Chunk
    judged: Judged
    changes_nothing: pl.Series


def _verdicts(source: Source, loader: Loader, *, behind: int) -> Iterator[_Verdict]:
    """Judge the lines behind the one that was committed last."""
    for part in source.chunks():
        if isinstance(part, Chunk) and part.last_line_no > behind:
            chunk = part.behind(behind)
            yield _Verdict(chunk, *loader.judge(chunk.frame))


def _open(file: LenderFile, layout: Layout) -> Source:
    if file.name.lower().endswith(".xlsx"):
        return open_workbook(file.stored, layout, file.lender_id)
    return open_text(file.stored, layout)


def _note_inspection(file: LenderFile, source: Source, inspection: Inspection) -> None:
    file.encoding, file.separator = source.encoding, source.separator
    total = inspection.delivered_sum
    file.rows = inspection.rows
    file.delivered_sum = None if total is None or abs(total) >= LARGEST_SUM else total
    if inspection.trailer is not None:  # it equals the lines
        file.declared_rows, file.declared_sum = inspection.rows, file.delivered_sum
    file.notes = [{"ignored_column": scrub(name)} for name in source.header.ignored if name]
    file.save()


@transaction.atomic
def _write_chunk(file: LenderFile, loader: Loader, verdict: _Verdict) -> None:
    chunk, judged = verdict.chunk, verdict.judged
    accepted = ~judged.is_rejected & ~verdict.changes_nothing
    loader.write(judged.frame.filter(accepted))
    rejected, flagged = write_findings(file, loader.source, chunk, judged, accepted)
    taken = int(accepted.sum())
    as_of = loader.latest_date(judged)
    moved = LenderFile.objects.filter(
        pk=file.pk, lines_done=file.lines_done, state=FileState.LOADING
    ).update(
        **({"as_of": Greatest("as_of", Value(as_of))} if as_of else {}),
        lines_done=chunk.last_line_no,
        accepted=F("accepted") + taken,
        rejected=F("rejected") + rejected,
        unchanged=F("unchanged") + chunk.rows - taken - rejected,
        flagged=F("flagged") + flagged,
    )
    if not moved:
        raise Conflict(
            "file_moved_on",
            _("“%(name)s” is being loaded by another process.") % {"name": file.name},
        )
    file.lines_done = chunk.last_line_no


@transaction.atomic
def _complete(file: LenderFile, loader: Loader) -> None:
    """Make every row of the file count, at one instant."""
    loader.finish()
    file.refresh_from_db()
    file.state, file.recorded_at = FileState.COMPLETE, clock.now()
    file.save()
    record_audit(
        action="lender_file_loaded",
        subject=file,
        by=file.received_by,
        at=file.recorded_at,
        rows=file.rows,
        rejected=file.rejected,
    )
