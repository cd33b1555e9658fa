"""The snapshot of a month as SQL: one statement into a standalone table, then attached.

Source: POST-09c, HQ-01, HQ-02, HQ-44; the month-end rules of the contract for lender files.
"""

from __future__ import annotations

from dataclasses import dataclass

from django.db import connection
from django.db.backends.utils import CursorWrapper

from core.months import month_end
from postloss.enums import Bucket
from postloss.models import MonthEnd
from postloss.rules.buckets import DAY_BOUNDS, INSTALMENT_BOUNDS
from postloss.selectors.history import files_in_order

BUCKET_BY_DAYS = (
    f"CASE WHEN r.days_overdue <= {DAY_BOUNDS[0]} THEN 0 WHEN r.days_overdue <= {DAY_BOUNDS[1]}"
    f" THEN 1 WHEN r.days_overdue <= {DAY_BOUNDS[2]} THEN 2"
    f" WHEN r.days_overdue <= {DAY_BOUNDS[3]} THEN 3 ELSE 4 END"
)
_BY_INSTALMENTS = (
    f"CASE WHEN r.days_overdue > {DAY_BOUNDS[3]} THEN 4"
    f" WHEN r.instalments_overdue <= {INSTALMENT_BOUNDS[0]} THEN 0"
    f" WHEN r.instalments_overdue <= {INSTALMENT_BOUNDS[1]} THEN 1"
    f" WHEN r.instalments_overdue <= {INSTALMENT_BOUNDS[2]} THEN 2 ELSE 3 END"
)
_ROW = (
    "loan_id, as_of, file_id, line_no, status, days_overdue, instalments_overdue, paid_fen,"
    " outstanding_fen"
)


@dataclass(frozen=True)
class KnownFiles:
    """Complete files in the order in which we knew them, as of a month-end's knowledge."""

    alone: list[int]  # the only file of its lender for the month
    together: list[int]  # one of several of its lender for the month
    every: list[int]  # of the month and all months before
    late: list[int]  # of months before, known only after the last closing


def known_files(month_end_row: MonthEnd, closed_before: MonthEnd | None) -> KnownFiles:
    """Sort the files that count for a month-end."""
    files = files_in_order(known_at=month_end_row.known_at).filter(month__lte=month_end_row.month)
    of_month: dict[int, list[int]] = {}
    every, late = [], []
    for pk, lender_id, month, recorded_at in files.values_list(
        "pk", "lender_id", "month", "recorded_at"
    ):
        every.append(pk)
        if month == month_end_row.month:
            of_month.setdefault(lender_id, []).append(pk)
        elif closed_before is None or recorded_at > closed_before.known_at:
            late.append(pk)
    alone = [ids[0] for ids in of_month.values() if len(ids) == 1]
    together = [pk for ids in of_month.values() if len(ids) > 1 for pk in ids]
    return KnownFiles(alone, together, every, late)


def build_snapshot(
    month_end_row: MonthEnd, closed_before: MonthEnd | None, *, has_instalment_basis: bool
) -> None:
    """Fill and attach the partition of a month-end version, in the caller's transaction."""
    known = known_files(month_end_row, closed_before)
    table = partition_of(month_end_row.pk)
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL work_mem = '512MB'")
        cursor.execute("DROP TABLE IF EXISTS missing_loan")
        cursor.execute(
            f"CREATE TABLE {table} (LIKE postloss_snapshot INCLUDING CONSTRAINTS,"
            f" CONSTRAINT {table}_one CHECK (month_end_id = {month_end_row.pk}))"
        )
        parameters = _parameters(month_end_row, closed_before, known)
        cursor.execute(_reported(table, month_end_row, known, has_instalment_basis), parameters)
        if closed_before is not None or known.late:
            cursor.execute(_missing(table, closed_before, known), parameters)
            cursor.execute("ANALYZE missing_loan")
            cursor.execute(_not_reported(table, month_end_row), parameters)
        cursor.execute(f"ALTER TABLE {table} ADD PRIMARY KEY (month_end_id, loan_id)")
        _attach(cursor, "postloss_snapshot", table, month_end_row)
        _count_cells(cursor, table, month_end_row)


def _count_cells(cursor: CursorWrapper, snapshot: str, row: MonthEnd) -> None:
    """Sum the loans once by segment and move, for everything that groups them later."""
    table = cells_of(row.pk)
    cursor.execute(f"CREATE TABLE {table} (LIKE postloss_cell)")
    cursor.execute(
        f"""
        INSERT INTO {table} (month_end_id, segment_id, before_bucket, bucket, loans, balance_fen,
            before_fen, differs)
        SELECT {row.pk}, segment_id, before_bucket, bucket, count(*), sum_whole(balance_fen),
            sum_whole(before_fen), count(*) FILTER (WHERE basis_differs)
        FROM {snapshot} GROUP BY segment_id, before_bucket, bucket
        """
    )
    _attach(cursor, "postloss_cell", table, row)


def _attach(cursor: CursorWrapper, whole: str, table: str, row: MonthEnd) -> None:
    cursor.execute(f"ALTER TABLE {whole} ATTACH PARTITION {table} FOR VALUES IN ({row.pk})")
    cursor.execute(f"ANALYZE {table}")


def partition_of(month_end_id: int) -> str:
    """Return the table that holds the loans of a month-end version."""
    return f"postloss_snapshot_{int(month_end_id)}"


def cells_of(month_end_id: int) -> str:
    """Return the table that holds the cells of a month-end version."""
    return f"postloss_cell_{int(month_end_id)}"


