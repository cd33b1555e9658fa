"""The workbook of rejected lines: written for people to correct, read back as a lender's file.

Every line carries its key; a personal cell is masked, and one left as it is means the stored value.
Source: safety.md (masked rejects, A7, A8), screens.md (rejected rows as an Excel with reasons).
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import BinaryIO

from django.utils.translation import gettext
from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE

from core.encryption import place_key, seal, unseal
from core.errors import RuleBroken
from core.masking import mask_document, mask_name, scrub
from core.models import StoredFile
from core.uploads import rows_of
from core.workbooks import mark_pages
from partners.models import LenderFile
from postloss.adapters.lender_text import Chunk, frame_of
from postloss.enums import FindingLevel
from postloss.errors import FileRefused
from postloss.models import Finding, RejectedLine
from postloss.rules.lender_files import (
    FREE_TEXT,
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
MOST_COLUMNS = 100
SURPLUS = "+"
_MASKS = {"obligor_id": mask_document, "obligor_name": mask_name}
_CHINESE = re.compile("[一-鿿㐀-䶿]{2,}")
_OF_FIGURES = frozenset("元万亿角分整年月日正常逾期结清核销")
_KEY = re.compile(r"([0-9]{1,18})-([0-9]{1,9})")


def mask_cell(column: str, text: str, *, is_shifted: bool = False) -> str:
    """Mask a cell of a personal column, and what may be a person's in any other one.

    Figures, dates, columns that nobody asked for and every cell of a line with too many of them
    may hold anything: there Chinese goes, but for the words of figures and statuses.
    """
    if column in _MASKS and text:
        return _MASKS[column](text)
    if is_shifted or column not in FREE_TEXT:
        text = _CHINESE.sub(_figures_word, text)
    return scrub(text)


def _figures_word(match: re.Match[str]) -> str:
    return match[0] if _OF_FIGURES.issuperset(match[0]) else "*" * len(match[0])


def mask_cells(cells: dict[str, str]) -> dict[str, str]:
    """Mask a whole line; the names of columns that nobody asked for are the lender's own words."""
    shifted = _is_shifted(cells)
    return {scrub(name): mask_cell(name, text, is_shifted=shifted) for name, text in cells.items()}


def _is_shifted(cells: dict[str, str]) -> bool:
    return any(name.startswith(SURPLUS) for name in cells)


def _shown(column: str, cells: dict[str, str]) -> str:
    """Return what the workbook shows of a cell; left as it is, it means the stored value."""
    text = mask_cell(column, cells.get(column, ""), is_shifted=_is_shifted(cells))
    return ILLEGAL_CHARACTERS_RE.sub("�", text)


def seal_cells(file_id: int, line_no: int, cells: dict[str, str]) -> bytes:
    """Seal a rejected line's cells by column name."""
    text = json.dumps(cells, ensure_ascii=False)
    return seal(text, column=COLUMN, key=place_key(file_id, line_no))


def unseal_cells(line: RejectedLine) -> dict[str, str]:
    """Open a rejected line's cells by column name."""
    if not line.sealed_cells:  # deleted with its file
        return {}
    return json.loads(
        unseal(line.sealed_cells, column=COLUMN, key=place_key(line.file_id, line.line_no))
    )


def workbook_name(name: str) -> str:
    """Name the workbook after its file, so that it is known again as the same kind and month."""
    stem = name.removesuffix(SUFFIX)
    return f"{Path(stem).stem}{SUFFIX}"


