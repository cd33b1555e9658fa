"""R4 and R5: Valkey killed and emptied, PostgreSQL killed under load. Source: safety.md R4, R5."""

import os
import random
import signal
import socket
import sys
import time

import pytest
import redis

from core.stack import postgres, valkey
from core.stack.health import is_healthy
from core.stack.places import places_of
from tests.faults.ground import LENDER, SEED, Ground, Process, compare, prepare, say, until

pytestmark = pytest.mark.faults
SECONDS_DOWN = 60
HEALTHY_SECONDS = 15


@pytest.fixture(scope="module")
def ground(tmp_path_factory):
    ground = Ground(tmp_path_factory.mktemp("services"), is_durable=True)
    yield ground
    ground.close()


@pytest.fixture(scope="module")
def known(ground):
    return prepare(ground)


def everything_done(states):
    return all(state == "done" for _, state, _ in states)


def upload(ground):
    ground.driver.upload(lender=LENDER, paths=[str(path) for path in ground.files])


def test_jobs_asked_for_while_redis_is_dead_run_afterwards(ground, known):
    with ground.case("empty") as database:
        worker = ground.worker(database)
        try:
            worker.wait_for("ready.")
            os.kill(valkey.pid(places=places_of(home=ground.home)), signal.SIGKILL)
            upload(ground)
            assert ground.driver.page(path="/healthz") == 200
            assert ground.driver.page(path="/login/") == 200
            time.sleep(SECONDS_DOWN)
            assert len(ground.driver.job_states()) == 3
            ground.manage("stack", "up")
            until(ground, everything_done, seconds=60)
            compare(ground, known["import"]["right"])
        finally:
            worker.kill()


def test_jobs_whose_wake_up_was_flushed_run_all_the_same(ground, known):
    with ground.case("empty") as database:
        upload(ground)
        client = redis.Redis.from_url(ground.urls.redis_url)
        client.flushall()
        client.close()
        worker = ground.worker(database)
        try:
            worker.wait_for("ready.")
            until(ground, everything_done)
            compare(ground, known["import"]["right"])
        finally:
            worker.kill()


def test_a_database_killed_under_load_keeps_every_acknowledged_write(ground, known):
    """With the real web server, worker and beat, kept alive by `manage.py serve`."""
    with socket.socket() as line:
        line.bind(("127.0.0.1", 0))
        port = line.getsockname()[1]
    chance = random.Random(SEED)  # noqa: S311
    places = places_of(home=ground.home)
    ground.driver.use("xinbao")
    serving = Process(
        [sys.executable, "manage.py", "serve", "--port", str(port)],
        ground.base,
    )
    try:
        serving.wait_for("http://")
        serving.wait_for("ready.")
        ground.driver.start_load(threads=4)
        upload(ground)
        for number in range(5):
            moment = chance.uniform(0.5, 3)
            say(f"seed {SEED}, PostgreSQL {number}: kill after {moment:.3f} s")
            time.sleep(moment)
            first = postgres.pid(places=places)
            os.kill(first, signal.SIGKILL)
            killed_at = time.monotonic()
            while not (postgres.pid(places=places) not in (None, first) and is_healthy(port=port)):
                assert time.monotonic() < killed_at + HEALTHY_SECONDS
                time.sleep(0.05)
            say(f"healthy after {time.monotonic() - killed_at:.1f} s")
        time.sleep(2)
        told = ground.driver.stop_load()
        say(f"{told['acked']} writes acknowledged, {told['failed']} failed")
        assert told["acked"] > 0
        assert told["failed"] > 0
        assert (told["lost"], told["unaudited"]) == ([], 0)
        until(ground, everything_done, seconds=60)
        compare(ground, known["import"]["right"])
    finally:
        os.kill(serving.running.pid, signal.SIGTERM)
        serving.end()
