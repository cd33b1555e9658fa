"""Start a server that outlives us, and stop one that we know only by its number."""

import signal
import subprocess
import time
from collections.abc import Sequence
from pathlib import Path

import psutil

from core.stack.errors import StackError
from core.stack.identity import Identity

LOG_LIMIT_BYTES = 20 * 1024 * 1024
_started: list[subprocess.Popen] = []  # kept, so that nobody warns of a server left running


def start(*, command: Sequence[str | Path], identity: Identity, log: Path) -> subprocess.Popen:
    """Start `command` in a session of its own, its output appended to `log`."""
    if log.exists() and log.stat().st_size > LOG_LIMIT_BYTES:
        log.replace(log.with_suffix(".old"))
    with log.open("ab") as output:
        server = subprocess.Popen(  # noqa: S603
            [*identity.prefix, *map(str, command)],
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=output,
            start_new_session=True,
            cwd="/",
            **identity.popen,
        )
    _started.append(server)
    return server


def reap() -> None:
    """Collect servers of ours that have ended, so that none stays a zombie."""
    _started[:] = [server for server in _started if server.poll() is None]


def is_running(*, pid: int | None, mark: str) -> bool:
    """Say whether `pid` is alive and carries `mark` in its command line (numbers are reused)."""
    if pid is None:
        return False
    try:
        return mark in " ".join(psutil.Process(pid).cmdline())
    except (psutil.NoSuchProcess, psutil.ZombieProcess):
        return False
    except psutil.AccessDenied:
        return True


def is_anyone(*, marks: Sequence[str]) -> bool:
    """Say whether a process carries all marks, such as one whose starter died before noting it."""
    titles = (" ".join(each.info["cmdline"] or ()) for each in psutil.process_iter(["cmdline"]))
    return any(all(mark in title for mark in marks) for title in titles)


def stop(*, pid: int, mark: str, signals: Sequence[tuple[signal.Signals, float]]) -> None:
    """Send each signal in turn until the server has ended, waiting the given seconds after each."""
    for each, seconds in signals:
        try:
            psutil.Process(pid).send_signal(each)
        except psutil.NoSuchProcess:
            return
        except psutil.AccessDenied as refusal:
            raise StackError(
                f"Process {pid} belongs to another user; stop it as that user."
            ) from refusal
        deadline = time.monotonic() + seconds
        while time.monotonic() < deadline:
            reap()
            if not is_running(pid=pid, mark=mark):
                return
            time.sleep(0.02)
    raise StackError(f"Process {pid} does not stop.")


def last_words(*, log: Path, offset: int = 0) -> str:
    """Return the most telling line that a server wrote after `offset`."""
    with log.open("rb") as lines:
        lines.seek(offset)
        written = lines.read().decode(errors="replace").splitlines()
    telling = [line for line in written if any(word in line for word in ("FATAL", "PANIC", "rror"))]
    return (telling or written or ["it said nothing"])[-1].strip()
