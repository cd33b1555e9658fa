"""What underwriting announces of policies; subscribers run in the same transaction."""

import datetime as dt
from dataclasses import dataclass

from django.dispatch import Signal

policies_issued = Signal()
policy_changed = Signal()
policy_ended = Signal()


@dataclass(frozen=True)
class PoliciesIssued:
    """Policies were issued: their ids, and since when their cover stands recorded."""

    policy_ids: tuple[int, ...]
    at: dt.datetime


@dataclass(frozen=True)
class PolicyChanged:
    """An endorsement came into force."""

    policy_id: int
    endorsement_id: int
    at: dt.datetime


@dataclass(frozen=True)
class PolicyEnded:
    """A policy ended: in which state, and the first day without cover."""

    policy_id: int
    status: str
    on: dt.date
    at: dt.datetime
