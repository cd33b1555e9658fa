"""Excel out of the house: streamed, typed, watermarked; user text is never a formula.

Text stays text: no formula, also once a cell is edited (quote prefix), and characters that turn the
reading order round are written out. Source: screens.md, safety.md A8, A9.
"""

from __future__ import annotations

import re
import tempfile
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import IO, Any

from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE
from openpyxl.styles import Font
from openpyxl.utils import get_column_letter

EXCEL = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
TEXT, COUNT, YUAN, RATE, DAY = "text", "count", "yuan", "rate", "day"
_FORMATS = {COUNT: "#,##0", YUAN: "#,##0.00", RATE: "0.00%", DAY: "yyyy-mm-dd"}
_WIDTHS = {TEXT: 18, COUNT: 12, YUAN: 18, RATE: 12, DAY: 12}
_BOLD, _SOFT = Font(bold=True), Font(italic=True, color="777777")
UNKNOWN = "—"
_RISKY = ("=", "+", "-", "@", "\t", "\r", "#")  # what a spreadsheet may take for more than text
_TURNING = re.compile("[\u200e\u200f\u202a-\u202e\u2066-\u2069]")


@dataclass(frozen=True, kw_only=True)
class Sheet:
    """One sheet: its columns as (heading, kind) and its rows; `None` is unknown, shown as a dash.

    Amounts are yuan, rates fractions, both exact.
    """

    title: str
    columns: Sequence[tuple[str, str]]
    rows: Iterable[Sequence[Any]]


def workbook(*, sheets: Iterable[Sheet], mark: str) -> IO[bytes]:
    """Write the sheets row by row, each under the watermark; return the open file."""
    book = Workbook(write_only=True)
    for sheet in sheets:
        _write_sheet(book.create_sheet(sheet.title[:31]), sheet, mark)
    target = tempfile.SpooledTemporaryFile(max_size=8 << 20)  # noqa: SIM115 (the answer closes it)
    book.save(target)
    target.seek(0)
    return target


def mark_pages(page: Any, mark: str) -> None:
    """Print the watermark at the head and foot of every page of a sheet."""
    page.oddHeader.center.text = page.oddFooter.center.text = mark.replace("&", "&&")


def _write_sheet(page: Any, sheet: Sheet, mark: str) -> None:
    for number, (_heading, kind) in enumerate(sheet.columns, start=1):
        page.column_dimensions[get_column_letter(number)].width = _WIDTHS[kind]
    page.freeze_panes = "A3"
    mark_pages(page, mark)
    page.append([_text(page, mark, _SOFT)])
    page.append([_text(page, heading, _BOLD) for heading, _kind in sheet.columns])
    write = _RowWriter(page, [kind for _heading, kind in sheet.columns])
    for row in sheet.rows:
        page.append(write.cells(row))


def plain_text(value: Any) -> str:
    """Return text that no spreadsheet turns round or chokes on."""
    text = ILLEGAL_CHARACTERS_RE.sub("", str(value))
    return _TURNING.sub(lambda found: f"[U+{ord(found[0]):04X}]", text)


class _RowWriter:
    """Values to cells. A page writes a row at once, so one cell per column serves every row."""

    def __init__(self, page: Any, kinds: Sequence[str]):
        self._page, self._kinds = page, kinds
        self._kept = [WriteOnlyCell(page) for _ in kinds]
        for cell, kind in zip(self._kept, kinds, strict=True):
            if kind in _FORMATS:
                cell.number_format = _FORMATS[kind]

    def cells(self, row: Sequence[Any]) -> list[Any]:
        """Return what the page appends: plain text as it is, figures and risky text as cells."""
        return [
            self._cell(place, value, kind)
            for place, (value, kind) in enumerate(zip(row, self._kinds, strict=True))
        ]

    def _cell(self, place: int, value: Any, kind: str) -> Any:
        if value is None:
            return UNKNOWN
        cell = self._kept[place]
        if kind != TEXT:
            cell.value = value
            return cell
        text = plain_text(value)
        if not text.startswith(_RISKY):
            return text
        cell = WriteOnlyCell(self._page, value=text)
        cell.data_type, cell.quotePrefix = "s", True
        return cell


def _text(page: Any, value: str, font: Font | None = None) -> WriteOnlyCell:
    cell = WriteOnlyCell(page, value=plain_text(value))
    cell.data_type = "s"
    if font is not None:
        cell.font = font
    return cell
