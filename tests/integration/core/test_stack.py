"""The embedded stack for real: started, killed, started again, stopped."""

import os
import shutil
import signal
import subprocess
import sys
import time

import psutil
import psycopg2
import pytest
import redis

from core.stack import embedded, postgres, schema
from core.stack.places import REPOSITORY, places_of

TOY = """
import sys
from core.stack.supervisor import Part, serve
page = (
    "import http.server as h\\n"
    "class Page(h.BaseHTTPRequestHandler):\\n"
    "    def do_GET(self): self.send_response(200); self.end_headers()\\n"
    "h.HTTPServer(('127.0.0.1', int(__import__('sys').argv[1])), Page).serve_forever()"
)
port = int(sys.argv[2])
web = Part("web", [sys.executable, "-c", page, str(port)])
serve(port=port, home=sys.argv[1], parts=[web], announce=lambda url: print(url, flush=True))
"""


@pytest.fixture(scope="module")
def outside():
    """The environment without the services of this test run."""
    names = ("DATABASE_URL", "REDIS_URL", "XINBAO_PG_UNSAFE")
    kept = {name: os.environ.pop(name) for name in names if name in os.environ}
    yield
    os.environ.update(kept)


@pytest.fixture(scope="module")
def home(tmp_path_factory, outside):
    folder = tmp_path_factory.mktemp("stack") / "home"
    embedded.up(home=folder)
    yield folder
    embedded.down(home=folder)
    shutil.rmtree(places_of(home=folder).run, ignore_errors=True)


def pids(home):
    return [each.pid for each in embedded.status(home=home)]


def query(home, *statements):
    connection = psycopg2.connect(embedded.urls(home=home).database_url)
    try:
        connection.autocommit = True
        with connection.cursor() as cursor:
            for statement in statements:
                cursor.execute(statement)
            return cursor.fetchall() if cursor.description else None
    finally:
        connection.close()


def test_up_again_starts_nothing_and_returns_at_once(home):
    embedded.up(home=home)
    before = pids(home)
    begun = time.monotonic()
    assert embedded.up(home=home) == embedded.urls(home=home)
    assert time.monotonic() - begun < 0.5
    assert pids(home) == before


def test_the_database_is_durable_and_knows_chinese(home):
    embedded.up(home=home)
    told = "SELECT current_setting('fsync'), current_setting('synchronous_commit')"
    assert query(home, told) == [("on", "on")]
    assert query(home, "SELECT lower('ÄÉ'), '中' ~ '[[:alpha:]]'") == [("äé", True)]
    assert query(home, "SHOW listen_addresses") == [("",)]


def test_both_services_answer_at_the_urls(home):
    found = embedded.up(home=home)
    client = redis.Redis.from_url(found.redis_url)
    assert client.ping() is True
    client.close()
    assert [str(each).split()[:2] for each in embedded.status(home=home)] == [
        ["postgresql", "running"],
        ["valkey", "running"],
    ]


def test_processes_that_start_at_once_share_one_pair_of_servers(home):
    embedded.down(home=home)
    code = (
        "import sys; from core.stack import embedded; embedded.up(home=sys.argv[1]);"
        "print([each.pid for each in embedded.status(home=sys.argv[1])])"
    )
    started = [
        subprocess.Popen(
            [sys.executable, "-c", code, str(home)], cwd=REPOSITORY, stdout=subprocess.PIPE
        )
        for _ in range(3)
    ]
    told = {process.communicate(timeout=60)[0].decode().strip() for process in started}
    assert told == {str(pids(home))}


def test_a_killed_database_comes_back_with_every_committed_row(home):
    embedded.up(home=home)
    query(home, "CREATE TABLE row_kept (n int)", "INSERT INTO row_kept VALUES (7)")
    os.kill(pids(home)[0], signal.SIGKILL)
    embedded.up(home=home)
    assert query(home, "SELECT n FROM row_kept") == [(7,)]


def test_a_stale_number_of_a_living_stranger_does_not_stop_the_start(home):
    embedded.down(home=home)
    places = places_of(home=home)
    (places.data / "postmaster.pid").write_text(f"{os.getpid()}\n{places.data}\n")
    (places.run / "valkey.pid").write_text(f"{os.getpid()}\n")
    embedded.up(home=home)
    assert postgres.ask(places=places) is postgres.State.READY


def test_down_stops_both_and_says_so(home):
    embedded.up(home=home)
    running = pids(home)
    assert [each.state for each in embedded.down(home=home)] == ["stopped", "stopped"]
    assert [embedded.daemons.is_running(pid=each, mark=str(home)) for each in running] == [
        False
    ] * 2
    assert [each.state for each in embedded.down(home=home)] == ["stopped", "stopped"]


def test_a_home_with_a_long_path_works(tmp_path, outside):
    home = tmp_path / ("长路径" * 20) / "home"
    places = places_of(home=home)
    try:
        embedded.up(home=home)
        assert query(home, "SELECT 1") == [(1,)]
        assert oct(places.run.stat().st_mode)[-3:] == "700"
    finally:
        embedded.down(home=home)
        shutil.rmtree(places.run)


def test_the_supervisor_restarts_what_dies_and_leaves_nobody_behind(home, unused_port):
    embedded.up(home=home)
    command = [sys.executable, "-c", TOY, str(home), str(unused_port)]
    serving = subprocess.Popen(
        command, cwd=REPOSITORY, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL
    )
    try:
        assert serving.stdout.readline().decode().strip() == f"http://127.0.0.1:{unused_port}/"
        (first,) = web_of(serving)
        first.kill()
        os.kill(pids(home)[0], signal.SIGKILL)
        second = wait_for(lambda: set(web_of(serving)) - {first})
        places = places_of(home=home)
        assert wait_for(lambda: postgres.ask(places=places) is postgres.State.READY)
        again = subprocess.run(command, cwd=REPOSITORY, capture_output=True, check=False)
        assert f"Process {serving.pid} already serves" in again.stderr.decode()
    finally:
        serving.kill()
        serving.wait()
        serving.stdout.close()
    assert wait_for(lambda: not any(is_alive(each) for each in second))


def test_a_migrated_database_costs_two_queries(db, django_assert_num_queries):
    with django_assert_num_queries(2):
        assert schema.bring_up_to_date() is False


def test_wrong_words_end_with_code_2_and_write_nothing_to_standard_output(tmp_path):
    done = subprocess.run(
        [sys.executable, "manage.py", "stack", "sideways"],
        cwd=REPOSITORY,
        env=os.environ | {"XINBAO_HOME": str(tmp_path)},
        capture_output=True,
        check=False,
    )
    assert (done.returncode, done.stdout) == (2, b"")


@pytest.fixture
def unused_port():
    import socket

    with socket.socket() as line:
        line.bind(("127.0.0.1", 0))
        return line.getsockname()[1]


def web_of(serving):
    """The web server alone: a database that the supervisor brought back is to outlive it."""
    children = psutil.Process(serving.pid).children()
    return [
        each for each in children if embedded.daemons.is_running(pid=each.pid, mark="http.server")
    ]


def is_alive(process):
    return process.is_running() and process.status() != psutil.STATUS_ZOMBIE


def wait_for(condition, seconds=15):
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        if found := condition():
            return found
        time.sleep(0.05)
    return condition()
