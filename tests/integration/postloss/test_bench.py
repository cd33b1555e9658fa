"""`bench`: one JSON line per measure, a database of its own, and nothing left behind."""

import json
import os
import signal
import subprocess
import sys
import time

import psycopg2
import pytest

from core.stack.places import REPOSITORY
from postloss.adapters.bench_book import write_book
from tests import databases

KEYS = ["name", "rows", "limit_s", "ours_s", "ratio", "peak_mb"]


def bench(*words, wait=True):
    # A shell that put the tests in the background has them, and all they start, ignore Ctrl-C.
    signal.signal(signal.SIGINT, signal.default_int_handler)
    run = subprocess.Popen(
        [sys.executable, "manage.py", "bench", *words],
        cwd=REPOSITORY,
        env=os.environ | {"BENCH_TEMPLATE": databases.template()},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    if not wait:
        return run
    out, words = run.communicate(timeout=600)
    assert scratch_databases(run.pid) == []
    return run.returncode, out, words


def scratch_databases(pid):
    """Return the databases of one run: another worker may measure at the same time."""
    session = psycopg2.connect(os.environ["DATABASE_URL"])
    try:
        with session.cursor() as cursor:
            cursor.execute(
                "SELECT datname FROM pg_database WHERE datname = %s", [f"xinbao_bench_{pid}"]
            )
            return [name for (name,) in cursor.fetchall()]
    finally:
        session.close()


@pytest.mark.parametrize(
    ("name", "measures"),
    [
        ("import", ["import"]),
        ("month_end", ["snapshot", "indicators"]),
        ("chain", ["chain"]),
    ],
)
def test_every_measure_is_one_line_of_numbers(name, measures):
    code, out, words = bench(name, "--rows", "1000", "--rounds", "1")
    assert code == 0, words
    lines = [json.loads(line) for line in out.splitlines()]
    assert [line["name"] for line in lines] == measures
    for line in lines:
        assert list(line) == KEYS
        assert line["rows"] == 1000
        assert all(isinstance(line[key], int | float) and line[key] > 0 for key in KEYS[1:])
        assert line["ratio"] == pytest.approx(line["ours_s"] / line["limit_s"], rel=0.01)


@pytest.mark.parametrize(
    ("words", "code"),
    [
        (["decision"], 1),
        (["backtest", "--rows", "5000"], 1),
        (["import", "--rows", "10"], 2),
        (["nonsense"], 2),
        ([], 2),
    ],
)
def test_what_cannot_be_measured_is_refused_without_data(words, code):
    ended, out, said = bench(*words)
    assert (ended, out) == (code, "")
    assert said.strip()


def test_an_interrupted_benchmark_drops_its_database():
    run = bench("import", "--rows", "200000", wait=False)
    deadline = time.monotonic() + 120
    while not scratch_databases(run.pid) and time.monotonic() < deadline:
        time.sleep(0.1)
    assert scratch_databases(run.pid)
    run.send_signal(signal.SIGINT)
    run.communicate(timeout=120)
    assert run.returncode == 130
    assert scratch_databases(run.pid) == []


def test_the_same_book_is_made_again(tmp_path):
    first = write_book(folder=tmp_path / "a", shares=(0.6, 0.4), rows=500)
    second = write_book(folder=tmp_path / "b", shares=(0.6, 0.4), rows=500)
    for one, other in zip(first, second, strict=True):
        for file in sorted(one.iterdir()):
            assert file.read_bytes() == (other / file.name).read_bytes()
