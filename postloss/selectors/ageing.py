"""Reads of the daily ageing."""

from __future__ import annotations

import datetime as dt

from organization.models import Unit
from postloss.enums import Bucket
from postloss.models import DailyAgeing

BUCKETS = (Bucket.M0, Bucket.M1, Bucket.M2, Bucket.M3, Bucket.TAIL)
DAYS_SHOWN = 90


def ageing_of(*, unit: Unit) -> dict[dt.date, dict[int, DailyAgeing]]:
    """Return the last days counted of a unit, oldest first, each by bucket (one query)."""
    rows = DailyAgeing.objects.filter(unit=unit).order_by("-day", "bucket")
    days: dict[dt.date, dict[int, DailyAgeing]] = {}
    for row in rows[: DAYS_SHOWN * len(BUCKETS)]:
        days.setdefault(row.day, {})[row.bucket] = row
    return dict(sorted(days.items()))