def write_rejects(file: LenderFile, target: BinaryIO | Path, *, mark: str = "") -> int:
    """Write the rejected lines of a file with their reasons; return how many.

    User text never becomes a formula; personal cells are masked. The watermark stands at the head
    and foot of every printed page, because the first line is the header that is read back.
    """
    layout = LOANS if file.month is None else REPAYMENTS
    book = Workbook(write_only=True)
    reasons = _reasons_by_line(file)
    lines = file.rejected_lines.order_by("line_no").iterator(chunk_size=5000)
    sheet, count = None, 0
    for line in lines:
        if count % SHEET_ROWS == 0:
            sheet = book.create_sheet(f"rejects{count // SHEET_ROWS + 1}")
            mark_pages(sheet, mark)
            _append(sheet, [LINE_KEY, *layout.names, REASONS])
        cells = unseal_cells(line)
        shown = [_shown(name, cells) for name in layout.names]
        spill = [_shown(key, cells) for key in cells if key.startswith(SURPLUS)]
        why = reasons.get(line.line_no, "")
        _append(sheet, [f"{file.pk}-{line.line_no}", *shown, why, *spill])
        count += 1
    if sheet is None:
        sheet = book.create_sheet("rejects1")
        mark_pages(sheet, mark)
        _append(sheet, [LINE_KEY, *layout.names, REASONS])
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
    misfits: list[tuple[int, list[str]]] = field(repr=False)
    encoding: str = "xlsx"
    separator: str = ""

    def chunks(self, *, only: Sequence[str] = ()) -> Iterator[Chunk | Trailer]:
        """Yield all lines as one chunk, with every column; a workbook has no trailer."""
        numbers = [number for number, _ in self.rows]
        if numbers or self.misfits:
            frame = frame_of(self.header.names, numbers, [cells for _, cells in self.rows])
            last = max(number for number, _ in [*self.rows[-1:], *self.misfits[-1:]])
            yield Chunk(frame, self.misfits, last_line_no=last)


def open_workbook(stored: StoredFile, layout: Layout, lender_id: int) -> WorkbookSource:
    """Read a corrected workbook of rejects.

    Raises:
        FileRefused: it is no workbook, too large when unpacked, holds macros or lacks a column.
    """
    try:
        lines = list(_lines(stored))
    except RuleBroken as failure:
        raise FileRefused(
            gettext("“%(name)s” is not a workbook that can be read.") % {"name": stored.name}
        ) from failure
    if not lines:
        raise FileRefused(
            gettext("“%(name)s” is empty; send it with a header and its lines.")
            % {"name": stored.name}
        )
    header = _header(lines[0][1], layout)
    width = len(header.names)
    rows = [(no, cells + [""] * (width - len(cells))) for no, cells in lines[1:]]
    misfits = [line for line in rows if len(line[1]) > width]
    rows = [line for line in rows if len(line[1]) == width]
    _restore(header, [*rows, *misfits], lender_id)
    return WorkbookSource(header, rows, misfits)


def _lines(stored: StoredFile) -> Iterator[tuple[int, list[str]]]:
    """Yield the header and the lines that are not blank, numbered through all sheets.

    Cells end at the last that is not empty; the first row of every further sheet is its header.
    """
    before, rows = -1, rows_of(stored, at=stored.created_at, columns=MOST_COLUMNS)
    for number, (index, *values) in enumerate(rows, 1):
        is_header, before = index != before, index
        if values.count(None) < len(values) and (not is_header or not index):
            cells = [_cell_text(value) for value in values]
            while cells and not cells[-1].strip():
                cells.pop()
            if cells:
                yield number, cells


def _header(cells: list[str], layout: Layout) -> Header:
    try:
        return read_header("\t".join(cells), "\t", layout)
    except ValueError as refusal:
        raise FileRefused(str(refusal)) from refusal


def _cell_text(value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, float):
        return f"{value:.10f}".rstrip("0").rstrip(".")
    return str(value)


def _restore(header: Header, rows: list[tuple[int, list[str]]], lender_id: int) -> None:
    """Put the stored value where a cell that was shown masked was left as it is."""
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
        for at, column in enumerate(header.names):
            if column in before and cells[at] == _shown(column, before):
                cells[at] = before[column]


def _line_key(text: str) -> tuple[int, int] | None:
    match = _KEY.fullmatch(text.strip())
    return (int(match[1]), int(match[2])) if match else None
