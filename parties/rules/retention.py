"""How long an original is kept. Dates in, dates out. Pure.

Source: PRE-10a-d, HQ-23, HQ-24; Civil Code art. 201, 202 (the first day does not count; where the
last month has no such day, its last day ends the period).
"""

from __future__ import annotations

import calendar
import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass


def years_after(day: dt.date, years: int) -> dt.date:
    """Return the same day `years` later; the last of February where there is no 29th."""
    year = day.year + years
    last = calendar.monthrange(year, day.month)[1]
    return day.replace(year=year, day=min(day.day, last))


def ended_on(
    *, ends: Iterable[dt.date | None], is_recovery_running: bool, as_of: dt.date
) -> dt.date | None:
    """Return when a contract ended: the earliest of expiry, surrender, settlement and full claim
    paid that has come; nothing while recovery runs or none of them has. Source: HQ-23.
    """
    come = [day for day in ends if day is not None and day <= as_of]
    return None if is_recovery_running or not come else min(come)


@dataclass(frozen=True)
class Years:
    """How long a kind is kept: a short and a long term, another law's floor, after a dispute."""

    short: int
    long: int
    floor: int
    after_dispute: int


def shortcomings(*, wanted: Years, least: Years) -> list[str]:
    """Name the periods of a rule that are shorter than the law's: `short`, `long`,
    `after_dispute`. A floor counts for both terms. Source: PRE-10a-c, HQ-24.
    """
    found = []
    if max(wanted.short, wanted.floor) < max(least.short, least.floor):
        found.append("short")
    if max(wanted.long, wanted.floor) < max(least.long, least.floor):
        found.append("long")
    if wanted.after_dispute < least.after_dispute:
        found.append("after_dispute")
    return found


def deletable_from(
    *,
    ended: dt.date,
    term_months: int,
    short_years: int,
    long_years: int,
    floor_years: int = 0,
    disputed_until: dt.date | None = None,
    dispute_years: int = 0,
) -> dt.date:
    """Return the first day on which an original may be deleted: the day after the longest of the
    periods. A term of exactly 12 months is short. Source: PRE-10a-c, HQ-24.
    """
    years = max(short_years if term_months <= 12 else long_years, floor_years)
    ends = [years_after(ended, years)]
    if disputed_until is not None:
        ends.append(years_after(disputed_until, dispute_years))
    return max(ends) + dt.timedelta(days=1)
