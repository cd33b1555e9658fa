"""Judged lines as rows: loan status, findings, rejected lines. All by COPY."""

from __future__ import annotations

import datetime as dt

import polars as pl
from django.db import connection

from core.bulk import copy_in
from core.masking import scrub
from core.months import add_months
from partners.models import LenderFile
from postloss.adapters.inspection import Source
from postloss.adapters.lender_cells import EMPTY_REMARKS
from postloss.adapters.lender_lines import Judged
from postloss.adapters.lender_text import LINE_NO, Chunk
from postloss.adapters.rejects_workbook import SURPLUS, mask_cell, seal_cells
from postloss.enums import FindingCode, FindingLevel
from postloss.models import RejectedLine
from postloss.rules.lender_files import PERSONAL

# A coarse sieve for millions of cells: ten digits, mail, Chinese; the fine one decides.
_MAY_BE_PERSONAL = r"(?:[0-9０-９][ －-]?){10}|@|[\x{3400}-\x{9fff}]"


def status_partition(month: dt.date) -> str:
    """Return the table that holds a month's loan status; made on first use."""
    name = f"postloss_loanstatus_{month:%Y%m}"
    with connection.cursor() as cursor:
        cursor.execute("SELECT to_regclass(%s)", [name])
        if cursor.fetchone()[0] is None:
            cursor.execute(
                f"CREATE TABLE IF NOT EXISTS {name} PARTITION OF postloss_loanstatus"
                " FOR VALUES FROM (%s) TO (%s)",
                [month, add_months(month, 1)],
            )
    return name


def write_status(file: LenderFile, lines: pl.DataFrame) -> None:
    """Append accepted repayment lines to the history of their loans."""
    frame = lines.select(
        "loan_id",
        "as_of",
        pl.lit(file.pk).alias("file_id"),
        LINE_NO,
        "status",
        "days_overdue",
        "instalments_overdue",
        "instalments_due",
        "due_on",
        pl.col("due_amount").alias("due_fen"),
        pl.col("paid_amount").alias("paid_fen"),
        "outstanding_fen",
    )
    copy_in(table=status_partition(file.month), frame=frame)


def write_findings(
    file: LenderFile, source: Source, chunk: Chunk, judged: Judged, accepted: pl.Series
) -> tuple[int, int]:
    """Write rejects with their reasons and flags of accepted lines; return (rejected, flagged)."""
    cells = chunk.frame
    rejects = judged.rejects.listed(cells, judged.is_rejected)
    flags = judged.flags.listed(cells, accepted)
    misfits = pl.DataFrame(
        [
            (line_no, FindingCode.COLUMN_COUNT.value, "", str(len(row)))
            for line_no, row in chunk.misfits
        ],
        schema=EMPTY_REMARKS.schema,
        orient="row",
    )
    _copy_findings(file, FindingLevel.REJECT, pl.concat([rejects, misfits]))
    _copy_findings(file, FindingLevel.FLAG, flags)
    rejected = cells.filter(judged.is_rejected)
    _keep_lines(file, source, rejected, chunk.misfits)
    return rejected.height + len(chunk.misfits), flags[LINE_NO].n_unique()


def _copy_findings(file: LenderFile, level: FindingLevel, found: pl.DataFrame) -> None:
    if not found.height:
        return
    found = _masked(found)
    copy_in(
        table="postloss_finding",
        frame=found.select(
            pl.lit(file.pk).alias("file_id"),
            LINE_NO,
            pl.lit(level.value).alias("level"),
            "code",
            "column",
            pl.col("value").str.replace_all(r"[\x00-\x1f]", " ").str.slice(0, 80),
        ).sort(LINE_NO, maintain_order=True),
    )


def _masked(found: pl.DataFrame) -> pl.DataFrame:
    """Mask the values of personal columns, and what looks personal in any other column."""
    is_personal = found["column"].is_in(list(PERSONAL))
    looks = found["value"].str.contains(_MAY_BE_PERSONAL).fill_null(value=False)
    if not (is_personal | looks).any():
        return found
    cells = found.select("column", "value", looked_at=is_personal | looks).iter_rows()
    masked = [mask_cell(column, value) if look else value for column, value, look in cells]
    return found.with_columns(value=pl.Series(masked, dtype=pl.String))


def _keep_lines(
    file: LenderFile, source: Source, rejected: pl.DataFrame, misfits: list[tuple[int, list[str]]]
) -> None:
    names = source.header.names
    kept = [
        (row[0], dict(zip(names, (cell or "" for cell in row[1:]), strict=True)))
        for row in rejected.select(LINE_NO, *names).iter_rows()
    ]
    for line_no, cells in misfits:
        spill = [f"{SURPLUS}{place}" for place in range(1, len(cells) - len(names) + 1)]
        kept.append((line_no, dict(zip([*names, *spill], cells, strict=False))))
    sealed = [
        (
            line_no,
            scrub(cells.get("loan_no", ""))[:60].replace("\x00", ""),
            "\\x" + seal_cells(file.pk, line_no, cells).hex(),
        )
        for line_no, cells in kept
    ]
    schema = {LINE_NO: pl.Int64, "loan_no": pl.String, "sealed_cells": pl.String}
    frame = pl.DataFrame(sealed, schema=schema, orient="row")
    copy_in(
        table=RejectedLine._meta.db_table,
        frame=frame.with_columns(pl.lit(file.pk).alias("file_id")),
    )


def write_withdrawals(file: LenderFile, rows: pl.DataFrame) -> None:
    """Append a withdrawal for each (loan, as-of date) that a replacement no longer names."""
    frame = rows.select(
        "loan_id",
        "as_of",
        pl.lit(file.pk).alias("file_id"),
        *(pl.lit(0).alias(name) for name in _ZERO_WHEN_WITHDRAWN),
    )
    copy_in(table=status_partition(file.month), frame=frame)


_ZERO_WHEN_WITHDRAWN = (
    LINE_NO,
    "status",
    "days_overdue",
    "instalments_overdue",
    "outstanding_fen",
)
