"""Jobs: one open per key, one holder at a time, finished once. Source: safety.md R1, R2, R4."""

import datetime as dt
import threading

import psycopg2
import pytest
from django.db import connection

from core import clock, jobs
from core.enums import JobStatus
from core.errors import Conflict, RuleBroken
from core.jobs import LeaseLost, enqueue_silently, run, run_here, sweep
from core.models import Job

pytestmark = pytest.mark.django_db
KIND = "test_work"
SECOND = dt.timedelta(seconds=1)


@pytest.fixture
def body(monkeypatch):
    """Register a body for the kind of these tests."""

    def _register(work):
        monkeypatch.setitem(jobs._bodies, KIND, work)

    return _register


def words(key="1", **more):
    return {"kind": KIND, "key": key, "title": f"work {key}", "payload": {}, "by": None} | more


def job_of(**fields):
    return Job.objects.create(
        **{"kind": KIND, "key": "1", "title": "work", "created_at": clock.now()} | fields
    )


@pytest.fixture
def stranger():
    """Another session of the same database."""
    settings = connection.get_connection_params()
    names = ("dbname", "user", "password", "host", "port")
    session = psycopg2.connect(**{name: settings[name] for name in names if settings.get(name)})
    session.autocommit = True
    yield session
    session.close()


def test_a_job_is_done_here_and_its_result_is_kept(body):
    body(lambda job, beat: {"seen": job.payload["n"]})
    job = run_here(**words(payload={"n": 7}), at=clock.now())
    assert (job.status, job.result, job.attempts) == (JobStatus.DONE, {"seen": 7}, 1)
    assert job.finished_at is not None
    assert job.lease_until is None


def test_a_refusal_is_kept_as_refused_and_told(body):
    def refuse(job, beat):
        raise RuleBroken("no", "It may not be.")

    body(refuse)
    with pytest.raises(RuleBroken):
        run_here(**words(), at=clock.now())
    assert Job.objects.values_list("status", "message").get() == ("refused", "It may not be.")


def test_a_failure_names_its_kind_and_no_secret(body):
    def fail(job, beat):
        raise ZeroDivisionError("张三 11010519491231002X")

    body(fail)
    job = job_of()
    assert run(job.pk)
    job.refresh_from_db()
    assert job.status == JobStatus.FAILED
    assert job.message.startswith("ZeroDivisionError")
    assert "张三" not in job.message


def test_an_open_job_of_the_same_key_is_the_same_job(body):
    first = enqueue_silently(**words(), at=clock.now())
    assert enqueue_silently(**words(), at=clock.now()) == first
    assert enqueue_silently(**words("2"), at=clock.now()) != first


def test_a_finished_job_makes_way_for_another_of_its_key(body):
    body(lambda job, beat: {})
    first = run_here(**words(), at=clock.now())
    assert run_here(**words(), at=clock.now()) != first


def test_a_finished_job_is_not_done_again(body):
    body(lambda job, beat: {})
    job = run_here(**words(), at=clock.now())
    assert run(job.pk) is False
    job.refresh_from_db()
    assert job.attempts == 1


def test_work_that_another_session_holds_is_left_to_it(body, stranger):
    body(lambda job, beat: {})
    job = job_of()
    with stranger.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_lock(%s, %s)", [jobs.JOB_LOCK, job.pk])
    assert run(job.pk) is False
    with pytest.raises(Conflict):
        run_here(**words(), at=clock.now())
    with stranger.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_unlock_all()")
    assert run(job.pk) is True


def test_a_job_whose_holder_died_is_taken_over_at_once(body):
    body(lambda job, beat: {})
    job = job_of(
        status=JobStatus.RUNNING, fence=3, attempts=1, lease_until=clock.now() + 60 * SECOND
    )
    assert run(job.pk) is True
    job.refresh_from_db()
    assert (job.status, job.fence, job.attempts) == (JobStatus.DONE, 4, 2)


def test_a_holder_that_lost_its_lease_writes_nothing(body):
    def overtaken(job, beat):
        Job.objects.filter(pk=job.pk).update(fence=job.fence + 1)
        return {"late": True}

    body(overtaken)
    job = job_of()
    run(job.pk)
    job.refresh_from_db()
    assert (job.status, job.result) == (JobStatus.RUNNING, None)


def test_a_body_that_lost_its_lease_stops(body):
    def stopped(job, beat):
        raise LeaseLost

    body(stopped)
    job = job_of()
    assert run(job.pk) is False
    job.refresh_from_db()
    assert job.status == JobStatus.RUNNING


def test_no_lock_and_no_thread_is_left_behind(body, stranger):
    body(lambda job, beat: {})
    before = threading.active_count()
    job = run_here(**words(), at=clock.now())
    assert threading.active_count() == before
    with stranger.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_lock(%s, %s)", [jobs.JOB_LOCK, job.pk])
        assert cursor.fetchone() == (True,)


def test_the_sweeper_wakes_what_waits_went_silent_or_lost_its_holder(monkeypatch, stranger):
    woken = []
    monkeypatch.setattr(jobs, "wake", woken.append)
    now = clock.now()
    waits = job_of(key="waits", created_at=now - 5 * SECOND)
    job_of(key="fresh", created_at=now)
    silent = job_of(key="silent", status=JobStatus.RUNNING, lease_until=now - SECOND)
    runs = job_of(key="runs", status=JobStatus.RUNNING, lease_until=now + SECOND)
    orphan = job_of(key="orphan", status=JobStatus.RUNNING, lease_until=now + SECOND)
    with stranger.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_lock(%s, %s)", [jobs.JOB_LOCK, runs.pk])
    job_of(key="done", status=JobStatus.DONE, finished_at=now, created_at=now - 5 * SECOND)
    assert sweep(at=now) == 3
    assert sorted(woken) == sorted([waits.pk, silent.pk, orphan.pk])


def test_percent_never_passes_a_hundred():
    done_of_total = ((0, 0), (1, 3), (9, 3))
    percents = [
        Job(progress_done=done, progress_total=all_).percent for done, all_ in done_of_total
    ]
    assert percents == [0, 33, 100]
