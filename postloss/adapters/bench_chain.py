"""Verifying a long chain, and the limit: fetching the same rows and hashing their text."""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Callable

import polars as pl
from django.db import connection, transaction

from core.bulk import copy_in
from core.canonical import canonical, instant
from core.chain import verify_chain
from core.chain.walk import ROWS_AT_ONCE, STATEMENT, content
from core.digests import SHA256, digest

CHUNK = 20_000
FIRST_INSTANT = dt.datetime(2026, 1, 1, tzinfo=dt.UTC)


def append_records(*, rows: int, say: Callable[[str], None]) -> None:
    """Append so many audit records through the trigger, as services would have done."""
    for start in range(0, rows, CHUNK):
        frame = pl.DataFrame([_record(n) for n in range(start, min(start + CHUNK, rows))])
        with transaction.atomic():
            copy_in(table="core_auditrecord", frame=frame)
        if start % 200_000 == 0:
            say(f"{start} records")
    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE core_auditrecord, core_chainlink")


def _record(n: int) -> dict[str, str]:
    at = FIRST_INSTANT + dt.timedelta(seconds=n)
    detail = {"rows": n, "bucket": f"m{n % 4}", "unit": "北京分公司"}
    said = (
        "audit", at, None, f"bench.step_{n % 7}", "postloss.riskwarning", str(n % 5000),
        f"第 {n} 步：已核实", detail, f"r-{n}", "POST /warnings/1/disposal/ device 0a1b2c3d",
    )  # fmt: skip
    text = canonical(content(said))
    return {
        "stream": said[0],
        "at": instant(at),
        "action": said[3],
        "object_type": said[4],
        "object_id": said[5],
        "reason": said[6],
        "detail": canonical(detail).decode(),
        "request": said[8],
        "source": said[9],
        "algorithm": SHA256,
        "digest": digest(text, algorithm=SHA256),
    }


def fetch_and_hash(rows: int) -> None:
    """Do the least: fetch the same rows in the same order through the same cursor, hash each."""
    seen = 0
    with transaction.atomic(), connection.chunked_cursor() as cursor:
        cursor.execute(STATEMENT, ["audit", 1])
        while fetched := cursor.fetchmany(ROWS_AT_ONCE):
            for row in fetched:
                hashlib.sha256(f"{row[3]}{row[12]}".encode()).digest()
            seen += len(fetched)
    if seen != rows:
        raise AssertionError(f"{seen} rows instead of {rows}")


def verify(rows: int) -> None:
    """Verify the whole chain, as the command does."""
    report = verify_chain()
    if report.bad or report.checked != rows:
        raise AssertionError(f"{report.bad or report.checked}")
