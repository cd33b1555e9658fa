"""The workbook of rejected lines: written for people to correct, read back as a lender's file.

Every line carries its key; a personal cell is masked, and one left as it is means the stored value.
Source: safety.md (masked rejects, A7, A8), screens.md (rejected rows as an Excel with reasons).
"""

from __future__ import annotations

import datetime as dt
import json
import tempfile
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import BinaryIO

from django.utils.translation import gettext
from openpyxl import Workbook, load_workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.utils.exceptions import InvalidFileException

from core import files
from core.encryption import mask_document, mask_name, seal, unseal
from core.models import StoredFile
from partners.models import LenderFile
from postloss.adapters.lender_text import Chunk, frame_of
from postloss.enums import FindingLevel
from postloss.errors import FileRefused
from postloss.models import Finding, RejectedLine
from postloss.rules.lender_files import (
    LINE_KEY,
    LOANS,
    REASONS,
    REPAYMENTS,
    Header,
    Layout,
    Trailer,
    read_header,
)

COLUMN = "postloss_rejectedline.sealed_cells"
SUFFIX = ".rejects.xlsx"
SHEET_ROWS = 1_000_000
LARGEST_BYTES, LARGEST_RATIO, MOST_ENTRIES = 200 << 20, 100, 2000
_MASKS = {"obligor_id": mask_document, "obligor_name": mask_name}


def mask_cell(column: str, text: str) -> str:
    """Mask a cell of a personal column; others stay as they are."""
    return _MASKS[column](text) if column in _MASKS and text else text


def seal_cells(file_id: int, line_no: int, cells: dict[str, str]) -> bytes:
    """Seal a rejected line's cells by column name."""
    text = json.dumps(cells, ensure_ascii=False)
    return seal(text, column=COLUMN, key=f"{file_id}:{line_no}")


def unseal_cells(line: RejectedLine) -> dict[str, str]:
    """Open a rejected line's cells by column name."""
    return json.loads(
        unseal(line.sealed_cells, column=COLUMN, key=f"{line.file_id}:{line.line_no}")
    )


def workbook_name(name: str) -> str:
    """Name the workbook after its file, so that it is known again as the same kind and month."""
    stem = name.removesuffix(SUFFIX)
    return f"{Path(stem).stem}{SUFFIX}"


def write_rejects(file: LenderFile, target: BinaryIO | Path) -> int:
    """Write the rejected lines of a file with their reasons; return how many.

    User text never becomes a formula; personal cells are masked.
    """
    layout = LOANS if file.month is None else REPAYMENTS
    book = Workbook(write_only=True)
    reasons = _reasons_by_line(file)
    lines = file.rejected_lines.order_by("line_no").iterator(chunk_size=5000)
    sheet, count = None, 0
    for line in lines:
        if count % SHEET_ROWS == 0:
            sheet = book.create_sheet(f"rejects{count // SHEET_ROWS + 1}")
            _append(sheet, [LINE_KEY, *layout.names, REASONS])
        cells = unseal_cells(line)
        shown = [mask_cell(name, cells.get(name, "")) for name in layout.names]
        spill = [cells[key] for key in cells if key not in layout.names]
        why = reasons.get(line.line_no, "")
        _append(sheet, [f"{file.pk}-{line.line_no}", *shown, why, *spill])
        count += 1
    if sheet is None:
        _append(book.create_sheet("rejects1"), [LINE_KEY, *layout.names, REASONS])
    book.save(target)
    return count


def _append(sheet, values: list[str]) -> None:
    cells = []
    for value in values:
        cell = WriteOnlyCell(sheet, value=value)
        cell.data_type = "s"
        cells.append(cell)
    sheet.append(cells)


def _reasons_by_line(file: LenderFile) -> dict[int, str]:
    reasons: dict[int, list[str]] = {}
    found = file.findings.filter(level=FindingLevel.REJECT).order_by("line_no", "pk")
    for finding in found.iterator(chunk_size=5000):
        reasons.setdefault(finding.line_no, []).append(describe(finding))
    return {line_no: "; ".join(every) for line_no, every in reasons.items()}


def describe(finding: Finding) -> str:
    """Say a finding in words: column, value, reason."""
    where = f"{finding.column} “{finding.value}”: " if finding.column else ""
    return f"{where}{gettext(finding.get_code_display())}"


