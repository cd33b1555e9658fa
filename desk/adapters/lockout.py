"""What axes asks: how many failures, for how long; names and addresses have limits of their own."""

from __future__ import annotations

import datetime as dt

from axes.handlers.database import AxesDatabaseHandler
from django.http import HttpRequest

from core import clock
from organization.selectors.sign_in import figure


class LockoutHandler(AxesDatabaseHandler):
    """Count per name and per address in the database, whatever process the attempt reached."""

    def get_failures(self, request: HttpRequest, credentials: dict | None = None) -> int:
        """Return the failures of the name, or of the address scaled to the limit of a name."""
        of_name, of_address = (
            sum(rows.values_list("failures_since_start", flat=True))
            for rows in self.get_user_attempts(request, credentials)
        )
        at = clock.now()
        per_name = figure(name="attempts_per_name", at=at)
        return max(of_name, of_address * per_name // figure(name="attempts_per_address", at=at))

    def reset_user_attempts(self, request: HttpRequest, credentials: dict | None = None) -> int:
        """Forget the failures of the name that came in; those of its address stay."""
        return self.reset_attempts(username=(credentials or {}).get("username"))


def attempts_per_name(_request: HttpRequest, _credentials: dict | None = None) -> int:
    """Return after how many failures a name is locked."""
    return figure(name="attempts_per_name", at=clock.now())


def lockout_time(_request: HttpRequest) -> dt.timedelta:
    """Return for how long."""
    return dt.timedelta(minutes=figure(name="lockout_minutes", at=clock.now()))
