"""Whence a piece of work comes: the request, job or command that this thread is serving.

Interfaces say so once; audit records written below pick it up. Source: EVID-08.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass


@dataclass(frozen=True)
class Origin:
    """The id of the request or job, and what asked: method, path and digest of the device."""

    request: str = ""
    source: str = ""


NOWHERE = Origin()
_present: ContextVar[Origin] = ContextVar("origin", default=NOWHERE)


def present() -> Origin:
    """Return the origin of what runs now; empty where nobody said."""
    return _present.get()


@contextmanager
def coming_from(*, request: str, source: str) -> Iterator[None]:
    """Let everything inside come from here."""
    token = _present.set(Origin(request[:64], source[:200]))
    try:
        yield
    finally:
        _present.reset(token)


def device(agent: str) -> str:
    """Name a device by eight digits of the hash of what its browser says of itself."""
    return hashlib.sha256(agent.encode()).hexdigest()[:8]
