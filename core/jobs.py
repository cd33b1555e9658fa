"""Long work: recorded in PostgreSQL with lease, fence and heartbeat; Redis only wakes a worker.

A body is a function `body(job, heartbeat) -> dict` registered under its kind by an app's `ready()`.
It is idempotent: a killed worker's job is driven again by the sweeper when its lease runs out.
Source: safety.md R1, R2, R4; architecture.md rule 7.
"""

from __future__ import annotations

import datetime as dt
import functools
import threading
from collections.abc import Callable
from contextlib import contextmanager, suppress
from typing import Any

import structlog
from django.conf import settings
from django.db import (
    IntegrityError,
    InterfaceError,
    OperationalError,
    connection,
    connections,
    transaction,
)
from django.db.models import F, Q
from django.utils.translation import gettext

from core import clock, origin
from core.enums import JobStatus
from core.errors import Conflict, DomainError
from core.events import JobFinished, job_finished
from core.masking import scrub
from core.models import Job

log = structlog.get_logger(__name__)
Heartbeat = Callable[..., None]
Body = Callable[[Job, Heartbeat], dict]
_bodies: dict[str, Body] = {}


class LeaseLost(Exception):
    """Another worker holds this job now; this one stops without writing."""


def register(kind: str, body: Body) -> None:
    """Name the body that does jobs of this kind."""
    _bodies[kind] = body


def enqueue(*, kind: str, key: str, title: str, payload: dict, by: Any, at: dt.datetime) -> Job:
    """Record a job and wake a worker after commit; an open job of the key is returned as it is."""
    try:
        with transaction.atomic():
            job = Job.objects.create(
                kind=kind, key=key, title=title, payload=payload, created_by=by, created_at=at
            )
    except IntegrityError:
        return Job.objects.get(kind=kind, key=key, status__in=[JobStatus.QUEUED, JobStatus.RUNNING])
    transaction.on_commit(functools.partial(wake, job.pk))
    return job


def wake(job_id: int) -> None:
    """Tell a worker that a job waits. A dead Redis loses nothing: the sweeper asks again."""
    from celery import current_app
    from kombu.exceptions import OperationalError

    try:
        current_app.send_task("core.run_job", kwargs={"job_id": job_id}, retry=False)
    except (OperationalError, OSError) as failure:
        log.warning("worker_not_woken", job_id=job_id, failure=type(failure).__name__)


def run_here(*, kind: str, key: str, title: str, payload: dict, by: Any, at: dt.datetime) -> Job:
    """Record a job and do it in this process (management commands need no worker).

    Raises:
        Conflict: another process holds the same work at this moment.
        DomainError: the body refused.
    """
    job = enqueue_silently(kind=kind, key=key, title=title, payload=payload, by=by, at=at)
    if not run(job.pk, reraise=True):
        raise Conflict(
            "job_held",
            gettext("“%(title)s” is being done by another process; try again soon.")
            % {"title": title},
        )
    job.refresh_from_db()
    return job


def enqueue_silently(**words: Any) -> Job:
    """Record a job without waking a worker."""
    open_job = Job.objects.filter(
        kind=words["kind"], key=words["key"], status__in=[JobStatus.QUEUED, JobStatus.RUNNING]
    ).first()
    if open_job:
        return open_job
    at, by = words.pop("at"), words.pop("by")
    return Job.objects.create(created_at=at, created_by=by, **words)


def _claim(job_id: int) -> Job | None:
    at = clock.now()
    claimed = (
        Job.objects.filter(pk=job_id)
        .filter(Q(status=JobStatus.QUEUED) | Q(status=JobStatus.RUNNING, lease_until__lt=at))
        .update(
            status=JobStatus.RUNNING,
            fence=F("fence") + 1,
            attempts=F("attempts") + 1,
            lease_until=at + dt.timedelta(seconds=settings.JOB_LEASE_SECONDS),
        )
    )
    return Job.objects.get(pk=job_id) if claimed else None


def _take_over_dead(job_id: int) -> Job | None:
    """Claim a job, even a leased one whose holder died: its advisory lock is free then."""
    claimed = _claim(job_id)
    if claimed:
        return claimed
    Job.objects.filter(pk=job_id, status=JobStatus.RUNNING).update(lease_until=clock.now())
    return _claim(job_id)


