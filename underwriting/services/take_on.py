"""Take loans of a lender's file under cover. Source: PRE-25, PRE-02a-b, PRE-40a, HQ-44."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable

import polars as pl
from django.db import connection, transaction
from psycopg2.extras import execute_values

from core.bulk import copy_in
from core.encryption import keyed_digest
from parties.services import know_parties
from partners.models import LenderFile
from underwriting.enums import OBLIGOR_TYPE_UNKNOWN, UNRATED, NameKind
from underwriting.models import BookName
from underwriting.services.names import follow_names

_DIGESTED = (
    "loan_no", "obligor_id", "obligor_name", "principal", "rate", "term", "disbursed_on",
    "maturity", "product", "channel", "branch",
)  # fmt: skip


def digest_facts(*, lines: pl.DataFrame) -> pl.Series:
    """Return the keyed hash (hexadecimal) of each typed line, to tell an unchanged one."""
    rows = lines.select(_DIGESTED).iter_rows()
    return pl.Series(
        "facts_digest",
        [keyed_digest("\x1f".join(map(str, row)), purpose="loan facts").hex() for row in rows],
        dtype=pl.String,
    )


@transaction.atomic
def record_terms(*, file: LenderFile, lines: pl.DataFrame) -> pl.DataFrame:
    """Append the accepted lines of a loans file to the history of terms.

    `lines`: the typed columns of the format (amounts in fen) with `line_no` and `facts_digest`.
    They show only once `adopt_terms` has run. Returns the lines with `party_id` and `segment_id`.
    """
    names = dict(lines.select("obligor_id", "obligor_name").iter_rows())
    parties = know_parties(names_by_document=names, at=file.received_at)
    lines = lines.with_columns(
        party_id=pl.col("obligor_id").replace_strict(parties, return_dtype=pl.Int64)
    )
    lines = _with_segments(file, lines)
    copy_in(
        table="underwriting_loanterms",
        frame=lines.select(
            pl.lit(file.lender_id).alias("lender_id"),
            "loan_no",
            pl.col("party_id").alias("obligor_id"),
            (pl.col("principal").cast(pl.Decimal(20, 2)) / 100).cast(pl.Decimal(20, 2)),
            "rate",
            "term",
            "disbursed_on",
            pl.col("maturity").alias("maturity_on"),
            "segment_id",
            pl.lit(file.pk).alias("file_id"),
            "line_no",
            (pl.lit("\\x") + pl.col("facts_digest")).alias("facts_digest"),
        ),
    )
    return lines


def _with_segments(file: LenderFile, lines: pl.DataFrame) -> pl.DataFrame:
    for kind in NameKind:
        ids = _name_ids(kind, lines[kind.value].unique().to_list())
        lines = lines.with_columns(
            pl.col(kind.value).replace_strict(ids, return_dtype=pl.Int64).alias(f"{kind.value}_id")
        )
    keys = ["branch_id", "channel_id", "product_id", "disbursed_month"]
    lines = lines.with_columns(
        disbursed_month=pl.col("disbursed_on").dt.year().cast(pl.Int32) * 12
        + pl.col("disbursed_on").dt.month().cast(pl.Int32)
        - 1
    )
    ids = _segment_ids(file.lender_id, lines.select(keys).unique().rows())
    found = pl.DataFrame(
        [(*key, pk) for key, pk in ids.items()], schema=[*keys, "segment_id"], orient="row"
    ).with_columns(pl.col("disbursed_month").cast(pl.Int32))
    return lines.join(found, on=keys, how="left", maintain_order="left")


def _name_ids(kind: NameKind, names: Iterable[str]) -> dict[str, int]:
    names = sorted(names)
    known = dict(BookName.objects.filter(kind=kind, name__in=names).values_list("name", "pk"))
    fresh = [BookName(kind=kind, name=name) for name in names if name not in known]
    if fresh:
        BookName.objects.bulk_create(fresh, ignore_conflicts=True)
        known = dict(BookName.objects.filter(kind=kind, name__in=names).values_list("name", "pk"))
    return known


def _segment_ids(lender_id: int, keys: list[tuple[int, int, int, int]]) -> dict[tuple, int]:
    wanted = sorted(keys)
    with connection.cursor() as cursor:
        execute_values(
            cursor,
            "INSERT INTO underwriting_segment (lender_id, branch_id, channel_id, product_id,"
            " disbursed_month, grade, obligor_type, loans, disbursed_fen) VALUES %s"
            " ON CONFLICT DO NOTHING",
            [(lender_id, *key, UNRATED, OBLIGOR_TYPE_UNKNOWN, 0, 0) for key in wanted],
            page_size=5000,
        )
        cursor.execute(
            "SELECT branch_id, channel_id, product_id, disbursed_month, id"
            " FROM underwriting_segment WHERE lender_id = %s AND grade = %s AND obligor_type = %s",
            [lender_id, UNRATED, OBLIGOR_TYPE_UNKNOWN],
        )
        found = {tuple(row[:4]): row[4] for row in cursor.fetchall()}
    return {key: found[key] for key in wanted}


@transaction.atomic
def adopt_terms(*, file: LenderFile, at: dt.datetime) -> None:
    """Make the recorded terms of a loans file the present facts of its loans.

    New loans come under cover, known ones take the new terms; names that nobody has mapped get an
    unconfirmed mapping; the totals of the lender's segments are counted anew (F4).
    """
    with connection.cursor() as cursor:
        cursor.execute(_ADOPT, [file.pk])
        cursor.execute(_COUNT_SEGMENTS, {"lender": file.lender_id})
        cursor.execute(_MAP_NAMES, {"file": file.pk, "lender": file.lender_id})
        cursor.execute("ANALYZE underwriting_loan, underwriting_segment")
    follow_names(lender=file.lender, by=file.received_by, at=at)


_FACTS = (
    "lender_id, loan_no, obligor_id, principal, rate, term, disbursed_on, maturity_on,"
    " segment_id, file_id, line_no, facts_digest"
)
_ADOPT = f"""
INSERT INTO underwriting_loan ({_FACTS})
SELECT {_FACTS} FROM underwriting_loanterms WHERE file_id = %s ORDER BY line_no
ON CONFLICT (lender_id, loan_no) DO UPDATE SET
    obligor_id = EXCLUDED.obligor_id, principal = EXCLUDED.principal, rate = EXCLUDED.rate,
    term = EXCLUDED.term, disbursed_on = EXCLUDED.disbursed_on,
    maturity_on = EXCLUDED.maturity_on, segment_id = EXCLUDED.segment_id,
    file_id = EXCLUDED.file_id, line_no = EXCLUDED.line_no, facts_digest = EXCLUDED.facts_digest
