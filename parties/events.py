"""What the parties announce: an original was deleted at the end of its time."""

from __future__ import annotations

from dataclasses import dataclass

from django.dispatch import Signal


@dataclass(frozen=True, kw_only=True)
class RecordDeleted:
    """The kind of the original and the party or stored file that is gone."""

    kind: str
    party_id: int | None
    stored_id: int | None


record_deleted = Signal()
