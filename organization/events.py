"""What the organisation announces to the apps above it, and what it asks them."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from django.db.models import Model
from django.dispatch import Signal


@dataclass(frozen=True, kw_only=True)
class WorkHandedOver:
    """Open work passed from one holder to another (nobody: the team), in this transaction."""

    item_ids: tuple[int, ...]
    from_staff_id: int | None
    to_staff_id: int | None
    at: dt.datetime


@dataclass(frozen=True, kw_only=True)
class UnitAskedAbout:
    """Somebody is about to move or close a unit: what hangs on it? Receivers answer burdens."""

    unit_id: int
    path: str


@dataclass(frozen=True, kw_only=True)
class TreeAskedAbout:
    """Somebody looks at the tree: receivers answer how many of what is theirs each unit holds.

    An answer is a mapping from the unit's id to the number of loans booked there itself.
    """

    as_of: dt.date


@dataclass(frozen=True, kw_only=True)
class UnitBurden:
    """An answer to `UnitAskedAbout`: so many of something; `blocks` where closing must wait."""

    label: str
    count: int
    blocks: bool = False


@dataclass(frozen=True, kw_only=True)
class LeaverAskedAbout:
    """Somebody leaves: what do they hold, and what did they take out of the house since the day?

    Receivers list `LeaverThing`s. Source: CRM-30.
    """

    staff_id: int
    since: dt.datetime


@dataclass(frozen=True, kw_only=True)
class LeaverThing:
    """An answer to `LeaverAskedAbout`: a thing, in words without personal data, and its fate.

    `is_taken` where it left the house with the person.
    """

    label: str
    title: str = ""
    count: int = 1
    url: str = ""
    becomes: str = ""
    is_taken: bool = False


@dataclass(frozen=True, kw_only=True)
class EmergencyUnreviewed:
    """An emergency grant ended and head office did not review it in time. Source: HQ-43."""

    grant_id: int
    due_at: dt.datetime
    at: dt.datetime


@dataclass(frozen=True, kw_only=True)
class PartiesAskedAbout:
    """Whose matter is it? Receivers answer (kind, blind index) of its parties. Source: PRE-12e.

    `row` is the subject itself where whoever asks has it at hand.
    """

    subject_type: str
    subject_id: str
    row: Model | None = None


@dataclass(frozen=True, kw_only=True)
class IdentitiesAskedAbout:
    """By what else are these parties known? Receivers answer (kind, blind index) of the same."""

    pairs: frozenset[tuple[str, bytes]]


@dataclass(frozen=True, kw_only=True)
class ResolutionClosed:
    """A committee counted its votes on a matter of an app above, in this transaction."""

    resolution_id: int
    subject_type: str
    subject_id: int
    version: int
    outcome: str
    by_id: int
    at: dt.datetime


work_handed_over = Signal()
unit_asked_about = Signal()
leaver_asked_about = Signal()
emergency_unreviewed = Signal()
parties_asked_about = Signal()
tree_asked_about = Signal()
identities_asked_about = Signal()
resolution_closed = Signal()
