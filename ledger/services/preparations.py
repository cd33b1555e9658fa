"""What the apps above bring to the book before a month of it is closed."""

import datetime as dt
from typing import Protocol

from organization.models import Staff


class Preparation(Protocol):
    """Posts what a month still lacks; run again, it posts the rest, which may be nothing."""

    def __call__(self, *, month: dt.date, by: Staff | None, at: dt.datetime) -> None:
        """Post it."""


_known: dict[str, Preparation] = {}


def register_preparation(name: str, preparation: Preparation) -> None:
    """Have something posted whenever the closing of a month is prepared or confirmed."""
    _known[name] = preparation


def run_preparations(*, month: dt.date, by: Staff, at: dt.datetime) -> None:
    """Post what the apps above still have for a month."""
    for _name, preparation in sorted(_known.items()):
        preparation(month=month, by=by, at=at)