def _parameters(
    row: MonthEnd, closed_before: MonthEnd | None, known: KnownFiles
) -> dict[str, object]:
    return {
        "id": row.pk,
        "first": row.month,
        "last": month_end(row.month),
        "alone": known.alone,
        "together": known.together,
        "every": known.every,
        "late": known.late,
        "one_before": row.one_before_id,
        "closed_before": closed_before and closed_before.pk,
    }


def _rows_of_month(known: KnownFiles) -> str:
    """One row per loan: its latest as-of date in the month, in the version in force."""
    parts = []
    if known.alone:
        parts.append(
            f"SELECT {_ROW} FROM postloss_loanstatus WHERE as_of BETWEEN %(first)s AND %(last)s"
            " AND file_id = ANY(%(alone)s::bigint[]) AND status > 0"
        )
    if known.together:
        in_force = (
            f"SELECT DISTINCT ON (loan_id, as_of) {_ROW} FROM postloss_loanstatus"
            " WHERE as_of BETWEEN %(first)s AND %(last)s"
            " AND file_id = ANY(%(together)s::bigint[])"
            " ORDER BY loan_id, as_of, array_position(%(together)s::bigint[], file_id) DESC"
        )
        parts.append(
            f"(SELECT DISTINCT ON (loan_id) {_ROW} FROM ({in_force}) f WHERE status > 0"
            " ORDER BY loan_id, as_of DESC)"
        )
    return " UNION ALL ".join(parts)


def _before(row: MonthEnd) -> tuple[str, str]:
    """Where each loan stood one calendar month before, if that month is closed."""
    if row.one_before_id is None:
        return "NULL::bigint, NULL::smallint", ""
    table = partition_of(row.one_before_id)
    return "b.balance_fen, b.bucket", f"LEFT JOIN {table} b ON b.loan_id = r.loan_id"


def _reported(
    table: str,
    row: MonthEnd,
    known: KnownFiles,
    has_instalment_basis: bool,
) -> str:
    columns, join = _before(row)
    before_fen, before_bucket = columns.split(", ")
    basis, place = BUCKET_BY_DAYS, ""
    if has_instalment_basis:
        basis = f"CASE WHEN p.by_instalments THEN {_BY_INSTALMENTS} ELSE {BUCKET_BY_DAYS} END"
        place = "JOIN segment_place p ON p.segment_id = l.segment_id"
    return f"""
    INSERT INTO {table} (month_end_id, loan_id, segment_id, file_id, balance_fen, before_fen,
        paid_fen, line_no, as_of, days_overdue, instalments_overdue, bucket, before_bucket,
        basis_differs)
    SELECT %(id)s, r.loan_id, l.segment_id, r.file_id,
        CASE WHEN r.status <= 2 THEN r.outstanding_fen ELSE 0 END, {before_fen}, r.paid_fen,
        r.line_no, r.as_of, r.days_overdue, r.instalments_overdue,
        CASE r.status WHEN 3 THEN {Bucket.SETTLED} WHEN 4 THEN {Bucket.WRITTEN_OFF}
             ELSE {basis} END,
        {before_bucket}, r.status <= 2 AND {BUCKET_BY_DAYS} <> {_BY_INSTALMENTS}
    FROM ({_rows_of_month(known)}) r
    JOIN underwriting_loan l ON l.id = r.loan_id {place} {join}
    """


def _missing(table: str, closed_before: MonthEnd | None, known: KnownFiles) -> str:
    """Loans that may be live and have no row in the month, as a table of their own.

    Its statistics tell the planner how many there are to be looked up.
    """
    candidates = []
    if closed_before is not None:
        candidates.append(
            f"SELECT loan_id FROM {partition_of(closed_before.pk)}"
            f" WHERE bucket <= {Bucket.TAIL} OR bucket = {Bucket.NOT_REPORTED}"
        )
    if known.late:
        candidates.append(
            "SELECT loan_id FROM postloss_loanstatus"
            " WHERE as_of < %(first)s AND file_id = ANY(%(late)s::bigint[])"
        )
    return f"""
    CREATE TEMPORARY TABLE missing_loan ON COMMIT DROP AS
    SELECT DISTINCT c.loan_id FROM ({" UNION ALL ".join(candidates)}) c
    WHERE NOT EXISTS (SELECT FROM {table} t WHERE t.loan_id = c.loan_id)
    """


def _not_reported(table: str, row: MonthEnd) -> str:
    """Missing loans whose latest row is live (their last balance)."""
    columns, join = _before(row)
    before_fen, before_bucket = columns.split(", ")
    return f"""
    INSERT INTO {table} (month_end_id, loan_id, segment_id, file_id, balance_fen, before_fen,
        paid_fen, line_no, as_of, days_overdue, instalments_overdue, bucket, before_bucket,
        basis_differs)
    WITH latest AS MATERIALIZED (
        SELECT r.*
        FROM missing_loan c
        CROSS JOIN LATERAL (
            SELECT * FROM (
                SELECT DISTINCT ON (s.as_of) {_ROW} FROM postloss_loanstatus s
                WHERE s.loan_id = c.loan_id AND s.as_of < %(first)s
                  AND s.file_id = ANY(%(every)s::bigint[])
                ORDER BY s.as_of DESC, array_position(%(every)s::bigint[], s.file_id) DESC
            ) v WHERE v.status > 0 ORDER BY v.as_of DESC LIMIT 1
        ) r
    )
    SELECT %(id)s, r.loan_id, l.segment_id, r.file_id, r.outstanding_fen, {before_fen}, NULL,
        r.line_no, r.as_of, r.days_overdue, r.instalments_overdue, {Bucket.NOT_REPORTED},
        {before_bucket}, false
    FROM latest r
    JOIN underwriting_loan l ON l.id = r.loan_id {join}
    WHERE r.status <= 2
    """
