"""Reads of lender files for people: list, findings, one line, reconciliation."""

from __future__ import annotations

import csv
import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from itertools import islice
from typing import Any

import polars as pl
from django.db.models import Count, QuerySet
from django.utils.translation import gettext as _

from core import files
from core.bulk import copy_out
from core.errors import Missing
from core.models import Job
from core.money import from_fen
from core.months import add_months, month_end
from organization.enums import Permission, UnitKind
from organization.models import Staff
from organization.permissions import check, may
from organization.selectors import units_in_scope
from partners.enums import FileKind, FileState
from partners.models import LenderFile
from postloss.enums import FindingCode, FindingLevel, RepaymentStatus
from postloss.models import Finding, LoanStatus
from postloss.selectors.history import files_in_order, rows_in_force
from underwriting.models import Loan, NameMapping

SHOWN_EXCEPTIONS = 200


def files_for(*, staff: Staff) -> QuerySet[LenderFile]:
    """Return the lender files, newest first: they hold every branch, so head office sees them.

    Raises:
        NotPermitted: the person does not see the portfolio.
    """
    check(staff, Permission.VIEW_PORTFOLIO)
    found = LenderFile.objects.select_related("lender", "received_by", "stored")
    if staff.unit.kind != UnitKind.HEAD_OFFICE:
        return found.none()
    return found.order_by("-received_at", "-pk")


def file_for(*, staff: Staff, pk: int) -> LenderFile:
    """Return one lender file.

    Raises:
        Missing: there is none, or it is not the person's to see.
    """
    file = files_for(staff=staff).filter(pk=pk).first()
    if file is None:
        raise Missing("file_missing", _("There is no such file."))
    return file


def may_see_files(staff: Staff) -> bool:
    """Tell whether the person sees lender files."""
    return staff.unit.kind == UnitKind.HEAD_OFFICE and may(staff, Permission.VIEW_PORTFOLIO)


def job_of_file(*, file: LenderFile) -> Job | None:
    """Return the newest job that loads the file."""
    return (
        Job.objects.filter(kind="load_lender_file", key=str(file.pk))
        .order_by("-created_at", "-pk")
        .first()
    )


def findings_by_code(*, file: LenderFile) -> list[dict[str, Any]]:
    """Return level, code, column and lines of a file's findings with their words, rejects first."""
    found = (
        Finding.objects.filter(file=file)
        .values("level", "code", "column")
        .annotate(lines=Count("pk"))
    )
    rejects_first = {FindingLevel.REJECT: 0, FindingLevel.FLAG: 1}
    ordered = sorted(found, key=lambda each: (rejects_first[each["level"]], -each["lines"]))
    return [
        each
        | {
            "level_text": FindingLevel(each["level"]).label,
            "text": FindingCode(each["code"]).label,
        }
        for each in ordered
    ]


def findings_of(*, file: LenderFile, level: str = "", code: str = "") -> QuerySet[Finding]:
    """Return a file's findings by line, narrowed to a level or a code."""
    found = Finding.objects.filter(file=file)
    if level:
        found = found.filter(level=level)
    if code:
        found = found.filter(code=code)
    return found.order_by("line_no", "pk")


def line_of(*, staff: Staff, file_id: int, line_no: int) -> tuple[LenderFile, dict[str, str]]:
    """Return a line of a file by column name, for somebody who may see its loan.

    Raises:
        Missing: the file or line does not exist, or its loan is outside the person's scope.
    """
    check(staff, Permission.VIEW_PORTFOLIO)
    file = LenderFile.objects.select_related("lender", "stored").filter(pk=file_id).first()
    missing = Missing("line_missing", _("There is no such line."))
    if file is None or file.state != FileState.COMPLETE:
        raise missing
    if not may_see_files(staff) and not _line_in_scope(staff, file, line_no):
        raise missing
    cells = _cells_of_line(file, line_no)
    if cells is None:
        raise missing
    return file, cells


def _line_in_scope(staff: Staff, file: LenderFile, line_no: int) -> bool:
    if file.kind == FileKind.LOANS:
        loan = Loan.objects.filter(file=file, line_no=line_no)
    else:
        rows = LoanStatus.objects.filter(
            file=file, line_no=line_no, as_of__range=(file.month, month_end(file.month))
        )
        loan = Loan.objects.filter(pk__in=rows.values("loan_id"))
    return NameMapping.objects.filter(
        lender=file.lender,
        book_name_id__in=loan.values("segment__branch_id"),
        confirmed_at__isnull=False,
        unit__in=units_in_scope(staff=staff),
    ).exists()


def _cells_of_line(file: LenderFile, line_no: int) -> dict[str, str] | None:
    if not file.separator:
        return None
    lines = _lines(file)
    header = next(lines, None)
    line = next(islice(lines, line_no - 2, None), None) if line_no >= 2 else None
    if header is None or line is None:
        return None
    names, cells = (next(csv.reader([text], delimiter=file.separator)) for text in (header, line))
    return dict(zip((name.strip() for name in names), cells, strict=False))


