"""How the lines of each kind of lender file are judged and kept. Source: POST-09c, HQ-44."""

from __future__ import annotations

import datetime as dt
from typing import Protocol

import polars as pl

from core import clock
from parties.selectors import ids_by_document
from partners.enums import FileState
from partners.models import LenderFile
from postloss.adapters.inspection import Source
from postloss.adapters.lender_lines import Judged, judge_loans, judge_repayments
from postloss.adapters.lender_rows import write_status, write_withdrawals
from postloss.adapters.lender_text import LINE_NO, Chunk
from postloss.enums import FindingCode
from postloss.models import RejectedLine
from postloss.selectors.history import STATUS_FIELDS, balances_before, rows_in_force
from underwriting.selectors.loans import facts_of_lender, loans_of_lender
from underwriting.services.take_on import adopt_terms, digest_facts, record_terms


class Loader(Protocol):
    """What loading needs of each kind of file."""

    source: Source
    judges_alone: bool  # without the database, so that a thread may do it

    def judge(self, cells: pl.DataFrame) -> tuple[Judged, pl.Series]:
        """Return the judged lines, and a mask of those that change nothing."""

    def write(self, lines: pl.DataFrame) -> None:
        """Append accepted lines."""

    def latest_date(self, judged: Judged) -> dt.date | None:
        """Return the latest as-of date of the lines that are not rejected."""

    def finish(self) -> None:
        """Do what is left once every line is written."""


def lines_to_try(file: LenderFile) -> list[int] | None:
    """Return the lines that the last load of the same content rejected; `None`: try every line."""
    before = (
        LenderFile.objects.filter(
            lender_id=file.lender_id,
            kind=file.kind,
            month=file.month,
            stored__sha256=file.stored.sha256,
            state=FileState.COMPLETE,
        )
        .order_by("-recorded_at", "-pk")
        .first()
    )
    if before is None or file.is_replacement:
        return None
    return list(RejectedLine.objects.filter(file=before).values_list("line_no", flat=True))


def _taken_before(cells: pl.DataFrame, try_only: list[int] | None) -> pl.Series:
    if try_only is None:
        return pl.repeat(value=False, n=cells.height, eager=True)
    return ~cells[LINE_NO].is_in(try_only)


class RepaymentsLoader:
    """Repayment lines become the status history of their loans."""

    judges_alone = True

    def __init__(self, *, file: LenderFile, source: Source, repeated: frozenset[str]):
        self.file, self.source, self.repeated = file, source, repeated
        self._try_only = lines_to_try(file)
        loans = loans_of_lender(lender=file.lender)
        before = balances_before(lender=file.lender, month=file.month)
        self._loans = loans.join(before, on="loan_id", how="left")
        self._in_force = rows_in_force(lender=file.lender, month=file.month)

    def judge(self, cells: pl.DataFrame) -> tuple[Judged, pl.Series]:
        """Judge a chunk; a line equal to what is in force changes nothing."""
        judged = judge_repayments(
            cells,
            month=self.file.month,
            repeated=self.repeated,
            loans=self._loans,
            earlier=self._in_force,
        )
        same = self._equals_in_force(judged.frame) | _taken_before(cells, self._try_only)
        return judged, same & ~judged.is_rejected

    def _equals_in_force(self, frame: pl.DataFrame) -> pl.Series:
        if not self._in_force.height:
            return pl.repeat(value=False, n=frame.height, eager=True)
        keys = ["loan_id", "as_of"]
        ours = frame.rename({"due_amount": "due_fen", "paid_amount": "paid_fen"})
        now = self._in_force.with_columns(is_known=pl.lit(value=True))
        both = ours.join(now, on=keys, how="left", suffix="_now", maintain_order="left")
        return both.select(
            pl.col("is_known").fill_null(value=False)
            & pl.all_horizontal(
                pl.col(name).eq_missing(pl.col(f"{name}_now"))
                for name in STATUS_FIELDS
                if name not in keys
            )
        ).to_series()

    def write(self, lines: pl.DataFrame) -> None:
        """Append accepted lines to the history."""
        write_status(self.file, lines)

    def latest_date(self, judged: Judged) -> dt.date | None:
        """Return the latest as-of date of the lines that are not rejected."""
        return judged.frame.filter(~judged.is_rejected)["as_of"].max()

    def finish(self) -> None:
        """Withdraw what a replacement no longer names."""
        if self.file.is_replacement and self._in_force.height:
            self._withdraw()

    def _withdraw(self) -> None:
        """Withdraw the other loans of the dates that the file replaces.

        A rejected line replaces nothing: its loan keeps what was in force.
        """
        gone = self._in_force
        dates: set[dt.date] = set()
        for chunk in self.source.chunks():
            if isinstance(chunk, Chunk):
                judged, _ = self.judge(chunk.frame)
                dates |= set(judged.frame.filter(~judged.is_rejected)["as_of"])
                named = judged.frame.select("loan_id", "as_of").drop_nulls()
                gone = gone.join(named, on=["loan_id", "as_of"], how="anti")
        write_withdrawals(self.file, gone.filter(pl.col("as_of").is_in(dates)))


class LoansLoader:
    """Loans lines become the history of terms, then the present facts of the loans."""

    judges_alone = False

    def __init__(self, *, file: LenderFile, source: Source, repeated: frozenset[str]):
        self.file, self.source, self.repeated = file, source, repeated
        self._try_only = lines_to_try(file)
        self._known = facts_of_lender(lender=file.lender)

    def judge(self, cells: pl.DataFrame) -> tuple[Judged, pl.Series]:
        """Judge a chunk; a line equal to the present facts changes nothing."""
        judged = judge_loans(cells, repeated=self.repeated, known=self._known)
        good = judged.frame.filter(~judged.is_rejected)
        digests = good.select(LINE_NO).with_columns(digest_facts(lines=good))
        frame = judged.frame.join(digests, on=LINE_NO, how="left", maintain_order="left")
        same = (frame["facts_digest"] == frame["before_digest"]).fill_null(value=False)
        same |= _taken_before(cells, self._try_only)
        judged = Judged(frame, judged.is_rejected, judged.rejects, judged.flags)
        self._flag_obligors(judged, ~judged.is_rejected & ~same)
        return judged, same & ~judged.is_rejected

    def _flag_obligors(self, judged: Judged, accepted: pl.Series) -> None:
        known = accepted & judged.frame["loan_id"].is_not_null()
        if known.any():
            changed = obligors_changed(judged.frame.filter(known))
            judged.flags.note(
                judged.frame[LINE_NO].is_in(changed), FindingCode.CHANGED_OBLIGOR, "obligor_id"
            )

    def write(self, lines: pl.DataFrame) -> None:
        """Append accepted lines to the history of terms."""
        if lines.height:
            record_terms(file=self.file, lines=lines)

    def latest_date(self, judged: Judged) -> None:
        """A loans file has no as-of date."""

    def finish(self) -> None:
        """Adopt the terms."""
        adopt_terms(file=self.file, at=clock.now())


def obligors_changed(lines: pl.DataFrame) -> list[int]:
    """Return the line numbers whose obligor is another identity than the loan has now."""
    ids = ids_by_document(numbers=lines["obligor_id"].unique().to_list())
    party = lines["obligor_id"].replace_strict(ids, default=None, return_dtype=pl.Int64)
    return lines.filter(party.fill_null(-1) != lines["obligor_id_known"])[LINE_NO].to_list()
