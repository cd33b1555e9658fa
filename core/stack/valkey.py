"""The embedded Valkey: it only wakes workers, yet keeps its queue over a restart."""

import signal
import socket
import subprocess
import time
from pathlib import Path

from core.stack import binaries, daemons
from core.stack.errors import StackError
from core.stack.identity import identity_for
from core.stack.places import Places
from core.stack.postgres import State

START_SECONDS = 30


def ask(*, places: Places) -> State:
    """Send PING; a server that loads its file answers `-LOADING`."""
    try:
        with socket.socket(socket.AF_UNIX) as line:
            line.settimeout(5)
            line.connect(str(places.valkey_socket))
            line.sendall(b"PING\r\n")
            return State.READY if line.recv(64).startswith(b"+PONG") else State.STARTING
    except TimeoutError:
        return State.STARTING
    except OSError:
        return State.DOWN


def pid(*, places: Places) -> int | None:
    """Return the number of the running server, or None."""
    try:
        recorded = int((places.run / "valkey.pid").read_text())
    except (FileNotFoundError, ValueError):
        return None
    return recorded if daemons.is_running(pid=recorded, mark=str(places.valkey_socket)) else None


def start(*, places: Places) -> None:
    """Start the server and return when it answers.

    Two on one folder would not notice each other, so one that is on its way is waited for.
    """
    marks = ("-server", str(places.valkey_socket))
    server = None if daemons.is_anyone(marks=marks) else _launch(places)
    deadline = time.monotonic() + START_SECONDS
    while ask(places=places) is not State.READY:
        if server is not None and server.poll() is not None:
            raise StackError(f"Valkey did not start: {daemons.last_words(log=_log(places))}.")
        if time.monotonic() > deadline:
            raise StackError(f"Valkey is silent for {START_SECONDS} s (see {_log(places)}).")
        time.sleep(0.02)


def stop(*, places: Places) -> bool:
    """Stop the server after it has written its file; False when it was not running."""
    running = pid(places=places)
    if running is None:
        return False
    steps = [(signal.SIGTERM, 10), (signal.SIGKILL, 5)]
    daemons.stop(pid=running, mark=str(places.valkey_socket), signals=steps)
    return True


def _log(places: Places) -> Path:
    return places.log / "valkey.log"


def _launch(places: Places) -> subprocess.Popen:
    program = binaries.valkey_server()
    identity = identity_for(data=places.data)
    places.queue.mkdir(mode=0o700, exist_ok=True)
    for folder in (places.run, places.queue):
        identity.give(folder)
    settings = {
        "port": "0",
        "unixsocket": places.valkey_socket,
        "unixsocketperm": "700",
        "pidfile": places.run / "valkey.pid",
        "dir": places.queue,
        "appendonly": "yes",
        "appendfsync": "everysec",
        "save": "",
        "maxmemory-policy": "noeviction",
        "daemonize": "no",
    }
    flags = [part for name, value in settings.items() for part in (f"--{name}", str(value))]
    return daemons.start(command=[program, *flags], identity=identity, log=_log(places))
