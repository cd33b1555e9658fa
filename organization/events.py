"""What the organisation announces."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from django.dispatch import Signal


@dataclass(frozen=True, kw_only=True)
class EmergencyUnreviewed:
    """An emergency grant ended and head office did not review it in time. Source: HQ-43."""

    grant_id: int
    due_at: dt.datetime
    at: dt.datetime


emergency_unreviewed = Signal()
