"""The first reading of a lender's file: rows, control total, repeated loan numbers."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Protocol

import numpy as np
import polars as pl
from django.utils.translation import gettext as _

from postloss.adapters.lender_cells import read_totals
from postloss.adapters.lender_text import LINE_NO, Chunk
from postloss.errors import FileRefused
from postloss.rules.lender_files import REPAYMENTS, Header, Layout, Trailer

CLOSED_WORDS = ["结清", "核销"]


class Source(Protocol):
    """What can be read as a lender's file: text or the product's own workbook."""

    encoding: str
    separator: str
    header: Header

    def chunks(self, *, only: Sequence[str] = ()) -> Iterator[Chunk | Trailer]:
        """Yield the data lines, `only` some columns of them, then the trailer if there is one."""


@dataclass(frozen=True)
class Inspection:
    """Data rows, the sum of the total column in yuan (`None`: a cell cannot be read), the trailer,
    and the loan numbers that stand on more than one line."""

    rows: int
    delivered_sum: Decimal | None
    trailer: Trailer | None
    repeated: frozenset[str]


def inspect(source: Source, layout: Layout) -> Inspection:
    """Read a file once, judging no row.

    Raises:
        FileRefused: the trailer differs from the lines, or a cell of its column cannot be read.
    """
    rows, total, trailer = 0, Decimal(0), None
    unreadable: int | None = None
    hashes = []
    for chunk in source.chunks(only=("loan_no", "status", layout.total_column)):
        if isinstance(chunk, Trailer):
            trailer = chunk
            continue
        rows += chunk.rows
        part, bad_line = _total_of(chunk, source.header, layout)
        total += part
        unreadable = unreadable or bad_line
        hashes.append(_loan_numbers(chunk).hash().to_numpy())
    if trailer is not None:
        _check_trailer(trailer, rows, None if unreadable else total, unreadable, layout)
    return Inspection(
        rows,
        None if unreadable else total,
        trailer,
        _repeated(source.chunks(only=("loan_no",)), hashes),
    )


def _loan_numbers(chunk: Chunk) -> pl.Series:
    return chunk.frame["loan_no"].str.strip_chars().drop_nulls()


def _total_of(chunk: Chunk, header: Header, layout: Layout) -> tuple[Decimal, int | None]:
    """Return the chunk's sum and the first line whose cell cannot be read."""
    column = layout.total_column
    numbers = read_totals(chunk.frame[column])
    wrong = numbers.is_null()
    if wrong.any() and layout is REPAYMENTS:
        closed = chunk.frame["status"].str.strip_chars().is_in(CLOSED_WORDS)
        blank = chunk.frame[column].fill_null("").str.strip_chars() == ""
        wrong &= ~(closed.fill_null(value=False) & blank)
    bad = chunk.frame.filter(wrong)[LINE_NO].head(1).to_list()
    total = numbers.sum() or Decimal(0)
    place = header.names.index(column)
    for line_no, cells in chunk.misfits:
        cell = read_totals(
            pl.Series([cells[place] if place < len(cells) else None], dtype=pl.String)
        )
        if cell[0] is None:
            bad.append(line_no)
        else:
            total += cell[0]
    return total, min(bad, default=None)


def _check_trailer(
    trailer: Trailer, rows: int, total: Decimal | None, unreadable: int | None, layout: Layout
) -> None:
    if unreadable is not None:
        raise FileRefused(
            _(
                "Line %(line_no)s has no readable %(column)s, so the declared sum cannot"
                " be checked; correct it and send the file again."
            )
            % {"line_no": unreadable, "column": layout.total_column}
        )
    if trailer.rows != rows:
        raise FileRefused(
            _("The file declares %(declared)s rows and has %(rows)s; send it again whole.")
            % {"declared": trailer.rows, "rows": rows}
        )
    if total is not None and trailer.total != total:
        raise FileRefused(
            _(
                "The file declares a %(column)s of %(declared)s and its lines sum to"
                " %(total)s; correct it and send it again."
            )
            % {
                "column": layout.total_column,
                "declared": trailer.total,
                "total": f"{total.normalize():f}",
            }
        )


def _repeated(chunks: Iterable[Chunk | Trailer], hashes: list[np.ndarray]) -> frozenset[str]:
    """Find repeated numbers: by hash first, exactly only where hashes meet."""
    if not hashes:
        return frozenset()
    every = np.sort(np.concatenate(hashes))
    twice = np.unique(every[1:][every[1:] == every[:-1]])
    if not twice.size:
        return frozenset()
    counts: Counter[str] = Counter()
    for chunk in chunks:
        if isinstance(chunk, Chunk):
            numbers = _loan_numbers(chunk)
            counts.update(numbers.filter(np.isin(numbers.hash().to_numpy(), twice)).to_list())
    return frozenset(number for number, count in counts.items() if count > 1)
