"""What the ground floor announces to those above it."""

from __future__ import annotations

import datetime as dt
import uuid
from dataclasses import dataclass

from django.dispatch import Signal

chain_broken = Signal()
job_finished = Signal()
message_in_doubt = Signal()
heads_unanchored = Signal()


@dataclass(frozen=True, kw_only=True)
class ChainBroken:
    """The evidence chain does not hold: the first bad record, and why."""

    stream: str
    number: int | None
    record_id: int | None
    why: str
    at: dt.datetime


@dataclass(frozen=True, kw_only=True)
class JobFinished:
    """A job ended: done, refused or failed; in the transaction that says so."""

    job_id: int
    status: str
    at: dt.datetime


@dataclass(frozen=True, kw_only=True)
class MessageInDoubt:
    """A message failed for good, or nobody knows whether it arrived: a person must decide."""

    message_id: uuid.UUID
    channel: str
    status: str
    at: dt.datetime


@dataclass(frozen=True, kw_only=True)
class HeadsUnanchored:
    """Signed heads wait for their anchor longer than the parameter allows."""

    kind: str
    heads: int
    since: dt.datetime
    at: dt.datetime
