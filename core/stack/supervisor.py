"""One process that keeps the services, the web server, the worker and the beat alive."""

import contextlib
import ctypes
import fcntl
import functools
import os
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from core.stack import daemons, embedded
from core.stack.errors import StackError
from core.stack.health import HOST, is_healthy
from core.stack.places import REPOSITORY, make_folders, places_of

HEALTH_SECONDS = 120
ATTEMPTS = 4  # of a web server that has never answered
TICK_SECONDS = 0.2
SETTLED_SECONDS = 30  # a part that lived this long starts again at once
LONGEST_PAUSE_SECONDS = 15
POLITE_SECONDS, STOP_SECONDS = 2.5, 4
_PR_SET_PDEATHSIG = 1
_libc = ctypes.CDLL(None)


@dataclass(frozen=True)
class Part:
    """A process to keep alive; `ends_by` stops it without waiting for its work."""

    name: str
    command: Sequence[str]
    ends_by: signal.Signals = signal.SIGTERM


@dataclass
class Keeper:
    """Starts a part, passes its words on, starts it again with a growing pause."""

    part: Part
    running: subprocess.Popen | None = None
    failures: int = 0
    started_at: float = 0
    due_at: float = field(default=0)

    def tick(self) -> None:
        """Notice an end; start when it is time."""
        now = time.monotonic()
        if self.running is not None and self.running.poll() is not None:
            _say("serve", f"{self.part.name} ended with code {self.running.returncode}")
            lived = now - self.started_at
            self.failures = 1 if lived > SETTLED_SECONDS else self.failures + 1
            self.due_at = now + min(0.25 * 2**self.failures, LONGEST_PAUSE_SECONDS)
            self.running = None
        if self.running is None and now >= self.due_at:
            self._start()

    def send(self, number: signal.Signals, *, group: bool = False) -> None:
        """Signal the process, or its whole session."""
        if self.running is not None and self.running.poll() is None:
            with contextlib.suppress(ProcessLookupError):
                (os.killpg if group else os.kill)(self.running.pid, number)

    def has_ended(self) -> bool:
        """Say whether nothing of it runs."""
        return self.running is None or self.running.poll() is not None

    def _start(self) -> None:
        self.started_at = time.monotonic()
        self.running = subprocess.Popen(  # noqa: S603
            list(self.part.command),
            cwd=REPOSITORY,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            start_new_session=True,
            preexec_fn=functools.partial(_end_with_parent, self.part.ends_by, os.getpid()),  # noqa: PLW1509
            env=os.environ | {"PYTHONUNBUFFERED": "1"},
        )
        threading.Thread(target=_pass_on, args=(self.part.name, self.running), daemon=True).start()


def serve(
    *,
    port: int,
    announce: Callable[[str], object],
    home: Path | str | None = None,
    parts: Sequence[Part] | None = None,
) -> None:
    """Keep everything alive until SIGINT or SIGTERM, then stop it in order within 4 s.

    `announce` gets the URL once, when the health page answers. Raises `StackError` where the port
    is taken, the home is already served, or the web server never answers.
    """
    with _only_server_of(home):
        _check_port(port)
        services = embedded.wanted_services(home=home)
        keepers = [Keeper(part) for part in (parts or default_parts(port=port))]
        with _stop_asked() as stop:
            watch = threading.Thread(target=_watch, args=(home, services, stop), daemon=True)
            watch.start()
            try:
                _keep(keepers, stop, port, announce)
            finally:
                stop.set()
                _stop(keepers)
                watch.join(timeout=1)


def stop_serving(*, home: Path | str | None = None) -> bool:
    """Ask the home's server to stop and wait for it; False when nothing serves."""
    path = places_of(home=home).home / "serve.lock"
    if not path.exists():
        return False
    try:
        with path.open("r+") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        pid = int(path.read_text() or 0)
    else:
        return False
    steps = [(signal.SIGTERM, 10), (signal.SIGKILL, 5)]
    daemons.stop(pid=pid, mark="", signals=steps)
    return True


