"""Lender files out of a few words, the commands that take them, and what they printed."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterable, Mapping
from pathlib import Path

from django.core.management import call_command
from django.core.management.base import CommandError

from postloss.rules.lender_files import LOANS, REPAYMENTS

LENDER, LENDER_NAME = "L01", "甲银行"
LOAN = {
    "loan_no": "A",
    "obligor_id": "11010519491231002X",
    "obligor_name": "张三",
    "principal": "100000.00",
    "rate": "0.0704",
    "term": "12",
    "disbursed_on": "2017-01-15",
    "maturity": "2018-01-15",
    "product": "汽车贷款",
    "channel": "普通",
    "branch": "北京",
}
ROW = {
    "loan_no": "A",
    "as_of": "2017-05-31",
    "instalments_due": "4",
    "instalments_overdue": "0",
    "days_overdue": "0",
    "due_on": "2017-05-15",
    "due_amount": "100.00",
    "paid_amount": "100.00",
    "outstanding_principal": "50000.00",
    "status": "正常",
}


def loan(loan_no: str = "A", **cells: str) -> dict[str, str]:
    """One good line of a loans file, changed where a word is given."""
    return LOAN | {"loan_no": loan_no} | cells


def row(loan_no: str = "A", **cells: str) -> dict[str, str]:
    """One good line of a repayment file of 2017-05 (正常), changed where a word is given."""
    return ROW | {"loan_no": loan_no} | cells


def late(loan_no: str = "A", days: int = 1, instalments: int = 1, **cells: str) -> dict[str, str]:
    """One good line of an overdue loan."""
    ageing = {"days_overdue": str(days), "instalments_overdue": str(instalments), "status": "逾期"}
    return row(loan_no, **(ageing | cells))


def text_of(
    rows: Iterable[Mapping[str, str]],
    columns: Iterable[str],
    *,
    separator: str = ",",
    newline: str = "\n",
    trailer: tuple[object, object] | None = None,
    ends_with_newline: bool = True,
) -> str:
    """The text of a file; a cell that holds the separator or a quote is quoted."""
    sink = io.StringIO()
    writer = csv.DictWriter(
        sink, [*columns], delimiter=separator, lineterminator=newline, extrasaction="ignore"
    )
    writer.writeheader()
    writer.writerows(rows)
    if trailer is not None:
        sink.write(separator.join(["#TOTAL", *map(str, trailer)]) + newline)
    return sink.getvalue() if ends_with_newline else sink.getvalue().removesuffix(newline)


class Folder:
    """A folder of lender files under pytest's `tmp_path`."""

    def __init__(self, path: Path):
        self.path = path

    def raw(self, name: str, content: str | bytes) -> Path:
        """Write a file exactly as given (text in UTF-8)."""
        target = self.path / name
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(content if isinstance(content, bytes) else content.encode())
        return target

    def loans(self, *rows: Mapping[str, str], name="loans.csv", encoding="utf-8", **how) -> Path:
        """Write a loans file."""
        columns = how.pop("columns", LOANS.names)
        return self.raw(name, text_of(rows, columns, **how).encode(encoding))

    def repayments(
        self,
        *rows: Mapping[str, str],
        month: str = "201705",
        tail: str = "",
        encoding: str = "utf-8",
        **how,
    ) -> Path:
        """Write the repayment file of a month; as-of dates move into it where none is given."""
        columns = how.pop("columns", REPAYMENTS.names)
        name = how.pop("name", f"repayment_{month}{tail}.csv")
        return self.raw(name, text_of(rows, columns, **how).encode(encoding))


def load_all(
    *paths: Path, lender: str = LENDER, words: Iterable[str] = ()
) -> tuple[list[dict], str]:
    """Load files; return the batches and the sentence of the refusal (empty: exit 0)."""
    out, err, refusal = io.StringIO(), io.StringIO(), ""
    try:
        call_command(
            "load_lender_files", *map(str, paths), "--lender", lender, "--create-lender",
            LENDER_NAME if lender == LENDER else f"银行{lender}", "--json", *words,
            stdout=out, stderr=err,
        )  # fmt: skip
    except CommandError as failure:
        refusal = str(failure)
    printed = out.getvalue()
    return (json.loads(printed)["batches"] if printed else []), refusal


def load(*paths: Path, lender: str = LENDER, words: Iterable[str] = ()) -> list[dict]:
    """Load files that must not be refused; return the batches."""
    batches, refusal = load_all(*paths, lender=lender, words=words)
    assert refusal == "", (refusal, batches)
    return batches


def load_one(path: Path, **how) -> dict:
    """Load one file that must not be refused; return its batch."""
    (batch,) = load(path, **how)
    return batch


def counts(batch: Mapping[str, object]) -> tuple[int, int, int, int, int]:
    """Rows, accepted, rejected, unchanged, flagged of a batch."""
    return tuple(batch[k] for k in ("rows", "accepted", "rejected", "unchanged", "flagged"))


def close(month: str, **words: str) -> list[dict]:
    """Close a month (or through another, or restate it); return what was printed of each."""
    out = io.StringIO()
    options = [each for key, value in words.items() for each in (f"--{key}", value)]
    call_command("close_month", month, "--json", *options, stdout=out, stderr=io.StringIO())
    return json.loads(out.getvalue())["months"]


def indicators_text(month: str, *words: str) -> str:
    """What `indicators` prints as CSV."""
    out = io.StringIO()
    call_command("indicators", month, "--format", "csv", *words, stdout=out, stderr=io.StringIO())
    return out.getvalue()


def indicators(month: str, *words: str) -> list[dict[str, str]]:
    """The printed lines of `indicators`, cells as text."""
    return list(csv.DictReader(io.StringIO(indicators_text(month, *words))))


def indicators_json(month: str, *words: str) -> list[dict[str, object]]:
    """What `indicators` prints as JSON."""
    out = io.StringIO()
    call_command("indicators", month, "--format", "json", *words, stdout=out, stderr=io.StringIO())
    return json.loads(out.getvalue())
