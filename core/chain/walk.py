"""One pass over the links in their order, as the database holds them."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.db import connection, transaction

from core.canonical import canonical, instant
from core.digests import ALGORITHMS, NOTHING, digest

FORM = 1  # of the canonical content of a record
ROWS_AT_ONCE = 5000
_STATEMENT = """
SELECT l.number, l.record_id, l.previous, l.hash, r.id, r.stream, r.at, r.by_id, r.action,
       r.object_type, r.object_id, r.reason, r.detail::text, r.request, r.source, r.algorithm,
       r.digest, r.recorded_at, r.transaction
FROM core_chainlink l LEFT JOIN core_auditrecord r ON r.id = l.record_id
WHERE l.stream = %s AND l.number >= %s ORDER BY l.number, l.id
"""


@dataclass(frozen=True)
class BadRecord:
    """The first record that does not hold: its number in the chain, its id, and why."""

    stream: str
    number: int | None
    record_id: int | None
    why: str

    def __str__(self) -> str:
        number = "—" if self.number is None else self.number
        record = "—" if self.record_id is None else self.record_id
        return f"{self.stream}, number {number}, record {record}: {self.why}"


class Broken(Exception):
    """A link does not hold; `bad` says which."""

    def __init__(self, bad: BadRecord):
        super().__init__(str(bad))
        self.bad = bad


def content(row: tuple) -> dict[str, Any]:
    """Return what the digest of a record covers, from the ten columns `stream` … `source`."""
    stream, at, by, action, kind, pk, reason, detail, request, source = row
    return {
        "form": FORM,
        "stream": stream,
        "at": instant(at),
        "by": by,
        "action": action,
        "object_type": kind,
        "object_id": pk,
        "reason": reason,
        "detail": detail,
        "request": request,
        "source": source,
    }


def link_text(
    *, stream: str, number: int, previous: str, record_id: int, recorded_at: str,
    transaction_no: int, algorithm: str, record_digest: str,
) -> bytes:  # fmt: skip
    """Return the text whose hash a link is; the database's trigger writes the same."""
    return (
        f"xinbao-link-1\n{stream}\n{number}\n{previous}\n{record_id}\n{recorded_at}\n"
        f"{transaction_no}\n{algorithm}\n{record_digest}"
    ).encode()


def walk(*, stream: str, first: int = 1, previous: str = NOTHING) -> Iterator[tuple[int, str]]:
    """Yield number and hash of each link from `first` on that holds after the one before.

    Raises:
        Broken: at the first that does not hold.
    """
    awaited = first
    for row in _rows(stream, first):
        number, _, _, mine = row[:4]
        why = _why_bad(row, stream, awaited, previous)
        if why:
            bad_number = min(number, awaited)
            record_id = None if number > awaited else row[1]
            raise Broken(BadRecord(stream, bad_number, record_id, why))
        yield number, mine
        awaited, previous = number + 1, mine


def _rows(stream: str, first: int) -> Iterator[tuple]:
    with transaction.atomic(), connection.chunked_cursor() as cursor:
        cursor.execute(_STATEMENT, [stream, first])
        while rows := cursor.fetchmany(ROWS_AT_ONCE):
            yield from rows


def _why_bad(row: tuple, stream: str, awaited: int, previous: str) -> str:
    number, record_id, before, mine, found, *columns = row
    if number != awaited:
        return (
            f"missing: the next number is {number}"
            if number > awaited
            else "the number stands twice"
        )
    if found is None:
        return "the record is gone, its link is still there"
    *said, algorithm, record_digest, recorded_at, transaction_no = columns
    if algorithm not in ALGORITHMS:
        return f"an unknown hash: {algorithm}"
    said[7] = {} if said[7] == "{}" else json.loads(said[7])
    if digest(canonical(content(tuple(said))), algorithm=algorithm) != record_digest:
        return "the content differs from its digest"
    if before != previous:
        return "it does not follow the record before it"
    text = link_text(
        stream=stream, number=number, previous=before, record_id=record_id,
        recorded_at=instant(recorded_at), transaction_no=transaction_no,
        algorithm=algorithm, record_digest=record_digest,
    )  # fmt: skip
    return "" if digest(text, algorithm=algorithm) == mine else "the link differs from its hash"