def _lines(file: LenderFile) -> Iterator[str]:
    rest = b""
    for piece in files.pieces(file.stored):
        *whole, rest = (rest + piece).split(b"\n")
        yield from (line.decode(_encoding(file)).rstrip("\r") for line in whole)
    if rest:
        yield rest.decode(_encoding(file))


def _encoding(file: LenderFile) -> str:
    return "utf-8-sig" if file.encoding == "utf-8" else file.encoding


@dataclass(frozen=True)
class RollForward:
    """A lender's month from opening to closing balance in yuan, and the loans that do not fit.

    repaid = opening + disbursed + taken_on − written_off − not_reported − closing.
    `exceptions`: loan_no, opening, closing, repaid, paid (yuan), and what is odd.
    """

    opening: Decimal
    disbursed: Decimal
    taken_on: Decimal
    written_off: Decimal
    not_reported: Decimal
    closing: Decimal
    repaid: Decimal
    paid: Decimal
    n_negative: int
    n_above_paid: int
    exceptions: list[dict[str, Any]]


def roll_forward(*, file: LenderFile) -> RollForward | None:
    """Reconcile a repayment file's month with the month before; `None` without a month before.

    Loans whose principal repaid is negative, or above what was paid, are listed (first 200).
    Source: EVID-12, POST-09c.
    """
    before_month = add_months(file.month, -1)
    if not files_in_order().filter(lender=file.lender, month=before_month).exists():
        return None
    loans = _balances(file, before_month)
    total = {name: from_fen(int(loans[name].sum() or 0)) for name in _PARTS}
    odd = loans.filter((pl.col("repaid") < 0) | (pl.col("repaid") > pl.col("paid")))
    negative = odd.filter(pl.col("repaid") < 0).height
    shown = odd.sort(pl.col("repaid").abs(), descending=True).head(SHOWN_EXCEPTIONS)
    return RollForward(
        **total,
        n_negative=negative,
        n_above_paid=odd.height - negative,
        exceptions=[_exception(row) for row in shown.iter_rows(named=True)],
    )


_PARTS = (
    "opening", "disbursed", "taken_on", "written_off", "not_reported", "closing", "repaid", "paid",
)  # fmt: skip


def _balances(file: LenderFile, before_month: dt.date) -> pl.DataFrame:
    """Return the parts of the roll-forward per loan, in fen; unknown payments stay null."""
    live = [int(RepaymentStatus.NORMAL), int(RepaymentStatus.OVERDUE)]
    latest = ["loan_id", "status", "outstanding_fen", "paid_fen"]
    now, before = (
        rows_in_force(lender=file.lender, month=month)
        .sort("as_of")
        .unique("loan_id", keep="last")
        .select(latest)
        for month in (file.month, before_month)
    )
    before = before.filter(pl.col("status").is_in(live))
    both = before.rename({"outstanding_fen": "opening", "status": "before"}).join(
        now.rename({"paid_fen": "paid"}), on="loan_id", how="full", coalesce=True
    )
    both = both.join(_terms(file), on="loan_id", how="left")
    was, known = pl.col("opening").is_not_null(), pl.col("status").is_not_null()
    is_new = ~was & (pl.col("disbursed_on") >= file.month)
    opening = pl.col("opening").fill_null(0)
    closing = pl.when(pl.col("status").is_in(live)).then("outstanding_fen").otherwise(0)
    gone = pl.col("status") == int(RepaymentStatus.WRITTEN_OFF)
    return both.select(
        "loan_id",
        "loan_no",
        opening.alias("opening"),
        pl.when(is_new).then("principal_fen").otherwise(0).alias("disbursed"),
        pl.when(~was & ~is_new).then(closing).otherwise(0).alias("taken_on"),
        pl.when(known & gone).then(opening).otherwise(0).alias("written_off"),
        pl.when(~known).then(opening).otherwise(0).alias("not_reported"),
        pl.when(known).then(closing).otherwise(0).alias("closing"),
        "paid",
    ).with_columns(
        repaid=pl.col("opening") + pl.col("disbursed") + pl.col("taken_on")
        - pl.col("written_off") - pl.col("not_reported") - pl.col("closing")
    )  # fmt: skip


def _terms(file: LenderFile) -> pl.DataFrame:
    return copy_out(
        query="SELECT id, loan_no, (principal * 100)::bigint, disbursed_on FROM underwriting_loan"
        " WHERE lender_id = %s",
        parameters=[file.lender_id],
        schema={
            "loan_id": pl.Int64,
            "loan_no": pl.String,
            "principal_fen": pl.Int64,
            "disbursed_on": pl.Date,
        },
    )


def _exception(row: dict[str, Any]) -> dict[str, Any]:
    amounts = {
        name: None if row[name] is None else from_fen(row[name])
        for name in ("opening", "closing", "repaid", "paid")
    }
    return {"loan_id": row["loan_id"], "loan_no": row["loan_no"], **amounts}
