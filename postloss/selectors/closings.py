"""The register of closings: versions, the files that counted, and what a restatement changed.

Source: HQ-44, POST-09c.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.db import connection
from django.db.models import Q

from core.models import Job
from core.money import from_fen
from core.months import month_text
from organization.enums import UnitKind
from organization.models import Unit
from partners.models import LenderFile
from postloss.enums import Dimension
from postloss.models import Figure, MonthEnd
from postloss.selectors.calendar import Calendar
from postloss.selectors.history import files_in_order
from postloss.selectors.places import BookPlace, Places, places_at
from postloss.selectors.portfolio import live_loans

KINDS = ("new", "gone", "bucket", "balance", "slice")


@dataclass(frozen=True, kw_only=True)
class RegisterLine:
    """A version with what the reader's unit holds in it; `later_files` came after it was closed."""

    month_end: MonthEnd
    figure: Figure | None
    is_latest: bool
    later_files: int

    @property
    def loans(self) -> int:
        """Number of live loans of the unit."""
        return live_loans(self.figure) if self.figure else 0


@dataclass(frozen=True, kw_only=True)
class Register:
    """Every closed version, newest first, and the months that wait for a closing."""

    lines: list[RegisterLine]
    open_months: list[dt.date]


def register_of(*, closed: Calendar, unit: Unit) -> Register:
    """Return the register as a unit sees it, in two queries."""
    figures = {
        figure.month_end_id: figure
        for figure in Figure.objects.filter(
            unit=unit, lender=None, dimension=Dimension.TOTAL, month_end__in=closed.versions
        )
    }
    files = list(files_in_order().values_list("month", "recorded_at"))
    latest = {row.pk for row in closed.latest()}
    lines = [
        RegisterLine(
            month_end=row,
            figure=figures.get(row.pk),
            is_latest=row.pk in latest,
            later_files=sum(
                month == row.month and recorded_at > row.known_at for month, recorded_at in files
            )
            if row.pk in latest
            else 0,
        )
        for row in closed.versions
    ]
    known = {row.month for row in closed.versions}
    return Register(lines=lines, open_months=sorted({month for month, _ in files} - known))


@dataclass(frozen=True, kw_only=True)
class MonthFile:
    """A complete file of the month; one that came later counts only in a later version."""

    file: LenderFile
    counted: bool


def files_of(*, month_end: MonthEnd) -> list[MonthFile]:
    """Return the month's own files in the order of their knowledge, those that came later too."""
    files = files_in_order().filter(month=month_end.month).select_related("lender")
    return [MonthFile(file=file, counted=file.recorded_at <= month_end.known_at) for file in files]


def closing_job(*, month: dt.date) -> Job | None:
    """Return the newest job that closes or restates a month."""
    jobs = Job.objects.filter(kind="close_month", key=month_text(month))
    return jobs.order_by("-created_at", "-pk").first()


@dataclass(frozen=True, kw_only=True)
class FigurePair:
    """A slice's figures in the version before and in this one; `None` is not there."""

    name: str
    before: Figure | None
    after: Figure | None

    @property
    def differs(self) -> bool:
        """Tell whether any amount or count of the two is not the same."""
        if self.before is None or self.after is None:
            return True
        return any(getattr(self.before, name) != getattr(self.after, name) for name in _COMPARED)


_COMPARED = (
    "m0", "m1", "m2", "m3", "tail_over_180", "n_m0", "n_m1", "n_m2", "n_m3", "n_tail",
    "n_not_reported", "roll_m0_1", "roll_m0_2",
)  # fmt: skip


def figure_pairs(*, before: MonthEnd, after: MonthEnd, unit: Unit) -> list[FigurePair]:
    """Return the unit's total and branches in two versions, total first; one query."""
    sides: dict[tuple[str, str], dict[int, Figure]] = {}
    for figure in Figure.objects.filter(
        Q(dimension=Dimension.TOTAL) | Q(dimension=Dimension.BRANCH),
        month_end__in=[before, after],
        unit=unit,
        lender=None,
    ):
        key = ("" if figure.dimension == Dimension.TOTAL else figure.value, figure.dimension)
        sides.setdefault(key, {})[figure.month_end_id] = figure
    return [
        FigurePair(name=name, before=side.get(before.pk), after=side.get(after.pk))
        for (name, _dimension), side in sorted(sides.items())
    ]


@dataclass(frozen=True, kw_only=True)
class LoanChange:
    """One loan in two versions. Yuan; `None` where the loan is not in that version."""

    kind: str
    loan_id: int
    loan_no: str
    branch: str
    before_bucket: int | None
    after_bucket: int | None
    before_balance: Decimal | None
    after_balance: Decimal | None
    before_line: tuple[int, int] | None
    after_line: tuple[int, int] | None

    @property
    def difference(self) -> Decimal:
        """Balance after less balance before, a missing one as nothing owed."""
        return (self.after_balance or Decimal(0)) - (self.before_balance or Decimal(0))


@dataclass(frozen=True, kw_only=True)
class KindCount:
    """How many loans changed in one way, and by how much in sum. Yuan."""

    kind: str
    loans: int
    difference: Decimal


