"""Frames in and out of PostgreSQL by COPY: the one way for millions of rows."""

from __future__ import annotations

import io
from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Any, TypeVar

import polars as pl
from django.db import connection
from django.db.models import Model
from psycopg2.extras import execute_values

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


def update_rows(*, rows: Iterable[Model], fields: Sequence[str]) -> None:
    """Write these fields of rows of one model with one statement, as they stand in the objects.

    What `bulk_update` does, but joined to the values: there each column asks for each row whether
    it is the one, so that many rows of many fields take time with the square of their number.
    """
    rows = list(rows)
    if not rows:
        return
    meta = rows[0]._meta
    columns = [meta.pk, *(meta.get_field(name) for name in fields)]
    values = [
        [
            field.get_db_prep_save(getattr(row, field.attname), connection=connection)
            for field in columns
        ]
        for row in rows
    ]
    table, key = (connection.ops.quote_name(name) for name in (meta.db_table, meta.pk.column))
    types = [field.rel_db_type(connection) for field in columns[:1]]
    types += [field.db_type(connection) for field in columns[1:]]
    names = [connection.ops.quote_name(field.column) for field in columns]
    changes = ", ".join(f"{name} = v.{name}" for name in names[1:])
    with connection.cursor() as cursor:
        execute_values(
            cursor,
            f"UPDATE {table} t SET {changes} FROM (VALUES %s) AS v ({', '.join(names)})"  # noqa: S608 (names of our own)
            f" WHERE t.{key} = v.{key}",
            values,
            template=f"({', '.join(f'%s::{kind}' for kind in types)})",
            page_size=len(values),
        )


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
