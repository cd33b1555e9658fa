"""Hours in which nobody is disturbed."""

from __future__ import annotations

import datetime as dt


def after_quiet(*, local: dt.datetime, begins: dt.time, ends: dt.time) -> dt.datetime:
    """Return the moment itself, or the end of the quiet hours in which it lies.

    `local` is an aware instant in local time. The hours are half-open and may pass midnight; equal
    ends mean that there are none.
    """
    now = local.time()
    passes_midnight = begins > ends
    is_quiet = (now >= begins or now < ends) if passes_midnight else begins <= now < ends
    if begins == ends or not is_quiet:
        return local
    day = local.date() + dt.timedelta(days=1 if passes_midnight and now >= begins else 0)
    return dt.datetime.combine(day, ends, tzinfo=local.tzinfo)