@contextmanager
def _held_alone(job_id: int):
    """Hold the job's session lock; PostgreSQL frees it the moment the holding process dies."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_lock(%s, %s)", [JOB_LOCK, job_id])
        held = cursor.fetchone()[0]
    try:
        yield held
    finally:
        if held:
            with suppress(OperationalError, InterfaceError), connection.cursor() as cursor:
                cursor.execute("SELECT pg_advisory_unlock(%s, %s)", [JOB_LOCK, job_id])


JOB_LOCK = 0x4A4F42  # "JOB": the name space of session locks on jobs


def run(job_id: int, *, reraise: bool = False) -> bool:
    """Do a job if it is free; return whether this process did it.

    Raises:
        DomainError: the body refused and `reraise` is set.
    """
    with _held_alone(job_id) as held:
        job = _take_over_dead(job_id) if held else None
        if job is None:
            return False
        heart = _Heart(job)
        with heart, origin.coming_from(request=f"job:{job.pk}", source=f"job {job.kind}"):
            try:
                result = _bodies[job.kind](job, heart.beat)
            except DomainError as refusal:
                _finish(job, JobStatus.REFUSED, message=scrub(refusal.message))
                if reraise:
                    raise
            except LeaseLost:
                log.warning("job_lease_lost", job_id=job.pk)
                return False
            except (OperationalError, InterfaceError):
                # The database went away: the lease runs out and the sweeper drives the job again.
                log.warning("job_left_for_later", job_id=job.pk, exc_info=True)
                if reraise:
                    raise
                return False
            except Exception as failure:
                words = gettext("%(failure)s: see the log.") % {"failure": type(failure).__name__}
                _finish(job, JobStatus.FAILED, message=words)
                log.exception("job_failed", job_id=job.pk, kind=job.kind)
                if reraise:
                    raise
            else:
                _finish(job, JobStatus.DONE, result=result)
        return True


@transaction.atomic
def _finish(job: Job, status: str, **fields: object) -> None:
    """Say how it ended, where the job is still this process's, and announce it."""
    at = clock.now()
    ended = Job.objects.filter(pk=job.pk, fence=job.fence).update(
        status=status, finished_at=at, lease_until=None, **fields
    )
    if ended:
        job_finished.send(Job, event=JobFinished(job_id=job.pk, status=status, at=at))


class _Heart:
    """Renews the lease from a thread of its own, on a connection of its own."""

    def __init__(self, job: Job):
        self.job = job
        self._stop = threading.Event()
        self._lost = threading.Event()
        self._progress: dict[str, object] = {}
        self._thread = threading.Thread(target=self._renew, daemon=True)

    def __enter__(self) -> None:
        self._thread.start()

    def __exit__(self, *_: object) -> None:
        self._stop.set()
        self._thread.join()

    def beat(self, *, done: int = 0, total: int = 0, text: str = "") -> None:
        """Note progress; stop the body when the lease was lost.

        Raises:
            LeaseLost: another worker took the job over.
        """
        if self._lost.is_set():
            raise LeaseLost
        self._progress = {"progress_done": done, "progress_total": total, "progress_text": text}

    def _renew(self) -> None:
        interval = min(1.0, settings.JOB_LEASE_SECONDS / 4)
        try:
            while not self._stop.wait(interval):
                lease = clock.now() + dt.timedelta(seconds=settings.JOB_LEASE_SECONDS)
                kept = Job.objects.filter(pk=self.job.pk, fence=self.job.fence).update(
                    lease_until=lease, **self._progress
                )
                if not kept and Job.objects.filter(pk=self.job.pk).exists():
                    self._lost.set()
                    return
        except Exception:
            log.exception("heartbeat_failed", job_id=self.job.pk)
        finally:
            connections.close_all()


def sweep(*, at: dt.datetime) -> int:
    """Wake workers for jobs that wait, went silent or lost their holder; return how many.

    PostgreSQL frees a dead holder's lock at once, so nobody need wait for its lease to run out.
    """
    waiting = Job.objects.filter(
        Q(status=JobStatus.QUEUED, created_at__lt=at - dt.timedelta(seconds=2))
        | Q(status=JobStatus.RUNNING, lease_until__lt=at)
        | (Q(status=JobStatus.RUNNING) & ~Q(pk__in=_held_now()))
    ).values_list("pk", flat=True)
    for job_id in waiting:
        wake(job_id)
    return len(waiting)


def _held_now() -> list[int]:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT l.objid::bigint FROM pg_locks l JOIN pg_database d ON d.oid = l.database"
            " WHERE l.locktype = 'advisory' AND l.classid = %s AND l.granted"
            " AND d.datname = current_database()",
            [JOB_LOCK],
        )
        return [row[0] for row in cursor.fetchall()]
