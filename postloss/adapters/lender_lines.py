"""Judge the lines of a chunk: which are rejected, which are flagged, and why (all reasons).

Source: the two levels of findings of the lender file format; POST-09c.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

import polars as pl

from core.months import month_end
from postloss.adapters.lender_cells import Remarks, Typed, read_cells
from postloss.enums import FindingCode, RepaymentStatus
from postloss.rules.lender_files import LOANS, REPAYMENTS, term_matches

CLOSED = [int(RepaymentStatus.SETTLED), int(RepaymentStatus.WRITTEN_OFF)]
COUNTS = ("instalments_due", "instalments_overdue", "days_overdue")


@dataclass(frozen=True)
class Judged:
    """Typed lines with a mask of the rejected ones, and the remarks of both levels."""

    frame: pl.DataFrame
    is_rejected: pl.Series
    rejects: Remarks
    flags: Remarks


def judge_repayments(
    cells: pl.DataFrame,
    *,
    month: dt.date,
    repeated: frozenset[str],
    loans: pl.DataFrame,
    earlier: pl.DataFrame,
) -> Judged:
    """Judge repayment lines of a file of `month`.

    `loans` has `loan_no, loan_id, principal_fen, before_fen, before_on` of the lender's loans,
    `before_...` being the last balance known before the file's month; `earlier` has the rows in
    force within the month. The returned frame has these columns too; amounts in fen.
    """
    typed = read_cells(cells, REPAYMENTS)
    frame = _with_loans(typed.frame, loans)
    frame = _with_balance_within_month(frame, earlier)
    rejects = typed.rejects
    _reject_repeated(frame, repeated, rejects)
    rejects.note(
        frame["loan_id"].is_null() & frame["loan_no"].is_not_null(),
        FindingCode.UNKNOWN_LOAN,
        "loan_no",
    )
    closed = frame["status"].is_in(CLOSED).fill_null(value=False)
    _reject_amounts(frame, closed, rejects, typed.flags)
    as_of = frame["as_of"]
    rejects.note((as_of < month) | (as_of > month_end(month)), FindingCode.OUTSIDE_MONTH, "as_of")
    _reject_ageing(frame, rejects)
    closed_fen = pl.when(closed).then(0).otherwise(pl.col("outstanding_principal"))
    frame = frame.with_columns(outstanding_fen=closed_fen)
    _flag_ageing(frame, typed.flags)
    return Judged(frame, rejects.any_row(frame.height), rejects, typed.flags)


def _with_loans(lines: pl.DataFrame, loans: pl.DataFrame) -> pl.DataFrame:
    """Join what is known of the loans; the small side is hashed, for the book may be large."""
    named = loans.join(lines.select("loan_no"), on="loan_no", how="semi")
    return lines.join(named, on="loan_no", how="left", maintain_order="left")


def _with_balance_within_month(frame: pl.DataFrame, earlier: pl.DataFrame) -> pl.DataFrame:
    """Let an earlier as-of date of the same month come before the last one of the month before."""
    if not earlier.height:
        return frame
    within = earlier.select(
        "loan_id",
        "as_of",
        pl.col("outstanding_fen").alias("within_fen"),
        pl.col("as_of").alias("within_on"),
    ).sort("as_of")
    found = (
        frame.select("line_no", "loan_id", "as_of")
        .drop_nulls()
        .sort("as_of")
        .join_asof(
            within, on="as_of", by="loan_id", allow_exact_matches=False, check_sortedness=False
        )
        .select("line_no", "within_fen", "within_on")
    )
    return frame.join(found, on="line_no", how="left", maintain_order="left").with_columns(
        before_fen=pl.coalesce("within_fen", "before_fen"),
        before_on=pl.coalesce("within_on", "before_on"),
    )


def _reject_repeated(frame: pl.DataFrame, repeated: frozenset[str], rejects: Remarks) -> None:
    if repeated:
        mask = frame["loan_no"].is_in(list(repeated))
        rejects.note(mask, FindingCode.REPEATED, "loan_no")


def _reject_amounts(
    frame: pl.DataFrame, closed: pl.Series, rejects: Remarks, flags: Remarks
) -> None:
    balance = frame["outstanding_principal"]
    already = rejects.has("outstanding_principal", frame.height)
    rejects.note(
        balance.is_null() & ~closed & ~already, FindingCode.UNREADABLE, "outstanding_principal"
    )
    rejects.note((balance < 0) & ~closed, FindingCode.NEGATIVE, "outstanding_principal")
    flags.note((balance < 0) & closed, FindingCode.NEGATIVE_CLOSED, "outstanding_principal")
    for column in (*COUNTS, "due_amount", "paid_amount"):
        rejects.note(frame[column] < 0, FindingCode.NEGATIVE, column)


def _reject_ageing(frame: pl.DataFrame, rejects: Remarks) -> None:
    status, days = frame["status"], frame["days_overdue"]
    rejects.note(
        (status == RepaymentStatus.NORMAL) & (days > 0), FindingCode.NORMAL_WITH_DAYS, "status"
    )
    rejects.note(
        (status == RepaymentStatus.OVERDUE) & (days == 0),
        FindingCode.OVERDUE_WITHOUT_DAYS,
        "status",
    )
    rejects.note(
        (days == 0) != (frame["instalments_overdue"] == 0),
        FindingCode.DAYS_AGAINST_INSTALMENTS,
        "days_overdue",
    )


def _flag_ageing(frame: pl.DataFrame, flags: Remarks) -> None:
    status, balance = frame["status"], frame["outstanding_fen"]
    known = frame["before_fen"].is_not_null() & (frame["before_on"] < frame["as_of"])
    fell = frame["before_fen"] - balance
    flags.note(known & (fell < 0), FindingCode.BALANCE_GREW, "outstanding_principal")
    flags.note(
        balance > frame["principal_fen"], FindingCode.ABOVE_PRINCIPAL, "outstanding_principal"
    )
    flags.note(
        frame["instalments_overdue"] > frame["instalments_due"],
        FindingCode.MORE_OVERDUE_THAN_DUE,
        "instalments_overdue",
    )
    flags.note(
        (status == RepaymentStatus.OVERDUE) & (balance == 0),
        FindingCode.OVERDUE_AT_ZERO,
        "outstanding_principal",
    )
    written_off = (status == RepaymentStatus.WRITTEN_OFF).fill_null(value=False)
    flags.note(
        known & ~written_off & (fell > frame["paid_amount"]),
        FindingCode.FELL_MORE_THAN_PAID,
        "paid_amount",
    )


def judge_loans(cells: pl.DataFrame, *, repeated: frozenset[str], known: pl.DataFrame) -> Judged:
    """Judge loans lines. `known` has the lender's present `loan_no, before_principal_fen,
    before_disbursed_on, before_digest`; changes are flagged against it by the caller for obligors.
    """
    typed: Typed = read_cells(cells, LOANS)
    frame = _with_loans(typed.frame, known)
    rejects, flags = typed.rejects, typed.flags
    _reject_repeated(frame, repeated, rejects)
    for column in ("principal", "rate", "term"):
        rejects.note(frame[column] < 0, FindingCode.NEGATIVE, column)
    rejects.note(frame["rate"] > 1, FindingCode.RATE_ABOVE_ONE, "rate")
    rejects.note(frame["maturity"] < frame["disbursed_on"], FindingCode.MATURITY_BEFORE, "maturity")
    flags.note(~_term_fits(frame), FindingCode.TERM_AGAINST_DATES, "term")
    flags.note(
        frame["principal"] != frame["before_principal_fen"],
        FindingCode.CHANGED_PRINCIPAL,
        "principal",
    )
    flags.note(
        frame["disbursed_on"] != frame["before_disbursed_on"],
        FindingCode.CHANGED_DISBURSEMENT,
        "disbursed_on",
    )
    return Judged(frame, rejects.any_row(frame.height), rejects, flags)


def _term_fits(frame: pl.DataFrame) -> pl.Series:
    """Apply `term_matches` once per distinct (term, dates); null where a part is unknown."""
    keys = ["term", "disbursed_on", "maturity"]
    distinct = frame.select(keys).unique().drop_nulls()
    fits = [term_matches(*row) for row in distinct.iter_rows()]
    answers = distinct.with_columns(fits=pl.Series(fits, dtype=pl.Boolean))
    joined = frame.select(keys).join(answers, on=keys, how="left", maintain_order="left")
    return joined["fits"].fill_null(value=True)