def default_parts(*, port: int) -> list[Part]:
    """Return the web server, the worker and the beat of this application."""
    python = sys.executable
    celery = [python, "-m", "celery", "-A", "config"]
    web = [
        *(python, "-m", "gunicorn", "config.wsgi:application", "--bind", f"{HOST}:{port}"),
        *("--workers", "2", "--threads", "4", "--timeout", "120", "--graceful-timeout", "2"),
        "--no-control-socket",
    ]
    worker = [*celery, "worker", "--concurrency", "1", "--loglevel", "INFO", "--without-gossip"]
    scheduler = "django_celery_beat.schedulers:DatabaseScheduler"
    beat = [*celery, "beat", "--loglevel", "INFO", "--scheduler", scheduler, "--pidfile="]
    return [
        Part("beat", beat),
        Part("web", web),
        Part("worker", [*worker, "--without-mingle"], ends_by=signal.SIGQUIT),
    ]


def _keep(
    keepers: list[Keeper],
    stop: threading.Event,
    port: int,
    announce: Callable[[str], object],
) -> None:
    web = next(keeper for keeper in keepers if keeper.part.name == "web")
    deadline = time.monotonic() + HEALTH_SECONDS
    answered = False
    while not stop.is_set():
        for keeper in keepers:
            keeper.tick()
        if not answered and is_healthy(port=port):
            answered = True
            announce(f"http://{HOST}:{port}/")
        elif not answered and (web.failures >= ATTEMPTS or time.monotonic() > deadline):
            raise StackError("The web server does not start; its last words are above.")
        stop.wait(TICK_SECONDS)


def _stop(keepers: list[Keeper]) -> None:
    """Ask all, beat first; then insist; then kill. Work that is cut off is done again later."""
    begun = time.monotonic()
    for keeper in keepers:
        keeper.send(signal.SIGTERM)
    for seconds, group in ((POLITE_SECONDS, False), (STOP_SECONDS, True)):
        while time.monotonic() < begun + seconds and not all(each.has_ended() for each in keepers):
            time.sleep(0.02)
        for keeper in keepers:
            keeper.send(signal.SIGKILL if group else keeper.part.ends_by, group=group)
    for keeper in keepers:
        if keeper.running is not None:
            keeper.running.wait()


def _watch(home: Path | str | None, services: tuple[str, ...], stop: threading.Event) -> None:
    """Bring back a service that died; `up` costs 5 ms when all is well."""
    while services and not stop.wait(1):
        try:
            embedded.up(home=home, services=services)
        except StackError as refusal:
            _say("serve", str(refusal))


@contextlib.contextmanager
def _stop_asked() -> Iterator[threading.Event]:
    stop = threading.Event()
    numbers = (signal.SIGINT, signal.SIGTERM)
    before = [signal.signal(number, lambda *_: stop.set()) for number in numbers]
    try:
        yield stop
    finally:
        for number, handler in zip(numbers, before, strict=True):
            signal.signal(number, handler)


@contextlib.contextmanager
def _only_server_of(home: Path | str | None) -> Iterator[None]:
    places = places_of(home=home)
    make_folders(places=places)
    with (places.home / "serve.lock").open("a+") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            lock.seek(0)
            pid = lock.read().strip()
            raise StackError(f"Process {pid} already serves {places.home}.") from None
        lock.truncate(0)
        lock.write(str(os.getpid()))
        lock.flush()
        yield


def _check_port(port: int) -> None:
    with socket.socket() as trial:
        trial.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            trial.bind((HOST, port))
        except (OSError, OverflowError) as refusal:
            reason = getattr(refusal, "strerror", None) or str(refusal)
            raise StackError(f"Port {port} cannot be used ({reason}); choose another.") from refusal


def _end_with_parent(number: signal.Signals, parent: int) -> None:
    """Run in the child before its program: a supervisor that is killed leaves nobody behind."""
    for deaf in (signal.SIGINT, signal.SIGQUIT):  # ignored, where a shell put us in the background
        signal.signal(deaf, signal.SIG_DFL)
    _libc.prctl(_PR_SET_PDEATHSIG, int(number), 0, 0, 0)
    if os.getppid() != parent:
        os._exit(1)


def _pass_on(name: str, running: subprocess.Popen) -> None:
    with running.stdout as lines:
        for line in lines:
            _say(name, line.decode(errors="replace").rstrip())


def _say(name: str, words: str) -> None:
    sys.stderr.write(f"{name:<6} | {words}\n")
    sys.stderr.flush()
