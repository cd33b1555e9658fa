"""The format of lender files: names, columns, kinds of cells. Pure."""

from __future__ import annotations

import csv
import datetime as dt
import re
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from enum import Enum

from core.months import month_end, month_index

SEPARATORS = (",", "|", "\t")
TRAILER = "#TOTAL"
LINE_KEY = "line_key"
REASONS = "reasons"
OURS = ("", "line_no")  # names that no column of a lender may have in a frame
PERSONAL = frozenset({"obligor_id", "obligor_name"})

_REPAYMENT_NAME = re.compile(r"repayment_(\d{4})(0[1-9]|1[0-2]).*", re.IGNORECASE | re.DOTALL)
_LOANS_NAME = re.compile(r"loans.*", re.IGNORECASE | re.DOTALL)


class Cell(Enum):
    """How a column is read."""

    TEXT = "text"
    MONEY = "money"
    COUNT = "count"
    RATE = "rate"
    DATE = "date"
    STATUS = "status"


@dataclass(frozen=True)
class Column:
    """One column of a file; `may_be_empty` = an empty cell means unknown."""

    name: str
    cell: Cell
    may_be_empty: bool = False
    longest: int = 120


@dataclass(frozen=True)
class Layout:
    """The columns that a kind of file must have, and the one that its trailer sums."""

    columns: tuple[Column, ...]
    total_column: str

    @property
    def names(self) -> tuple[str, ...]:
        """Column names in the order of the format."""
        return tuple(column.name for column in self.columns)


LOANS = Layout(
    columns=(
        Column("loan_no", Cell.TEXT, longest=60),
        Column("obligor_id", Cell.TEXT, longest=60),
        Column("obligor_name", Cell.TEXT),
        Column("principal", Cell.MONEY),
        Column("rate", Cell.RATE),
        Column("term", Cell.COUNT),
        Column("disbursed_on", Cell.DATE),
        Column("maturity", Cell.DATE),
        Column("product", Cell.TEXT),
        Column("channel", Cell.TEXT),
        Column("branch", Cell.TEXT),
    ),
    total_column="principal",
)
REPAYMENTS = Layout(
    columns=(
        Column("loan_no", Cell.TEXT, longest=60),
        Column("as_of", Cell.DATE),
        Column("instalments_due", Cell.COUNT, may_be_empty=True),
        Column("instalments_overdue", Cell.COUNT),
        Column("days_overdue", Cell.COUNT),
        Column("due_on", Cell.DATE, may_be_empty=True),
        Column("due_amount", Cell.MONEY, may_be_empty=True),
        Column("paid_amount", Cell.MONEY, may_be_empty=True),
        Column("outstanding_principal", Cell.MONEY, may_be_empty=True),  # judged with the status
        Column("status", Cell.STATUS),
    ),
    total_column="outstanding_principal",
)
# Columns that hold words of ours and of the lender, and never a person's: shown as they are.
FREE_TEXT = frozenset({"loan_no", "product", "channel", "branch"})


@dataclass(frozen=True)
class FileIdentity:
    """What a file's name says: its layout, and the month of a repayment file."""

    layout: Layout
    month: dt.date | None


def identify(name: str) -> FileIdentity | None:
    """Tell a loans file and a month's repayment file by the name; `None` for any other name."""
    if match := _REPAYMENT_NAME.fullmatch(name):
        return FileIdentity(REPAYMENTS, dt.date(int(match[1]), int(match[2]), 1))
    if _LOANS_NAME.fullmatch(name):
        return FileIdentity(LOANS, None)
    return None


def choose_separator(header: str, wanted: Sequence[str]) -> str:
    """Return the separator under which the header line shows the most of the wanted columns."""
    return max(SEPARATORS, key=lambda sep: len({*_names(header.split(sep))} & {*wanted}))


def _names(cells: Sequence[str]) -> list[str]:
    return [cell.strip().strip('"').strip().lower() for cell in cells]


@dataclass(frozen=True)
class Header:
    """Column names of a file in its own order, and which of them nobody asked for.

    An ignored column goes by its place (`#12`) where its name is empty, ours or another's too.
    """

    names: tuple[str, ...]
    ignored: tuple[str, ...]


def read_header(line: str, separator: str, layout: Layout) -> Header:
    """Read the header line; order is free and further columns are ignored.

    Raises:
        ValueError: with the sentence for the user, when a column is missing or named twice.
    """
    names = _names(line.split(separator))
    missing = [name for name in layout.names if name not in names]
    if missing:
        raise ValueError(f"The file lacks the column {', '.join(missing)}; add it to the header.")
    wanted = {*layout.names, LINE_KEY, REASONS}
    twice = sorted({name for name in wanted if names.count(name) > 1})
    if twice:
        raise ValueError(f"The header names the column {', '.join(twice)} twice; keep one.")
    return Header(
        tuple(
            f"#{place}" if name in OURS or names.count(name) > 1 else name
            for place, name in enumerate(names, 1)
        ),
        tuple(name for name in names if name not in wanted),
    )


@dataclass(frozen=True)
class Trailer:
    """What the last line of a file declares: data rows, and the sum of the total column in yuan."""

    rows: int
    total: Decimal


def read_trailer(line: str, separator: str) -> Trailer:
    """Read `#TOTAL,rows,sum`; empty cells behind it are allowed.

    Raises:
        ValueError: with the sentence for the user, when it cannot be read.
    """
    try:
        cells = [cell.strip() for cell in next(csv.reader([line], delimiter=separator))]
        while len(cells) > 3 and not cells[-1]:
            cells.pop()
        _, rows, total = cells
        return Trailer(int(rows), Decimal(total.replace(",", "")))
    except (ValueError, InvalidOperation, csv.Error):
        raise ValueError(
            f"The last line “{line[:80]}” cannot be read;"
            f" write it as #TOTAL{separator}rows{separator}sum."
        ) from None


def term_matches(term: int, disbursed_on: dt.date, maturity_on: dt.date) -> bool:
    """Tell whether a term in months fits the dates, the day of maturity being in it or out."""
    months = month_index(maturity_on) - month_index(disbursed_on)
    return term in {months, months + (maturity_on == month_end(maturity_on))}