@dataclass(frozen=True)
class WorkbookSource:
    """The product's own workbook of rejects as a source of lines."""

    header: Header
    rows: list[tuple[int, list[str]]] = field(repr=False)
    encoding: str = "xlsx"
    separator: str = ""

    def chunks(self) -> Iterator[Chunk | Trailer]:
        """Yield all lines as one chunk; a workbook has no trailer."""
        if self.rows:
            numbers = [number for number, _ in self.rows]
            frame = frame_of(self.header.names, numbers, [cells for _, cells in self.rows])
            yield Chunk(frame, last_line_no=numbers[-1])


def open_workbook(stored: StoredFile, layout: Layout, lender_id: int) -> WorkbookSource:
    """Read a corrected workbook of rejects.

    Raises:
        FileRefused: it is no workbook, too large when unpacked, holds macros or lacks a column.
    """
    book = _open_safely(stored)
    rows: list[tuple[int, list[str]]] = []
    header: Header | None = None
    number = 0
    for sheet in book.worksheets:
        for place, values in enumerate(sheet.iter_rows(values_only=True)):
            number += 1
            cells = [_cell_text(value) for value in values]
            if place == 0:
                header = header or _header(cells, layout)
            elif any(cells):
                rows.append((number, (cells + [""] * len(header.names))[: len(header.names)]))
    if header is None:
        raise FileRefused(f"“{stored.name}” is empty; send it with a header and its lines.")
    _restore_masked(header, rows, lender_id)
    return WorkbookSource(header, rows)


def _header(cells: list[str], layout: Layout) -> Header:
    while cells and not cells[-1]:
        cells.pop()
    try:
        return read_header("\t".join(cells), "\t", layout)
    except ValueError as refusal:
        raise FileRefused(str(refusal)) from refusal


def _open_safely(stored: StoredFile):
    no_workbook = FileRefused(f"“{stored.name}” is not a workbook that can be read.")
    spool = tempfile.SpooledTemporaryFile(max_size=16 << 20)  # noqa: SIM115 (the book reads it)
    for piece in files.pieces(stored):
        spool.write(piece)
    spool.seek(0)
    try:
        with zipfile.ZipFile(spool) as archive:
            _check_archive(stored, archive)
        return load_workbook(spool, read_only=True, data_only=True, keep_links=False)
    except (zipfile.BadZipFile, InvalidFileException, KeyError, ValueError, OSError) as failure:
        raise no_workbook from failure


def _check_archive(stored: StoredFile, archive: zipfile.ZipFile) -> None:
    entries = archive.infolist()
    size = sum(entry.file_size for entry in entries)
    packed = sum(entry.compress_size for entry in entries) or 1
    if len(entries) > MOST_ENTRIES or size > LARGEST_BYTES or size / packed > LARGEST_RATIO:
        raise FileRefused(f"“{stored.name}” is too large when unpacked; send it as CSV.")
    if any("vbaproject" in entry.filename.lower() for entry in entries):
        raise FileRefused(f"“{stored.name}” holds macros; save it as a plain .xlsx workbook.")


def _cell_text(value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, dt.datetime):
        return value.date().isoformat()
    if isinstance(value, float):
        return f"{value:.10f}".rstrip("0").rstrip(".")
    return str(value)


def _restore_masked(header: Header, rows: list[tuple[int, list[str]]], lender_id: int) -> None:
    """Put the stored value where a masked cell was left as it is."""
    if LINE_KEY not in header.names:
        return
    place = header.names.index(LINE_KEY)
    keys = {_line_key(cells[place]) for _, cells in rows} - {None}
    stored = {
        (line.file_id, line.line_no): unseal_cells(line)
        for line in RejectedLine.objects.filter(
            file__lender_id=lender_id,
            file_id__in={file_id for file_id, _ in keys},
            line_no__in={line_no for _, line_no in keys},
        )
    }
    for _, cells in rows:
        before = stored.get(_line_key(cells[place]), {})
        for column in _MASKS:
            if column in header.names and column in before:
                at = header.names.index(column)
                if cells[at] == mask_cell(column, before[column]):
                    cells[at] = before[column]


def _line_key(text: str) -> tuple[int, int] | None:
    file_id, _, line_no = text.partition("-")
    return (int(file_id), int(line_no)) if file_id.isdigit() and line_no.isdigit() else None
