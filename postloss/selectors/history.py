"""Reads of what lenders said of their loans. Only rows of complete files are ever in force."""

from __future__ import annotations

import datetime as dt

import polars as pl
from django.db.models import QuerySet

from core.bulk import copy_out
from core.months import add_months, month_end
from partners.enums import FileKind, FileState
from partners.models import Lender, LenderFile

STATUS_FIELDS = {
    "loan_id": pl.Int64,
    "as_of": pl.Date,
    "status": pl.Int8,
    "days_overdue": pl.Int32,
    "instalments_overdue": pl.Int32,
    "instalments_due": pl.Int32,
    "due_on": pl.Date,
    "due_fen": pl.Int64,
    "paid_fen": pl.Int64,
    "outstanding_fen": pl.Int64,
}


def files_in_order(*, known_at: dt.datetime | None = None) -> QuerySet[LenderFile]:
    """Return the complete repayment files in the order in which we knew them."""
    files = LenderFile.objects.filter(kind=FileKind.REPAYMENTS, state=FileState.COMPLETE)
    if known_at is not None:
        files = files.filter(recorded_at__lte=known_at)
    return files.order_by("recorded_at", "pk")


def rows_in_force(*, lender: Lender, month: dt.date) -> pl.DataFrame:
    """Return the rows in force of a lender's loans in a month, one per (loan, as-of date).

    Columns: `STATUS_FIELDS`; empty where the lender has no complete file for the month.
    """
    file_ids = list(
        files_in_order().filter(lender=lender, month=month).values_list("pk", flat=True)
    )
    if not file_ids:
        return pl.DataFrame(schema=STATUS_FIELDS)
    return copy_out(
        query=f"SELECT {', '.join(STATUS_FIELDS)} FROM ({_LATEST}) r WHERE status > 0",
        parameters=[month, month_end(month), file_ids, file_ids],
        schema=STATUS_FIELDS,
    )


_LATEST = """
    SELECT DISTINCT ON (loan_id, as_of) * FROM postloss_loanstatus
    WHERE as_of BETWEEN %s AND %s AND file_id = ANY(%s)
    ORDER BY loan_id, as_of, array_position(%s::bigint[], file_id) DESC
"""
_ONE_FILE = """
    SELECT loan_id, outstanding_fen, as_of FROM postloss_loanstatus
    WHERE as_of BETWEEN %s AND %s AND file_id = %s AND status > 0
"""
_MANY_FILES = f"""
    SELECT DISTINCT ON (loan_id) loan_id, outstanding_fen, as_of FROM ({_LATEST}) r
    WHERE status > 0 ORDER BY loan_id, as_of DESC
"""
_BEFORE = {"loan_id": pl.Int64, "before_fen": pl.Int64, "before_on": pl.Date}


def balances_before(*, lender: Lender, month: dt.date) -> pl.DataFrame:
    """Return each loan's last balance known before the month: `loan_id, before_fen, before_on`."""
    earlier = files_in_order().filter(lender=lender, month__lt=month)
    newest = earlier.order_by("-month").values_list("month", flat=True).first()
    if newest is None:
        return pl.DataFrame(schema=_BEFORE)
    last = _newest_balances(earlier, newest)
    if earlier.filter(month__lt=newest).exists():
        gone = _silent_balances(lender, earlier, newest)
        last = pl.concat([last, gone.join(last, on="loan_id", how="anti")])
    return last


def _newest_balances(earlier: QuerySet[LenderFile], newest: dt.date) -> pl.DataFrame:
    file_ids = list(earlier.filter(month=newest).values_list("pk", flat=True))
    bounds = [newest, month_end(newest)]
    if len(file_ids) == 1:  # one file names a loan at most once
        query, parameters = _ONE_FILE, [*bounds, file_ids[0]]
    else:
        query, parameters = _MANY_FILES, [*bounds, file_ids, file_ids]
    return copy_out(query=query, parameters=parameters, schema=_BEFORE)


def _silent_balances(
    lender: Lender, earlier: QuerySet[LenderFile], newest: dt.date
) -> pl.DataFrame:
    """Return the last balances of loans that the newest file does not name but older ones do."""
    older = list(earlier.filter(month__lt=newest).values_list("pk", flat=True))
    return copy_out(
        query="SELECT l.id, r.outstanding_fen, r.as_of FROM underwriting_loan l"
        " CROSS JOIN LATERAL (SELECT * FROM ("
        "   SELECT DISTINCT ON (s.as_of) s.outstanding_fen, s.as_of, s.status"
        "   FROM postloss_loanstatus s WHERE s.loan_id = l.id AND s.as_of < %s"
        "   AND s.file_id = ANY(%s)"
        "   ORDER BY s.as_of DESC, array_position(%s::bigint[], s.file_id) DESC) v"
        "   WHERE v.status > 0 ORDER BY v.as_of DESC LIMIT 1) r"
        " WHERE l.lender_id = %s AND NOT EXISTS ("
        "   SELECT FROM postloss_loanstatus n WHERE n.loan_id = l.id AND n.as_of >= %s"
        "   AND n.as_of < %s)",
        parameters=[newest, older, older, lender.pk, newest, add_months(newest, 1)],
        schema=_BEFORE,
    )
