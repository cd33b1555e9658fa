"""The embedded PostgreSQL: made, started, asked, stopped."""

import enum
import os
import shutil
import signal
import socket
import struct
import subprocess
import tempfile
import time
from pathlib import Path

from core.stack import binaries, daemons
from core.stack.errors import StackError
from core.stack.identity import Identity, identity_for
from core.stack.places import DATABASE, USER, Places

RECOVERY_SECONDS = 600  # replaying up to max_wal_size after a crash
RELEASE_SECONDS = 20  # a killed server's children leave its memory within this time
SMALL_SHARED_MEMORY = 256 * 1024 * 1024
SETTINGS = {
    "listen_addresses": "",
    "unix_socket_permissions": "0700",
    "max_connections": "200",
    "shared_buffers": "512MB",
    "work_mem": "64MB",
    "maintenance_work_mem": "256MB",
    "effective_cache_size": "8GB",
    "max_wal_size": "4GB",
    "checkpoint_completion_target": "0.9",
    "random_page_cost": "1.1",
    "jit": "off",
    "timezone": "UTC",
    "log_timezone": "UTC",
    "fsync": "on",
    "synchronous_commit": "on",
    # The log holds no statement and no value of a row: they may hold personal data. Refusals repeat
    # values in their very sentence; whoever asked logs them, behind the sieve.
    "log_min_messages": "log",
    "log_min_error_statement": "panic",
    "log_error_verbosity": "terse",
    "log_parameter_max_length_on_error": "0",
}
UNSAFE = {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off"}
_PROTOCOL = 196608
_CANNOT_CONNECT_NOW = b"C57P03\0"


class State(enum.Enum):
    """What a server answers."""

    READY = "running"
    STARTING = "starting"
    DOWN = "stopped"


def ask(*, places: Places) -> State:
    """Open a session and say whether the server takes one (2-3 ms; no driver needed)."""
    wanted = f"user\0{USER}\0database\0{DATABASE}\0\0".encode()
    try:
        with socket.socket(socket.AF_UNIX) as line:
            line.settimeout(5)
            line.connect(str(places.postgres_socket))
            line.sendall(struct.pack("!ii", 8 + len(wanted), _PROTOCOL) + wanted)
            return _read_answer(line)
    except TimeoutError:
        return State.STARTING
    except OSError:
        return State.DOWN


def _read_answer(line: socket.socket) -> State:
    with line.makefile("rb") as answer:
        while head := answer.read(5):
            kind, length = struct.unpack("!ci", head)
            body = answer.read(length - 4)
            if kind == b"Z":
                line.sendall(b"X\0\0\0\4")
                return State.READY
            if kind == b"E":
                return State.STARTING if _CANNOT_CONNECT_NOW in body else State.READY
    return State.STARTING


def pid(*, places: Places) -> int | None:
    """Return the number of the running server, or None."""
    recorded = _recorded_pid(places)
    return recorded if daemons.is_running(pid=recorded, mark=str(places.data)) else None


def start(*, places: Places) -> None:
    """Make the data folder if there is none, start the server, return when it answers."""
    folder = binaries.postgres_folder()
    identity = identity_for(data=places.data)
    identity.give(places.run)
    if not places.data.exists():
        _make(places, folder, identity)
    _check_version(places, folder)
    released_by = time.monotonic() + RELEASE_SECONDS
    while not _try_to_start(places, folder, identity, give_up=time.monotonic() > released_by):
        time.sleep(0.2)


def stop(*, places: Places) -> bool:
    """Stop the server (fast, then at once); False when it was not running."""
    running = pid(places=places)
    if running is None:
        return False
    steps = [(signal.SIGINT, 30), (signal.SIGQUIT, 10), (signal.SIGKILL, 5)]
    daemons.stop(pid=running, mark=str(places.data), signals=steps)
    return True


def _try_to_start(places: Places, folder: Path, identity: Identity, *, give_up: bool) -> bool:
    """Start once; False when a predecessor still has to let go of the data."""
    daemons.reap()
    if pid(places=places) is None:
        for left_over in (places.data / "postmaster.pid", places.run / ".s.PGSQL.5432.lock"):
            left_over.unlink(missing_ok=True)  # of a killed server; its number may live on
        log = places.log / "postgres.log"
        offset = log.stat().st_size if log.exists() else 0
        server = daemons.start(command=_command(places, folder), identity=identity, log=log)
    else:
        server = None  # started by a process that died before it could say so
    deadline = time.monotonic() + RECOVERY_SECONDS
    while time.monotonic() < deadline:
        if ask(places=places) is State.READY:
            return True
        if server and server.poll() is not None:
            said = daemons.last_words(log=log, offset=offset)
            if not give_up and ("still in use" in said or "already" in said):
                return False
            raise StackError(f"PostgreSQL did not start: {said} (log: {log}).")
        if server is None and pid(places=places) is None:
            return False
        time.sleep(0.02)
    raise StackError(f"PostgreSQL does not answer after {RECOVERY_SECONDS} s (see {places.log}).")


def _command(places: Places, folder: Path) -> list[str]:
    settings = SETTINGS | (UNSAFE if os.environ.get("XINBAO_PG_UNSAFE") == "1" else {})
    shared = Path("/dev/shm")  # noqa: S108
    if not shared.exists() or shutil.disk_usage(shared).total < SMALL_SHARED_MEMORY:
        settings["dynamic_shared_memory_type"] = "mmap"
    flags = [f"--{name}={value}" for name, value in settings.items()]
    return [str(folder / "postgres"), "-D", str(places.data), "-k", str(places.run), *flags]


def _make(places: Places, folder: Path, identity: Identity) -> None:
    """Make the cluster and its database beside the final place, then rename: whole or not."""
    for abandoned in places.home.glob("postgres.new.*"):  # an orphan may still be writing there
        shutil.rmtree(abandoned, ignore_errors=True)
    fresh = Path(tempfile.mkdtemp(prefix="postgres.new.", dir=places.home))
    identity.give(fresh)
    initdb = [folder / "initdb", "-D", fresh, "-U", USER, "--auth=trust", "--encoding=UTF8"]
    unsafe = ["--no-sync"] if os.environ.get("XINBAO_PG_UNSAFE") == "1" else []
    _run([*initdb, "--locale=C.UTF-8", *unsafe], identity)
    single = [folder / "postgres", "--single", "-D", fresh, "template1"]
    _run(single, identity, text=f"CREATE DATABASE {DATABASE};\n")
    fresh.rename(places.data)


def _run(command: list[str | Path], identity: Identity, *, text: str = "") -> None:
    done = subprocess.run(  # noqa: S603
        [*identity.prefix, *map(str, command)],
        input=text,
        capture_output=True,
        text=True,
        cwd="/",
        check=False,
        env=os.environ | {"LC_ALL": "C.UTF-8", "LANGUAGE": "C"},
        **identity.popen,
    )
    said = [line for line in done.stderr.splitlines() if "rror:" in line or "FATAL" in line]
    if done.returncode or (text and "ERROR" in done.stderr):
        words = (said or done.stderr.splitlines() or ["it said nothing"])[-1]
        raise StackError(f"PostgreSQL's data folder could not be made: {words}.")


def _check_version(places: Places, folder: Path) -> None:
    made_by = (places.data / "PG_VERSION").read_text().strip()
    found = binaries.major_version(folder=folder)
    if made_by != str(found):
        raise StackError(
            f"{places.data} was made by PostgreSQL {made_by} and only {found} is here: move the"
            " data with pg_dump, or set XINBAO_HOME to an empty folder."
        )


def _recorded_pid(places: Places) -> int | None:
    try:
        return int((places.data / "postmaster.pid").read_text().split("\n", 1)[0])
    except (FileNotFoundError, ValueError):
        return None
