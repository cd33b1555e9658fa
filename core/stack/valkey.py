"""The embedded Valkey: it only wakes workers, yet keeps its queue over a restart."""

import signal
import socket
import time

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
    """Start the server and return when it answers."""
    program = binaries.valkey_server()
    identity = identity_for(data=places.data)
    places.queue.mkdir(mode=0o700, exist_ok=True)
    for folder in (places.run, places.queue):
        identity.give(folder)
    log = places.log / "valkey.log"
    offset = log.stat().st_size if log.exists() else 0
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
    server = daemons.start(command=[program, *flags], identity=identity, log=log)
    deadline = time.monotonic() + START_SECONDS
    while ask(places=places) is not State.READY:
        if server.poll() is not None or time.monotonic() > deadline:
            said = daemons.last_words(log=log, offset=offset)
            raise StackError(f"Valkey did not start: {said} (log: {log}).")
        time.sleep(0.02)


def stop(*, places: Places) -> bool:
    """Stop the server after it has written its file; False when it was not running."""
    running = pid(places=places)
    if running is None:
        return False
    steps = [(signal.SIGTERM, 10), (signal.SIGKILL, 5)]
    daemons.stop(pid=running, mark=str(places.valkey_socket), signals=steps)
    return True
