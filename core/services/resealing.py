"""Seal every value anew under the current key, while others write.

Not one transaction: every batch is its own. A value is replaced only where it is still the one
that was read (compare and swap), so whoever writes meanwhile wins; the walk is repeated until it
finds nothing under another key. A job that was killed starts over and passes by what is done.
"""

from __future__ import annotations

import datetime as dt
import time
from collections.abc import Callable
from dataclasses import dataclass

import structlog
from django.conf import settings
from django.db import connection, transaction
from django.utils.translation import gettext as _
from psycopg2 import sql
from psycopg2.extras import execute_values

from core.encryption import (
    SealingKey,
    Unsealable,
    place_key,
    seal,
    sealed_head,
    sealing_under,
    unseal_bytes,
)
from core.encryption.texts import SealedTexts, sealed_texts
from core.models import KeyRotation
from core.selectors.keys import SealedColumn, sealed_columns, stale_values

log = structlog.get_logger(__name__)
BATCH = 500
PAUSE_SECONDS = 0.2
Heartbeat = Callable[..., None]


@dataclass
class Walk:
    """What one walk over all sealed columns found and did."""

    found: int = 0
    resealed: int = 0
    unreadable: int = 0


def reseal_all(*, rotation: KeyRotation, at: dt.datetime, heartbeat: Heartbeat) -> tuple[int, int]:
    """Seal every value under the rotation's key; return how many, and how many do not open.

    Other processes may go on under the key before for `FIELD_KEY_CACHE_SECONDS` after the
    decision; a walk that counts starts later than that.
    """
    under = SealingKey(rotation.key.key_id, rotation.key.cipher)
    resealed = 0
    settled_at = rotation.decided_at + dt.timedelta(seconds=settings.FIELD_KEY_CACHE_SECONDS + 1)
    waiting = max(0.0, (settled_at - at).total_seconds())
    end = time.monotonic() + waiting
    while True:
        is_settled = time.monotonic() >= end
        walk = _walk(under, resealed, heartbeat)
        resealed += walk.resealed
        if is_settled and walk.found == walk.unreadable:
            return resealed, walk.unreadable
        if not walk.resealed:
            time.sleep(PAUSE_SECONDS)  # others hold rows, or the old key is still in use


def _walk(under: SealingKey, before: int, heartbeat: Heartbeat) -> Walk:
    walk = Walk()
    for place in sealed_columns():
        last: object = None
        while rows := stale_values(place, under=under, after=last, at_most=BATCH):
            last = rows[-1][0]
            walk.found += len(rows)
            fresh = _sealed_anew(place, rows, under, walk)
            walk.resealed += _swap(place, fresh)
            heartbeat(
                done=before + walk.resealed,
                text=_("%(number)s values sealed anew") % {"number": before + walk.resealed},
            )
    for texts in sealed_texts():
        _reseal_texts(texts, under, walk)
    return walk


def _reseal_texts(texts: SealedTexts, under: SealingKey, walk: Walk) -> None:
    """Seal anew what stands inside tables of others; few values, one by one."""
    head, where = sealed_head(under), {"column": texts.column, "key": texts.key}
    for handle, old in texts.values():
        if old.startswith(head):
            continue
        walk.found += 1
        try:
            with sealing_under(under):
                fresh = seal(unseal_bytes(old, **where), **where)
        except Unsealable:
            walk.unreadable += 1
            log.warning("sealed_value_does_not_open", column=texts.column, row=str(handle))
        else:
            walk.resealed += texts.replace(handle, old, fresh)


def _sealed_anew(
    place: SealedColumn, rows: list[tuple], under: SealingKey, walk: Walk
) -> list[tuple[object, bytes, bytes]]:
    fresh = []
    with sealing_under(under):
        for pk, value, *identity in rows:
            old, where = bytes(value), {"column": place.column, "key": place_key(*identity)}
            try:
                fresh.append((pk, old, seal(unseal_bytes(old, **where), **where)))
            except Unsealable:
                walk.unreadable += 1
                log.warning("sealed_value_does_not_open", column=place.column, row=pk)
    return fresh


@transaction.atomic
def _swap(place: SealedColumn, fresh: list[tuple[object, bytes, bytes]]) -> int:
    """Replace each value that is still as it was read; return how many.

    Rows that somebody holds are left for the next walk: a rotation waits for nobody, so that it
    cannot be one half of a deadlock.
    """
    if not fresh:
        return 0
    table, column = place.column.split(".")
    names = {
        "t": sql.Identifier(table),
        "c": sql.Identifier(column),
        "k": sql.Identifier(place.model._meta.pk.column),
    }
    hold = sql.SQL("SELECT {k} FROM {t} WHERE {k} = ANY(%s) FOR NO KEY UPDATE SKIP LOCKED")
    swap = sql.SQL(
        "UPDATE {t} SET {c} = v.fresh FROM (VALUES %s) AS v(k, old, fresh)"
        " WHERE {t}.{k} = v.k AND {t}.{c} = v.old RETURNING 1"
    )
    with connection.cursor() as cursor:
        cursor.execute(hold.format(**names), [[pk for pk, _old, _fresh in fresh]])
        free = {row[0] for row in cursor.fetchall()}
        rows = [row for row in fresh if row[0] in free]
        if not rows:
            return 0
        # Append-only histories let a sealed column pass while this is set (parties_partyname).
        cursor.execute("SELECT set_config('xinbao.resealing', 'on', true)")
        done = execute_values(
            cursor.cursor,
            swap.format(**names).as_string(cursor.cursor),
            rows,
            template="(%s, %s::bytea, %s::bytea)",
            page_size=BATCH,
            fetch=True,
        )
    return len(done)
