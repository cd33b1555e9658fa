"""A home of its own with embedded services, a small book of many chunks, and things to kill."""

import json
import os
import random
import shutil
import signal
import subprocess
import sys
import threading
import time
from contextlib import contextmanager, suppress
from urllib.parse import urlsplit

from core.stack import embedded
from core.stack.places import REPOSITORY, places_of
from postloss.adapters.bench_book import write_book
from tests import databases

ROWS = 1000
CHUNK_BYTES = 8192  # about 110 lines
RECOVERY_SECONDS = 30
SEED = int(os.environ.get("FAULT_SEED", "20260302"))
LENDER = "BANK0"
LOAN_FILE, *MONTH_FILES = ("loans.csv", "repayment_201801.csv", "repayment_201802.csv")


class Ground:
    """One home; a fresh database for every case, cloned in a moment."""

    def __init__(self, folder, *, is_durable=False):
        self.home = folder / "home"
        self.number = 0
        stranger = ("DATABASE_URL", "REDIS_URL", "FILES_ROOT", "XINBAO_PG_UNSAFE", "XINBAO_MODE")
        self.base = {name: text for name, text in os.environ.items() if name not in stranger}
        self.base |= {
            "XINBAO_HOME": str(self.home),
            "LENDER_CHUNK_BYTES": str(CHUNK_BYTES),
            "PYTHONUNBUFFERED": "1",
            "LOG_LEVEL": "WARNING",
        }
        if not is_durable:
            self.base["XINBAO_PG_UNSAFE"] = "1"
        self.manage("stack", "up")
        databases.furnish(self.home)
        self.urls = embedded.urls(home=self.home)
        (self.book,) = write_book(folder=folder / "book", shares=(1.0,), rows=ROWS)
        self.files = [self.book / name for name in (LOAN_FILE, *MONTH_FILES)]
        self.driver = Driver(self.environment("xinbao"))
        self.driver.clone("empty", "xinbao")
        self.driver.drop("case_none")

    def close(self):
        self.driver.close()
        self.manage("stack", "down")
        shutil.rmtree(places_of(home=self.home).run, ignore_errors=True)

    def environment(self, database):
        url = urlsplit(self.urls.database_url)
        return self.base | {
            "DATABASE_URL": url._replace(path=f"/{database}").geturl(),
            "REDIS_URL": self.urls.redis_url,
        }

    def manage(self, *words, **options):
        return subprocess.run(
            [sys.executable, "manage.py", *map(str, words)],
            cwd=REPOSITORY,
            env=options.pop("env", self.base),
            capture_output=True,
            text=True,
            check=True,
            **options,
        )

    @contextmanager
    def case(self, template):
        """A clone of a template for one case; everything is thrown away afterwards."""
        self.number += 1
        name = f"case_{self.number}"
        self.driver.clone(name, template)
        try:
            yield name
        finally:
            self.driver.drop(name)

    def command(self, words, database):
        return Process([sys.executable, "manage.py", *map(str, words)], self.environment(database))

    def worker(self, database):
        celery = [sys.executable, "-m", "celery", "-A", "config", "worker", "--concurrency", "1"]
        flags = ["--loglevel", "INFO", "--without-gossip", "--without-mingle"]
        return Process([*celery, *flags], self.environment(database) | {"LOG_LEVEL": "INFO"})


class Process:
    """A process group of ours whose words are read as they come."""

    def __init__(self, command, environment):
        self.words: list[str] = []
        self._news = threading.Condition()
        self.running = subprocess.Popen(
            command,
            cwd=REPOSITORY,
            env=environment,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            start_new_session=True,
        )
        self._reader = threading.Thread(target=self._read, daemon=True)
        self._reader.start()

    def _read(self):
        for line in self.running.stdout:
            with self._news:
                self.words.append(line.rstrip())
                self._news.notify_all()
        with self._news:
            self.words.append("(ended)")
            self._news.notify_all()

    def wait_for(self, word, seconds=120):
        """Wait until a line holds the word."""
        with self._news:
            if not self._news.wait_for(
                lambda: any(word in line or line == "(ended)" for line in self.words), seconds
            ):
                raise TimeoutError(f"no “{word}” in {self.words[-5:]}")

    def kill(self):
        """Kill the whole group as a power cut would."""
        with suppress(ProcessLookupError):
            os.killpg(self.running.pid, signal.SIGKILL)
        return self.end()

    def end(self):
        code = self.running.wait(timeout=300)
        self._reader.join(timeout=10)
        self.running.stdout.close()
        return code