_SIDE = """
    SELECT s.loan_id, s.bucket, s.balance_fen, s.segment_id, s.file_id, s.line_no
    FROM postloss_snapshot s {join} WHERE s.month_end_id = %({side})s {scope}
"""
_CHANGED = """
    SELECT coalesce(b.loan_id, a.loan_id) AS loan_id,
        CASE WHEN b.loan_id IS NULL THEN 'new' WHEN a.loan_id IS NULL THEN 'gone'
             WHEN a.bucket <> b.bucket THEN 'bucket'
             WHEN a.balance_fen <> b.balance_fen THEN 'balance' ELSE 'slice' END AS kind,
        b.bucket AS before_bucket, a.bucket AS after_bucket,
        b.balance_fen AS before_fen, a.balance_fen AS after_fen,
        b.file_id AS before_file, b.line_no AS before_line,
        a.file_id AS after_file, a.line_no AS after_line,
        coalesce(a.segment_id, b.segment_id) AS segment_id,
        coalesce(a.balance_fen, 0) - coalesce(b.balance_fen, 0) AS difference
    FROM ({before}) b FULL JOIN ({after}) a ON a.loan_id = b.loan_id
    WHERE a.loan_id IS NULL OR b.loan_id IS NULL OR a.bucket <> b.bucket
       OR a.balance_fen <> b.balance_fen OR a.segment_id <> b.segment_id
"""

_NAMED = """
    SELECT c.*, l.loan_no, n.name AS branch FROM ({part}) c
    JOIN underwriting_loan l ON l.id = c.loan_id JOIN underwriting_segment g ON g.id = c.segment_id
    JOIN underwriting_bookname n ON n.id = g.branch_id ORDER BY abs(c.difference) DESC, c.loan_id
"""


class Changes:
    """The loans that differ between two versions of a month, for one unit.

    Each side is narrowed to what the unit held in that version, so a loan that moved from one
    branch to another is gone here and new there.
    """

    def __init__(self, *, before: MonthEnd, after: MonthEnd, unit: Unit):
        places = None if unit.kind == UnitKind.HEAD_OFFICE else Places()
        sides = {
            "before": places_at(unit=unit, month_end=before, places=places),
            "after": places_at(unit=unit, month_end=after, places=places),
        }
        self._parameters: dict[str, Any] = {"before": before.pk, "after": after.pk}
        texts = {name: self._side(name, pairs) for name, pairs in sides.items()}
        self._query = _CHANGED.format(**texts)

    def _side(self, side: str, pairs: list[BookPlace] | None) -> str:
        if pairs is None:
            return _SIDE.format(side=side, join="", scope="")
        self._parameters[f"{side}_places"] = tuple(pairs) or ((0, 0),)
        return _SIDE.format(
            side=side,
            join="JOIN underwriting_segment g ON g.id = s.segment_id",
            scope=f"AND (g.lender_id, g.branch_id) IN %({side}_places)s",
        )

    def counts(self) -> list[KindCount]:
        """Return how many loans changed in which way; one query."""
        rows = self._rows(
            f"SELECT kind, count(*) AS loans, sum(difference) AS fen FROM ({self._query}) c"
            " GROUP BY kind"
        )
        by_kind = {row["kind"]: row for row in rows}
        return [
            KindCount(
                kind=kind,
                loans=by_kind[kind]["loans"],
                difference=from_fen(int(by_kind[kind]["fen"])),
            )
            for kind in KINDS
            if kind in by_kind
        ]

    def loans(self, *, kind: str = "", first: int = 0, count: int = 50) -> list[LoanChange]:
        """Return changed loans, the largest change first; one query."""
        where = "WHERE kind = %(kind)s" if kind else ""
        part = (
            f"SELECT * FROM ({self._query}) c {where}"
            " ORDER BY abs(difference) DESC, loan_id LIMIT %(count)s OFFSET %(first)s"
        )
        rows = self._rows(_NAMED.format(part=part), kind=kind, count=count, first=first)
        return [_loan_change(row) for row in rows]

    def all_loans(self, *, kind: str = "", at_most: int) -> Iterator[LoanChange]:
        """Yield the changed loans for an export."""
        yield from self.loans(kind=kind, count=at_most)

    def _rows(self, query: str, **more: object) -> list[dict[str, Any]]:
        with connection.cursor() as cursor:
            cursor.execute(query, self._parameters | more)
            names = [column[0] for column in cursor.description]
            return [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]


def _loan_change(row: dict[str, Any]) -> LoanChange:
    def yuan(name: str) -> Decimal | None:
        return None if row[name] is None else from_fen(row[name])

    def place(side: str) -> tuple[int, int] | None:
        file_id = row[f"{side}_file"]
        return None if file_id is None else (file_id, row[f"{side}_line"])

    return LoanChange(
        kind=row["kind"],
        loan_id=row["loan_id"],
        loan_no=row["loan_no"],
        branch=row["branch"],
        before_bucket=row["before_bucket"],
        after_bucket=row["after_bucket"],
        before_balance=yuan("before_fen"),
        after_balance=yuan("after_fen"),
        before_line=place("before"),
        after_line=place("after"),
    )
