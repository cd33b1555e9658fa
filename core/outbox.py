"""The outbox: what must be told to the outside is written with what caused it, and told after.

`put` writes a row in the caller's transaction; a relay, woken at the commit and by the beat, drives
each due row through the handler of its topic. Redis only wakes: what it forgets the next beat
finds. A row is driven by one process at a time (session lock, freed when its holder dies), so what
a dead one left is taken up at once. Handlers can be called twice for one row.
Source: architecture rule 7; safety.md R4, I6.
"""

from __future__ import annotations

import datetime as dt
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager, suppress

import structlog
from django.db import InterfaceError, OperationalError, connection, transaction
from django.utils import timezone

from core.invariants import SHOWN, Finding
from core.invariants import register as register_invariant
from core.models import OutboxEntry
from core.selectors.parameters import figure

log = structlog.get_logger(__name__)
LOCK = 0x4F5554  # "OUT": the name space of session locks on entries
MOST = 500  # entries one relay drives before it lets another go on

Handler = Callable[[OutboxEntry, dt.datetime], dt.datetime | None]
_handlers: dict[str, Handler] = {}


def register(topic: str, handler: Handler) -> None:
    """Name what drives entries of a topic; it returns when to try again, or nothing when done."""
    _handlers[topic] = handler


def put(*, topic: str, entries: Iterable[tuple[str, dt.datetime]], at: dt.datetime) -> None:
    """Write (subject, due at) into the outbox, and wake a relay at the commit."""
    fresh = [
        OutboxEntry(topic=topic, subject=subject, due_at=due_at, created_at=at)
        for subject, due_at in entries
    ]
    if not fresh:
        return
    OutboxEntry.objects.bulk_create(fresh, ignore_conflicts=True)
    if any(entry.due_at <= at for entry in fresh):
        transaction.on_commit(wake)


def wake() -> None:
    """Tell a worker that something waits. A dead Redis loses nothing: the beat asks again."""
    from celery import current_app
    from kombu.exceptions import OperationalError as Unreachable

    try:
        current_app.send_task("core.relay_outbox", retry=False)
    except (Unreachable, OSError) as failure:
        log.warning("relay_not_woken", failure=type(failure).__name__)


def relay(*, at: dt.datetime) -> int:
    """Drive what is due, oldest first; return how many entries that were."""
    due = OutboxEntry.objects.filter(done_at__isnull=True, due_at__lte=at)
    begun, driven = time.monotonic(), 0
    for pk in list(due.order_by("due_at", "pk").values_list("pk", flat=True)[:MOST]):
        with _held_alone(pk) as is_held:
            if is_held:
                driven += _drive(pk, at + dt.timedelta(seconds=time.monotonic() - begun))
    return driven


def _drive(pk: int, at: dt.datetime) -> bool:
    with transaction.atomic():
        entry = (
            OutboxEntry.objects.select_for_update(skip_locked=True)
            .filter(pk=pk, done_at__isnull=True, due_at__lte=at)
            .first()
        )
        if entry is None:
            return False
        entry.attempts += 1
        entry.save(update_fields=["attempts"])
    try:
        again = _handlers[entry.topic](entry, at)
    except (OperationalError, InterfaceError):
        raise  # the database went away: the next relay goes on
    except Exception:
        log.exception("outbox_entry_failed", entry=pk, topic=entry.topic)
        pause = int(figure(name="notify.backoff_seconds", as_of=timezone.localdate(at)))
        again = at + dt.timedelta(seconds=pause)
    OutboxEntry.objects.filter(pk=pk).update(
        done_at=at if again is None else None, due_at=again or entry.due_at
    )
    return True


@contextmanager
def _held_alone(pk: int) -> Iterator[bool]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_lock(%s, %s)", [LOCK, pk])
        is_held = cursor.fetchone()[0]
    try:
        yield is_held
    finally:
        if is_held:
            with suppress(OperationalError, InterfaceError), connection.cursor() as cursor:
                cursor.execute("SELECT pg_advisory_unlock(%s, %s)", [LOCK, pk])


def _is_drained(at: dt.datetime) -> Finding:
    """I6: nothing due has waited longer than the parameter says."""
    seconds = int(figure(name="notify.drain_seconds", as_of=timezone.localdate(at)))
    waiting = OutboxEntry.objects.filter(done_at__isnull=True)
    found = Finding(waiting.count())
    late = waiting.filter(due_at__lt=at - dt.timedelta(seconds=seconds))
    for pk, topic in late.values_list("pk", "topic")[:SHOWN]:
        found.note(f"outbox entry {pk} ({topic}) has waited longer than {seconds} s")
    return found


register_invariant("I6", _is_drained)