class Driver:
    """Orders to `tests.faults.driver`, as methods."""

    def __init__(self, environment):
        self.process = subprocess.Popen(
            [sys.executable, "-m", "tests.faults.driver"],
            cwd=REPOSITORY,
            env=environment | {"DJANGO_SETTINGS_MODULE": "config.settings"},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )

    def __getattr__(self, order):
        def ask(*words, **named):
            if words:
                names = {"clone": ("name", "template"), "use": ("name",), "drop": ("name",)}
                named |= dict(zip(names[order], words, strict=True))
            self.process.stdin.write(json.dumps({"do": order, **named}) + "\n")
            self.process.stdin.flush()
            told = json.loads(self.process.stdout.readline() or '{"failure": "the driver died"}')
            if "failure" in told:
                raise AssertionError(told["failure"])
            return told["answer"]

        return ask

    def close(self):
        self.process.stdin.close()
        self.process.stdout.close()
        self.process.wait(timeout=30)


def say(words):
    """Shown by pytest for a case that fails, and for all of them with -s."""
    sys.stdout.write(f"{words}\n")


def instant(kind, number, length):
    """Return when to kill: seeded, so that a failure can be had again."""
    chance = random.Random(f"{SEED} {kind} {number}")  # noqa: S311
    moment = chance.uniform(0, length)
    say(f"seed {SEED}, {kind} {number}: kill after {moment:.3f} s of {length:.3f} s")
    return moment


LOAD = ("load_lender_files", "--lender", LENDER, "--create-lender", LENDER)
CLOSE = ("close_month", "2018-01", "--through", "2018-02")


def prepare(ground):
    """Make the templates, and learn from an undisturbed run what is right and how long it takes.

    `empty` → (import) → `loaded` → (month-end).
    """
    known = {}
    for kind, template, words in (
        ("import", "empty", [*LOAD, *ground.files]),
        ("month_end", "loaded", CLOSE),
    ):
        result = "loaded" if kind == "import" else "closed"
        ground.driver.clone(result, template)
        run = ground.command(words, result)
        run.wait_for("loading" if kind == "import" else "closing")
        begun = time.monotonic()
        assert run.end() == 0, run.words
        known[kind] = {"seconds": time.monotonic() - begun, "right": ground.driver.digest()}
        ground.driver.use("xinbao")
    return known


def kill_command(ground, known, kind, number):
    """Kill the command at an instant of its work, look, give the same command again, compare."""
    template = "empty" if kind == "import" else "loaded"
    words = [*LOAD, *ground.files] if kind == "import" else CLOSE
    with ground.case(template) as database:
        run = ground.command(words, database)
        run.wait_for("loading" if kind == "import" else "closing")
        time.sleep(instant(f"{kind} command", number, known[kind]["seconds"]))
        code = run.kill()
        assert ground.driver.showing() == []
        again = ground.command(words, database)
        assert again.end() == 0, again.words
        compare(ground, known[kind]["right"])
        return code == -signal.SIGKILL


def kill_worker(ground, known, kind, number):
    """Kill a worker at an instant of its jobs; another one and the sweeper finish them in time."""
    template = "empty" if kind == "import" else "loaded"
    with ground.case(template) as database:
        worker = ground.worker(database)
        try:
            worker.wait_for("ready.")
            if kind == "import":
                ground.driver.upload(lender=LENDER, paths=[str(path) for path in ground.files])
                time.sleep(instant(f"{kind} worker", number, known[kind]["seconds"]))
            else:
                ground.driver.request_closing(month="2018-01")
                until(ground, lambda states: all(state == "done" for _, state, _ in states))
                ground.driver.request_closing(month="2018-02")
                time.sleep(instant(f"{kind} worker", number, known[kind]["seconds"] / 2))
            worker.kill()
            was_cut_off = any(state != "done" for _, state, _ in ground.driver.job_states())
            assert ground.driver.showing() == []
            worker = ground.worker(database)
            killed_at = time.monotonic()
            states = until(ground, lambda states: all(state == "done" for _, state, _ in states))
            say(f"recovered after {time.monotonic() - killed_at:.1f} s: {states}")
            compare(ground, known[kind]["right"])
        finally:
            worker.kill()
        return was_cut_off


def until(ground, is_so, seconds=RECOVERY_SECONDS):
    """Sweep as beat does until the jobs are so; fail when they are not in time."""
    deadline = time.monotonic() + seconds
    while True:
        states = ground.driver.job_states()
        if is_so(states):
            return states
        assert time.monotonic() < deadline, f"after {seconds} s: {states}"
        ground.driver.sweep()
        time.sleep(0.5)


def compare(ground, right):
    """The effects are those of an undisturbed run, once."""
    assert ground.driver.digest() == right
    assert ground.driver.showing() == []
    assert ground.driver.check_invariants_hold() == {"twice": [], "building": []}
