"""Excel out of the house: streamed, typed, watermarked; user text is never a formula.

Source: screens.md (Excel in and out, masked and watermarked), safety.md A7.
"""

from __future__ import annotations

import datetime as dt
import tempfile
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import IO, Any

from django.utils import timezone
from django.utils.translation import gettext as _
from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE
from openpyxl.styles import Font
from openpyxl.utils import get_column_letter

from core.errors import RuleBroken

MOST_ROWS = 10_000
EXCEL = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
TEXT, COUNT, YUAN, RATE, DAY = "text", "count", "yuan", "rate", "day"
_FORMATS = {COUNT: "#,##0", YUAN: "#,##0.00", RATE: "0.00%", DAY: "yyyy-mm-dd"}
_WIDTHS = {TEXT: 18, COUNT: 12, YUAN: 18, RATE: 12, DAY: 12}
_BOLD, _SOFT = Font(bold=True), Font(italic=True, color="777777")
UNKNOWN = "—"


@dataclass(frozen=True, kw_only=True)
class Sheet:
    """One sheet: its columns as (heading, kind) and its rows; `None` is unknown, shown as a dash.

    Amounts are yuan, rates fractions, both exact.
    """

    title: str
    columns: Sequence[tuple[str, str]]
    rows: Iterable[Sequence[Any]]


def watermark(*, name: str, unit: str, at: dt.datetime) -> str:
    """Say who took the figures out and when."""
    return _("Exported by %(name)s (%(unit)s) at %(at)s. Internal: do not pass on.") % {
        "name": name,
        "unit": unit,
        "at": f"{timezone.localtime(at):%Y-%m-%d %H:%M:%S}",
    }


def check_size(*, rows: int) -> None:
    """Refuse an export that nobody can work with.

    Raises:
        RuleBroken: more than `MOST_ROWS` rows.
    """
    if rows > MOST_ROWS:
        words = _(
            "%(rows)s rows are too many for one workbook (at most %(most)s); narrow the slice, "
            "for example to one bucket or one branch."
        )
        raise RuleBroken(
            "export_too_large", words % {"rows": f"{rows:,}", "most": f"{MOST_ROWS:,}"}
        )


def workbook(*, sheets: Iterable[Sheet], mark: str) -> IO[bytes]:
    """Write the sheets row by row, each under the watermark; return the open file."""
    book = Workbook(write_only=True)
    for sheet in sheets:
        _write_sheet(book.create_sheet(sheet.title[:31]), sheet, mark)
    target = tempfile.SpooledTemporaryFile(max_size=8 << 20)  # noqa: SIM115 (the answer closes it)
    book.save(target)
    target.seek(0)
    return target


def _write_sheet(page: Any, sheet: Sheet, mark: str) -> None:
    for number, (_heading, kind) in enumerate(sheet.columns, start=1):
        page.column_dimensions[get_column_letter(number)].width = _WIDTHS[kind]
    page.freeze_panes = "A3"
    page.oddHeader.center.text = page.oddFooter.center.text = mark.replace("&", "&&")
    page.append([_text(page, mark, _SOFT)])
    page.append([_text(page, heading, _BOLD) for heading, _kind in sheet.columns])
    write = _RowWriter(page, [kind for _heading, kind in sheet.columns])
    for row in sheet.rows:
        page.append(write.cells(row))


class _RowWriter:
    """Values to cells. A page writes a row at once, so one cell per column serves every row."""

    def __init__(self, page: Any, kinds: Sequence[str]):
        self._kinds = kinds
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
        text = ILLEGAL_CHARACTERS_RE.sub("", str(value))
        if not text.startswith("="):
            return text
        cell.value, cell.data_type = text, "s"
        return cell


def _text(page: Any, value: str, font: Font | None = None) -> WriteOnlyCell:
    cell = WriteOnlyCell(page, value=ILLEGAL_CHARACTERS_RE.sub("", value))
    cell.data_type = "s"
    if font is not None:
        cell.font = font
    return cell
