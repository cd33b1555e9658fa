"""Calendar months as `YYYY-MM` text, first days, and integer indexes (year × 12 + month − 1)."""

from __future__ import annotations

import calendar
import datetime as dt
import re

from django.utils.translation import gettext as _

from core.errors import RuleBroken

_MONTH = re.compile(r"([1-9]\d{3})-(0[1-9]|1[0-2])", re.ASCII)
_QUARTER = re.compile(r"([1-9]\d{3})Q([1-4])", re.ASCII)


def parse_month(text: str) -> dt.date:
    """Return the first day of the month `YYYY-MM`.

    Raises:
        RuleBroken: the text is not a month.
    """
    match = _MONTH.fullmatch(text)
    if not match:
        raise RuleBroken(
            "month_format", _("“%(text)s” is not a month; write it as YYYY-MM.") % {"text": text}
        )
    return dt.date(int(match[1]), int(match[2]), 1)


def parse_quarter(text: str) -> list[dt.date]:
    """Return the first days of the three months of the quarter `YYYYQn`.

    Raises:
        RuleBroken: the text is not a quarter.
    """
    match = _QUARTER.fullmatch(text)
    if not match:
        raise RuleBroken(
            "quarter_format", _("“%(text)s” is not a quarter; write it as YYYYQn.") % {"text": text}
        )
    first = dt.date(int(match[1]), 3 * int(match[2]) - 2, 1)
    return [first, add_months(first, 1), add_months(first, 2)]


def month_text(day: dt.date) -> str:
    """Print the month of a day as `YYYY-MM`."""
    return f"{day:%Y-%m}"


def quarter_text(day: dt.date) -> str:
    """Print the quarter of a day as `YYYYQn`."""
    return f"{day.year}Q{(day.month + 2) // 3}"


def month_index(day: dt.date) -> int:
    """Number the month of a day: year × 12 + month − 1."""
    return day.year * 12 + day.month - 1


def from_index(index: int) -> dt.date:
    """Return the first day of the month with this index."""
    return dt.date(index // 12, index % 12 + 1, 1)


def add_months(day: dt.date, count: int) -> dt.date:
    """Return the first day of the month `count` months after the month of `day`."""
    return from_index(month_index(day) + count)


def month_end(day: dt.date) -> dt.date:
    """Return the last day of the month of `day`."""
    return day.replace(day=calendar.monthrange(day.year, day.month)[1])
