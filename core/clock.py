"""The only place that reads the clock. Interfaces call it; services take `at` and `as_of`."""

import datetime as dt

from django.utils import timezone


def now() -> dt.datetime:
    """Return the present instant, aware."""
    return timezone.now()


def today() -> dt.date:
    """Return the business date in Asia/Shanghai."""
    return timezone.localdate(now())
