"""Every closed version of every month: which one an address names, and which lead up to it."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from django.utils.translation import gettext as _

from core.errors import Missing
from postloss.models import MonthEnd
from postloss.selectors.month_ends import closed_month_ends


@dataclass(frozen=True)
class Calendar:
    """Every closed version of every month, newest month and version first."""

    versions: list[MonthEnd]

    def pick(self, *, month: dt.date | None = None, version: int | None = None) -> MonthEnd:
        """Return a version, by default the latest of the newest month.

        Raises:
            Missing: it is not closed.
        """
        for row in self.versions:
            if (month is None or row.month == month) and version in (None, row.version):
                return row
        raise Missing("month_end_missing", _("This month or version is not closed."))

    def of_month(self, month: dt.date) -> list[MonthEnd]:
        """Return the versions of a month, newest first."""
        return [row for row in self.versions if row.month == month]

    def latest(self) -> list[MonthEnd]:
        """Return the latest version of every month, newest month first."""
        newest: dict[dt.date, MonthEnd] = {}
        for row in self.versions:
            newest.setdefault(row.month, row)
        return list(newest.values())

    def up_to(self, chosen: MonthEnd) -> list[MonthEnd]:
        """Return every month up to the chosen one, oldest first: that one as chosen, the others
        in their latest version.
        """
        earlier = [row for row in self.latest() if row.month < chosen.month]
        return [*reversed(earlier), chosen]


def calendar() -> Calendar:
    """Return the closed months with who closed them; one query."""
    rows = closed_month_ends().select_related("closed_by", "one_before", "two_before")
    return Calendar(list(rows.order_by("-month", "-version")))
