"""Frames in and out of PostgreSQL by COPY: the one way for millions of rows."""

from __future__ import annotations

import io
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Any, TypeVar

import polars as pl
from django.db import connection

T = TypeVar("T")


def copy_in(*, table: str, frame: pl.DataFrame, texts: Sequence[str] = ()) -> int:
    """Append a frame to a table, column names as in the frame; nulls become NULL.

    Text must not be empty (an empty cell is NULL in this form) but in the columns named in
    `texts`, which are never NULL. Returns the number of rows.
    """
    if not frame.height:
        return 0
    buffer = io.BytesIO()
    frame.write_csv(buffer, include_header=False)
    buffer.seek(0)
    columns = ", ".join(f'"{name}"' for name in frame.columns)
    kept = ", ".join(f'"{name}"' for name in texts)
    form = f"FORMAT csv, FORCE_NOT_NULL ({kept})" if kept else "FORMAT csv"
    with connection.cursor() as cursor:
        cursor.copy_expert(f'COPY "{table}" ({columns}) FROM STDIN ({form})', buffer)
    return frame.height


def copy_out(*, query: str, parameters: Sequence[Any], schema: dict[str, Any]) -> pl.DataFrame:
    """Return a query's rows as a frame with the given column types (`copy_in`'s mirror)."""
    buffer = io.BytesIO()
    with connection.cursor() as cursor:
        text = cursor.mogrify(query, parameters).decode()
        cursor.copy_expert(f"COPY ({text}) TO STDOUT (FORMAT csv)", buffer)
    if not buffer.tell():
        return pl.DataFrame(schema=schema)
    buffer.seek(0)
    return pl.read_csv(buffer, has_header=False, new_columns=list(schema), schema=schema)


def ahead(items: Iterator[T]) -> Iterator[T]:
    """Yield the items, making the next one in a thread while the caller works on the last.

    The thread must not touch the database: its connection would be another one.
    """
    end = object()
    with ThreadPoolExecutor(1) as thread:
        coming = thread.submit(next, items, end)
        while (item := coming.result()) is not end:
            coming = thread.submit(next, items, end)
            yield item
