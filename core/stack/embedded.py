"""Front door: the embedded services of a home."""

import contextlib
import fcntl
import os
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from types import ModuleType

from core.stack import daemons, postgres, valkey
from core.stack.errors import StackError
from core.stack.places import Places, Urls, make_folders, places_of

POSTGRES, VALKEY = "postgresql", "valkey"
SERVICES: dict[str, ModuleType] = {POSTGRES: postgres, VALKEY: valkey}
VARIABLES = {POSTGRES: "DATABASE_URL", VALKEY: "REDIS_URL"}
LOCK_SECONDS = 700


@dataclass(frozen=True)
class ServiceStatus:
    """One service: what it is, how it stands (running, starting, stopped, external), where."""

    name: str
    state: str
    pid: int | None
    address: str

    def __str__(self) -> str:
        """Return the line that `manage.py stack` prints."""
        number = f"pid {self.pid}" if self.pid else ""
        return f"{self.name:<11}{self.state:<10}{number:<12}{self.address}"


def urls(*, home: Path | str | None = None) -> Urls:
    """Return the addresses of a home's services without starting anything."""
    return places_of(home=home).urls


def wanted_services(*, home: Path | str | None = None) -> tuple[str, ...]:
    """Return the services that are ours: their URL is unset, or was set by `attach`."""
    addresses = _addresses(places_of(home=home))
    return tuple(
        name for name in SERVICES if os.environ.get(VARIABLES[name]) in (None, "", addresses[name])
    )


def up(*, home: Path | str | None = None, services: tuple[str, ...] = tuple(SERVICES)) -> Urls:
    """Start what does not run and return the addresses once everything answers.

    Any number of processes may call it at once: one starts, the others wait. Raises `StackError`.
    """
    places = places_of(home=home)
    daemons.reap()
    if not _all_ready(places, services):
        with _said_plainly(places), _locked(places):
            for name in services:
                if SERVICES[name].ask(places=places) is not postgres.State.READY:
                    SERVICES[name].start(places=places)
    return places.urls


def down(*, home: Path | str | None = None) -> list[ServiceStatus]:
    """Stop the services in order and return how they stand; a home that never ran is no error."""
    places = places_of(home=home)
    if places.home.exists():
        with _said_plainly(places), _locked(places):
            for service in reversed(SERVICES.values()):
                service.stop(places=places)
    return status(home=home)


def status(*, home: Path | str | None = None) -> list[ServiceStatus]:
    """Return how each service stands."""
    places = places_of(home=home)
    wanted = wanted_services(home=home)
    with _said_plainly(places):
        return [
            _status_of(name, places)
            if name in wanted
            else ServiceStatus(name=name, state="external", pid=None, address=VARIABLES[name])
            for name in SERVICES
        ]


def attach(*, home: Path | str | None = None) -> tuple[str, ...]:
    """Start the services that the environment leaves to us and set their URLs in `os.environ`.

    Returns their names: empty where both `DATABASE_URL` and `REDIS_URL` were given, and in
    production, where the settings refuse a missing URL.
    """
    if os.environ.get("XINBAO_MODE") == "production":
        return ()
    wanted = wanted_services(home=home)
    if wanted:
        up(home=home, services=wanted)
        addresses = _addresses(places_of(home=home))
        os.environ.update({VARIABLES[name]: addresses[name] for name in wanted})
    return wanted


def _addresses(places: Places) -> dict[str, str]:
    return {POSTGRES: places.urls.database_url, VALKEY: places.urls.redis_url}


def _all_ready(places: Places, services: tuple[str, ...]) -> bool:
    return all(SERVICES[name].ask(places=places) is postgres.State.READY for name in services)


def _status_of(name: str, places: Places) -> ServiceStatus:
    service = SERVICES[name]
    return ServiceStatus(
        name=name,
        state=service.ask(places=places).value,
        pid=service.pid(places=places),
        address=_addresses(places)[name],
    )


@contextlib.contextmanager
def _locked(places: Places) -> Iterator[None]:
    """Hold the home's lock: a second server on the same folder would start without complaint."""
    make_folders(places=places)
    deadline = time.monotonic() + LOCK_SECONDS
    with (places.home / "stack.lock").open("a") as lock:
        while True:
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
                break
            except BlockingIOError:
                if time.monotonic() > deadline:
                    raise StackError(f"Another process holds {lock.name}.") from None
                time.sleep(0.05)
        yield


@contextlib.contextmanager
def _said_plainly(places: Places) -> Iterator[None]:
    try:
        yield
    except PermissionError as refusal:
        raise StackError(
            f"No permission for {refusal.filename or places.home}: the home belongs to another"
            " user; run as that user or set XINBAO_HOME to a folder of your own."
        ) from refusal
    except OSError as refusal:
        where = refusal.filename or places.home
        raise StackError(f"The services cannot use {where}: {refusal.strerror}.") from refusal