"""
_COUNT_SEGMENTS = """
UPDATE underwriting_segment s
SET loans = coalesce(c.loans, 0), disbursed_fen = coalesce(c.fen, 0)
FROM underwriting_segment every
LEFT JOIN (
    SELECT segment_id, count(*) AS loans, (sum(principal) * 100)::bigint AS fen
    FROM underwriting_loan WHERE lender_id = %(lender)s GROUP BY segment_id
) c ON c.segment_id = every.id
WHERE s.id = every.id AND s.lender_id = %(lender)s
  AND (s.loans, s.disbursed_fen) IS DISTINCT FROM (coalesce(c.loans, 0), coalesce(c.fen, 0))
"""
_MAP_NAMES = """
INSERT INTO underwriting_namemapping (lender_id, book_name_id, valid_from, source)
SELECT DISTINCT %(lender)s::bigint, name.id, DATE '1900-01-01', ''
FROM underwriting_loanterms t
JOIN underwriting_segment s ON s.id = t.segment_id
JOIN underwriting_bookname name ON name.id IN (s.branch_id, s.channel_id, s.product_id)
WHERE t.file_id = %(file)s AND NOT EXISTS (
    SELECT FROM underwriting_namemapping m
    WHERE m.lender_id = %(lender)s AND m.book_name_id = name.id
)
"""
