"""Cells of a chunk as typed columns, with a finding for each cell that cannot be taken as it is.

Money becomes whole fen (`Int64`), counts `Int32`, rates `Decimal(38, 10)`, dates `Date`, statuses
their number; a cell that is empty or cannot be read becomes null. No float anywhere.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

import polars as pl

from postloss.adapters.lender_text import LINE_NO
from postloss.enums import STATUS_WORDS, FindingCode
from postloss.rules.lender_files import Cell, Column, Layout

_FULL_WIDTH = "０１２３４５６７８９．，－＋／　"
_HALF_WIDTH = "0123456789.,-+/ "
_PLAIN = r"^[+-]?[0-9]+(\.[0-9]+)?$"
_THOUSANDS = r"^[+-]?[0-9]{1,3}(,[0-9]{3})+(\.[0-9]+)?$"
_WHOLE = r"^[+-]?[0-9]+(\.0+)?$"
_THIRD_DECIMAL = r"\.[0-9]{3,}$"
_ISO_DATE = r"^[0-9]{4}-[0-9]{2}-[0-9]{2}$"
_LOOSE_DATE = r"^[0-9]{4}[/-][0-9]{1,2}[/-][0-9]{1,2}$"
_COMPACT_DATE = r"^[0-9]{8}$"
_CONTROL = r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]"
_USUAL_MONEY = r"^[0-9]{1,15}(\.[0-9]{1,2})?$"
_USUAL_DATE = r"^(19|[2-9][0-9])[0-9]{2}-[0-9]{2}-[0-9]{2}$"
LARGEST_FEN = 10**17
LARGEST_COUNT = 2**31 - 1


@dataclass
class Remarks:
    """Findings on a chunk, gathered as (mask, code, column); rows are listed once at the end."""

    _noted: list[tuple[pl.Series, FindingCode, str]] = field(default_factory=list)

    def note(self, mask: pl.Series, code: FindingCode, column: str = "") -> None:
        """Remark `code` on every row where the mask is true (null is false)."""
        mask = mask.fill_null(value=False)
        if mask.any():
            self._noted.append((mask, code, column))

    def take(self, others: Remarks, rows: pl.Series, height: int) -> None:
        """Take over the remarks on some `rows` (by number) of a chunk of this height."""
        for mask, code, column in others._noted:
            spread = pl.repeat(value=False, n=height, eager=True).scatter(rows.filter(mask), True)
            self._noted.append((spread, code, column))

    def has(self, column: str, height: int) -> pl.Series:
        """Return a mask of the rows with a remark on this column."""
        rows = pl.repeat(value=False, n=height, eager=True)
        for mask, _, noted in self._noted:
            rows |= mask if noted == column else False
        return rows

    def any_row(self, height: int) -> pl.Series:
        """Return a mask of the rows with at least one remark."""
        rows = pl.repeat(value=False, n=height, eager=True)
        for mask, _, _ in self._noted:
            rows |= mask
        return rows

    def listed(self, cells: pl.DataFrame, only: pl.Series) -> pl.DataFrame:
        """Return `line_no, code, column, value` for each remark on the rows of the mask `only`."""
        parts = [
            cells.filter(mask & only).select(
                LINE_NO,
                pl.lit(str(code.value)).alias("code"),
                pl.lit(column).alias("column"),
                (pl.col(column) if column else pl.lit("")).fill_null("").alias("value"),
            )
            for mask, code, column in self._noted
        ]
        return pl.concat(parts) if parts else EMPTY_REMARKS


EMPTY_REMARKS = pl.DataFrame(
    schema={LINE_NO: pl.UInt32, "code": pl.String, "column": pl.String, "value": pl.String}
)


@dataclass(frozen=True)
class Typed:
    """The typed columns of a chunk, with its rejects and flags so far."""

    frame: pl.DataFrame
    rejects: Remarks
    flags: Remarks


def read_cells(cells: pl.DataFrame, layout: Layout) -> Typed:
    """Type every column of the layout; unreadable cells are rejects, normalised ones flags."""
    rejects, flags = Remarks(), Remarks()
    typed = [cells[LINE_NO]]
    for column in layout.columns:
        values, filled = _read(cells[column.name], column, rejects, flags)
        wrong = values.is_null() & filled if column.may_be_empty else values.is_null()
        if column.cell is not Cell.STATUS:
            rejects.note(wrong, FindingCode.UNREADABLE, column.name)
        typed.append(values.alias(column.name))
    return Typed(pl.DataFrame(typed), rejects, flags)


def _read(
    raw: pl.Series, column: Column, rejects: Remarks, flags: Remarks
) -> tuple[pl.Series, pl.Series]:
    """Return the values, and a mask of the cells that hold anything.

    Cells in their usual form are read at once; only the others go through the whole reading.
    """
    quick = _QUICK.get(column.cell)
    if quick is None:
        text = _stripped(raw)
        return _READERS[column.cell](text, column, rejects, flags), text.is_not_null()
    values = quick(raw)
    filled = raw.is_not_null()
    others = (values.is_null() & filled).arg_true()
    if others.len():
        text, part_rejects, part_flags = _stripped(raw.gather(others)), Remarks(), Remarks()
        part = _READERS[column.cell](text, column, part_rejects, part_flags)
        values = values.scatter(others, part)
        filled = filled.scatter(others, text.is_not_null())
        rejects.take(part_rejects, others, raw.len())
        flags.take(part_flags, others, raw.len())
    return values, filled


def _stripped(raw: pl.Series) -> pl.Series:
    text = raw.str.strip_chars()
    return text.set(text == "", None) if (text == "").any() else text


def _only(text: pl.Series, usual: str) -> pl.Series:
    return text.set(~text.str.contains(usual), None)


_QUICK: dict[Cell, Callable[[pl.Series], pl.Series]] = {
    Cell.MONEY: lambda text: (
        _only(text, _USUAL_MONEY).cast(pl.Decimal(38, 2)).to_physical().cast(pl.Int64)
    ),
    Cell.COUNT: lambda text: _within(text.cast(pl.Int32, strict=False), LARGEST_COUNT),
    Cell.DATE: lambda text: _only(text, _USUAL_DATE).str.to_date("%Y-%m-%d", strict=False),
}


def _normalised(text: pl.Series, plain: str, flags: Remarks, column: Column) -> pl.Series:
    """Fold full-width digits and thousands separators of numbers that are not plain already."""
    odd = ~text.str.contains(plain) & text.is_not_null()
    if not odd.any():
        return text
    folded = text.str.replace_many(list(_FULL_WIDTH), list(_HALF_WIDTH)).str.strip_chars()
    grouped = folded.str.contains(_THOUSANDS)
    folded = folded.zip_with(
        ~grouped.fill_null(value=False), folded.str.replace_all(",", "", literal=True)
    )
    flags.note(odd & folded.str.contains(plain), FindingCode.NORMALISED, column.name)
    return text.zip_with(~odd, folded)


def _number(text: pl.Series, column: Column, flags: Remarks) -> pl.Series:
    text = _normalised(text, _PLAIN, flags, column)
    plain = text.str.contains(_PLAIN).fill_null(value=False)
    return text if plain.all() else text.set(~plain, None)


def _money(text: pl.Series, column: Column, rejects: Remarks, flags: Remarks) -> pl.Series:
    text = _number(text, column, flags)
    rejects.note(text.str.contains(_THIRD_DECIMAL), FindingCode.MORE_DECIMALS, column.name)
    fen = text.cast(pl.Decimal(38, 2), strict=False).to_physical()
    return _within(fen, LARGEST_FEN).cast(pl.Int64)


def _count(text: pl.Series, column: Column, _rejects: Remarks, flags: Remarks) -> pl.Series:
    text = _number(text, column, flags)
    whole = text.str.contains(_WHOLE).fill_null(value=False)
    text = text.set(~whole, None) if not whole.all() else text
    if text.str.contains(".", literal=True).any():
        text = text.str.replace(r"\.0+$", "")
    return _within(text.cast(pl.Int64, strict=False), LARGEST_COUNT).cast(pl.Int32)


def _rate(text: pl.Series, column: Column, _rejects: Remarks, flags: Remarks) -> pl.Series:
    text = _number(text, column, flags)
    fine = text.str.contains(r"\.[0-9]{11,}$").fill_null(value=False)
    text = text.set(fine, None) if fine.any() else text
    return text.cast(pl.Decimal(38, 10), strict=False)


def _date(text: pl.Series, column: Column, _rejects: Remarks, flags: Remarks) -> pl.Series:
    iso = text.str.contains(_ISO_DATE).fill_null(value=False)
    if iso.all():
        return _plausible(text.str.to_date("%Y-%m-%d", strict=False))
    folded = text.str.replace_many(list(_FULL_WIDTH), list(_HALF_WIDTH)).str.strip_chars()
    loose = folded.str.contains(_LOOSE_DATE).fill_null(value=False)
    compact = folded.str.contains(_COMPACT_DATE).fill_null(value=False)
    days = pl.select(
        pl.when(iso)
        .then(text.str.to_date("%Y-%m-%d", strict=False))
        .when(loose)
        .then(folded.str.replace_all("/", "-", literal=True).str.to_date("%Y-%m-%d", strict=False))
        .when(compact)
        .then(folded.str.to_date("%Y%m%d", strict=False))
    ).to_series()
    days = _plausible(days)
    flags.note(~iso & days.is_not_null(), FindingCode.NORMALISED, column.name)
    return days


def _plausible(days: pl.Series) -> pl.Series:
    """Take years that a calendar of loans can hold; `0217-05-31` is a slip of the pen."""
    outside = ~days.dt.year().is_between(1900, 9999).fill_null(value=True)
    return days.set(outside, None) if outside.any() else days


def _text(text: pl.Series, column: Column, _rejects: Remarks, _flags: Remarks) -> pl.Series:
    wrong = (text.str.len_chars() > column.longest) | text.str.contains(_CONTROL)
    wrong = wrong.fill_null(value=False)
    return text.set(wrong, None) if wrong.any() else text


def _status(text: pl.Series, column: Column, rejects: Remarks, _flags: Remarks) -> pl.Series:
    status = text.replace_strict(
        {word: int(status) for word, status in STATUS_WORDS.items()},
        default=None,
        return_dtype=pl.Int8,
    )
    rejects.note(status.is_null(), FindingCode.STATUS_UNKNOWN, column.name)
    return status


def _within(numbers: pl.Series, bound: int) -> pl.Series:
    outside = ((numbers > bound) | (numbers < -bound)).fill_null(value=False)
    return numbers.set(outside, None) if outside.any() else numbers


_READERS: dict[Cell, Callable[[pl.Series, Column, Remarks, Remarks], pl.Series]] = {
    Cell.TEXT: _text,
    Cell.MONEY: _money,
    Cell.COUNT: _count,
    Cell.RATE: _rate,
    Cell.DATE: _date,
    Cell.STATUS: _status,
}


def read_totals(raw: pl.Series) -> pl.Series:
    """Read the total column for the control total: decimals of six places, null unreadable."""
    totals = _only(raw, _USUAL_MONEY).cast(pl.Decimal(38, 6))
    others = (totals.is_null() & raw.is_not_null()).arg_true()
    if not others.len():
        return totals
    text = raw.gather(others).str.strip_chars()
    numbers = _number(text, Column("total", Cell.MONEY), Remarks())
    part = _within(numbers.cast(pl.Decimal(38, 6), strict=False), LARGEST_FEN // 100)
    return totals.scatter(others, part)
