"""How a finance file is read: `month,code,amount`, every fault of every line listed."""

import csv
import datetime as dt
import io
import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from decimal import Decimal

from core.errors import RuleBroken
from ledger.enums import FinanceLine, RowFault

COLUMNS = ("month", "code", "amount")
_MONTH = re.compile(r"([12]\d{3})-(0[1-9]|1[0-2])", re.ASCII)
_AMOUNT = re.compile(r"[+-]?\d+(\.\d+)?", re.ASCII)
_WHOLE_DIGITS = 18


@dataclass(frozen=True)
class FinanceRow:
    """An accepted line; the amount in yuan."""

    line_no: int
    month: dt.date
    code: str
    amount: Decimal


@dataclass(frozen=True)
class RejectedRow:
    """A rejected line as it came, with all reasons."""

    line_no: int
    text: str
    faults: tuple[str, ...]


@dataclass
class FinanceSheet:
    """What a finance file holds."""

    rows: list[FinanceRow] = field(default_factory=list)
    rejects: list[RejectedRow] = field(default_factory=list)
    ignored_columns: list[str] = field(default_factory=list)


def decode(content: bytes) -> str:
    """Read bytes as UTF-8, with or without mark, or else as GB18030.

    Raises:
        RuleBroken: they are neither.
    """
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            return content.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise RuleBroken("encoding", "The file is neither UTF-8 nor GB18030 text.")


def read_finance_sheet(text: str) -> FinanceSheet:
    """Read the lines of a finance file and judge each; amounts in yuan with at most two decimals.

    Raises:
        RuleBroken: a column is missing or stands twice, there is no line, or it is not CSV.
    """
    if "\0" in text:
        raise RuleBroken("not_csv", "The file is not a text file.")
    try:
        reader = csv.reader(io.StringIO(text, newline=""))
        lines = [(reader.line_num, cells) for cells in reader if cells]
    except csv.Error as refusal:
        raise RuleBroken("not_csv", f"The file cannot be read as CSV: {refusal}.") from refusal
    if not lines:
        raise RuleBroken("file_empty", "The file is empty.")
    header = [cell.strip() for cell in lines[0][1]]
    places = _places(header)
    sheet = FinanceSheet(ignored_columns=[name for name in header if name not in COLUMNS])
    if len(lines) == 1:
        raise RuleBroken("file_empty", "The file has a header and no line.")
    seen = Counter(_key(cells, places) for _, cells in lines[1:])
    for line_no, cells in lines[1:]:
        faults = _faults(
            cells, places, width=len(header), is_repeated=seen[_key(cells, places)] > 1
        )
        if faults:
            sheet.rejects.append(RejectedRow(line_no, ",".join(cells), tuple(faults)))
        else:
            month, code, amount = _three(cells, places)
            first_day = dt.date(int(month[:4]), int(month[5:]), 1)
            sheet.rows.append(FinanceRow(line_no, first_day, code, Decimal(amount)))
    return sheet


def _places(header: Sequence[str]) -> tuple[int, ...]:
    for name in COLUMNS:
        if header.count(name) != 1:
            word = "is missing" if name not in header else "stands twice"
            raise RuleBroken("column_missing", f"The column “{name}” {word} in the header.")
    return tuple(header.index(name) for name in COLUMNS)


def _three(cells: Sequence[str], places: Iterable[int]) -> list[str]:
    return [cells[place].strip() if place < len(cells) else "" for place in places]


def _key(cells: Sequence[str], places: Sequence[int]) -> tuple[str, str]:
    month, code, _ = _three(cells, places)
    return month, code


def _faults(
    cells: Sequence[str], places: Sequence[int], *, width: int, is_repeated: bool
) -> list[str]:
    if len(cells) != width:
        return [RowFault.COLUMN_COUNT.value]
    month, code, amount = _three(cells, places)
    faults = []
    if not _MONTH.fullmatch(month):
        faults.append(RowFault.MONTH_UNREADABLE.value)
    if code not in FinanceLine.values:
        faults.append(RowFault.CODE_UNKNOWN.value)
    faults.extend(_amount_faults(amount))
    if is_repeated:
        faults.append(RowFault.REPEATED.value)
    return faults


def _amount_faults(amount: str) -> list[str]:
    if not _AMOUNT.fullmatch(amount):
        return [RowFault.AMOUNT_UNREADABLE.value]
    whole, _, decimals = amount.lstrip("+-").partition(".")
    faults = []
    if len(decimals) > 2:
        faults.append(RowFault.MORE_DECIMALS.value)
    if len(whole.lstrip("0")) > _WHOLE_DIGITS:
        faults.append(RowFault.AMOUNT_TOO_LARGE.value)
    return faults
