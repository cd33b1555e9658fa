"""A database and a folder of their own for a benchmark, on the same server, gone afterwards."""

from __future__ import annotations

import contextlib
import os
import re
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from urllib.parse import urlsplit

import psutil
from django.conf import settings
from django.core.management import call_command
from django.db import Error, connection, transaction

PREFIX = "xinbao_bench_"


@contextlib.contextmanager
def scratch_database() -> Iterator[Path]:
    """Point this process at a fresh, migrated database and folder; drop both on the way out.

    `BENCH_TEMPLATE` may name an empty database of the same server that was migrated before.
    """
    template = os.environ.get("BENCH_TEMPLATE", "template1")
    name, folder = f"{PREFIX}{os.getpid()}", settings.XINBAO_HOME / f"bench_{os.getpid()}"
    home_name, home_files = connection.settings_dict["NAME"], settings.FILES_ROOT
    with _ended_like_ctrl_c():
        try:
            _drop_abandoned()
            _execute_alone(f"CREATE DATABASE {name} TEMPLATE {template}")
            _use(name, folder / "files")
            folder.mkdir()
            call_command("migrate", verbosity=0, interactive=False, stdout=sys.stderr)
            yield folder
        finally:
            _use(home_name, home_files)
            _execute_alone(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")
            connection.close()
            shutil.rmtree(folder, ignore_errors=True)


@contextlib.contextmanager
def _ended_like_ctrl_c() -> Iterator[None]:
    before = signal.signal(signal.SIGTERM, signal.default_int_handler)
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, before)


def _use(name: str, files: Path) -> None:
    connection.close()
    connection.settings_dict["NAME"] = name
    settings.FILES_ROOT = files


def _execute_alone(statement: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(statement)


def _drop_abandoned() -> None:
    """Drop what a killed benchmark left behind."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT datname FROM pg_database WHERE datname LIKE %s", [f"{PREFIX}%"])
        for (name,) in cursor.fetchall():
            pid = re.fullmatch(rf"{PREFIX}(\d+)", name)
            if pid and not psutil.pid_exists(int(pid[1])):
                cursor.execute(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")
                shutil.rmtree(settings.XINBAO_HOME / f"bench_{pid[1]}", ignore_errors=True)


def run_command(*words: str | Path) -> None:
    """Run a command of ours against the scratch database in a process of its own.

    What it needs of memory stays out of the measures. Raises `CalledProcessError`.
    """
    url = urlsplit(os.environ["DATABASE_URL"])
    environment = os.environ | {
        "DATABASE_URL": url._replace(path=f"/{connection.settings_dict['NAME']}").geturl(),
        "FILES_ROOT": str(settings.FILES_ROOT),
    }
    subprocess.run(  # noqa: S603 (our own command)
        [sys.executable, settings.BASE_DIR / "manage.py", *words],
        env=environment,
        stdout=subprocess.DEVNULL,
        check=True,
    )


def timed(work: Callable[..., object], *words: object) -> float:
    """Return the seconds of wall clock that a piece of work takes, from a quiet start."""
    with contextlib.suppress(Error), transaction.atomic():
        _execute_alone("CHECKPOINT")
    begun = time.perf_counter()
    work(*words)
    return time.perf_counter() - begun


@contextlib.contextmanager
def peak_memory() -> Iterator[list[float]]:
    """Note the highest resident memory of this process inside the block, in MB.

    Linux keeps the mark itself and lets a process reset it: no sampling, nothing missed.
    """
    noted: list[float] = []
    with contextlib.suppress(OSError):
        Path("/proc/self/clear_refs").write_text("5")
    yield noted
    kept = re.search(r"VmHWM:\s+(\d+) kB", Path("/proc/self/status").read_text())
    noted.append(int(kept[1]) / 1024 if kept else 0.0)
