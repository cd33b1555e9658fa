"""Where lenders' branch names led at a closing: the scope of loans, as figures froze it."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from typing import NamedTuple

from django.db.models import Q

from core.months import month_end as last_day
from organization.enums import UnitKind
from organization.models import Unit
from postloss.models import MonthEnd
from underwriting.enums import NameKind
from underwriting.models import NameMapping

BookPlace = tuple[int, int]  # lender, branch name


class _Lead(NamedTuple):
    path: str
    valid_from: dt.date
    valid_to: dt.date | None
    confirmed_at: dt.datetime


class Places:
    """Every confirmed way from a lender's branch name to a unit, read once."""

    def __init__(self, *, lender_id: int | None = None, book_name_id: int | None = None):
        leads = NameMapping.objects.filter(
            book_name__kind=NameKind.BRANCH, confirmed_at__isnull=False, unit__isnull=False
        )
        if lender_id is not None:
            leads = leads.filter(lender_id=lender_id, book_name_id=book_name_id)
        self._leads: dict[BookPlace, list[_Lead]] = defaultdict(list)
        for lender, name, *lead in leads.order_by("valid_from").values_list(
            "lender_id", "book_name_id", "unit__path", "valid_from", "valid_to", "confirmed_at"
        ):
            self._leads[lender, name].append(_Lead(*lead))

    def below(
        self, unit: Unit, *, day: dt.date, known_at: dt.datetime | None = None
    ) -> list[BookPlace]:
        """Return the (lender, branch name) pairs that led to the unit or below it on a day.

        With `known_at`, as it was known then: a mapping confirmed later neither leads nor ends one.
        """
        return [
            pair
            for pair, leads in self._leads.items()
            if (path := _path_on(leads, day, known_at)) and path.startswith(unit.path)
        ]


def _path_on(leads: list[_Lead], day: dt.date, known_at: dt.datetime | None) -> str:
    known = [lead for lead in leads if known_at is None or lead.confirmed_at <= known_at]
    begun = [lead for lead in known if lead.valid_from <= day]
    if not begun:
        return ""
    last = begun[-1]
    starts_later_known = {lead.valid_from for lead in leads if lead not in known}
    has_ended = last.valid_to is not None and last.valid_to <= day
    return "" if has_ended and last.valid_to not in starts_later_known else last.path


def places_at(
    *, unit: Unit, month_end: MonthEnd, places: Places | None = None
) -> list[BookPlace] | None:
    """Return the pairs whose loans a unit's figures hold at a month-end; `None` is all of them.

    The head office holds everything, names that nobody has confirmed included.
    """
    if unit.kind == UnitKind.HEAD_OFFICE:
        return None
    return (places or Places()).below(
        unit, day=last_day(month_end.month), known_at=month_end.closed_at
    )


def in_places(pairs: list[BookPlace] | None, prefix: str = "") -> Q:
    """Return the condition that a segment lies in one of the pairs; nothing lies in none."""
    if pairs is None:
        return Q()
    names: dict[int, list[int]] = defaultdict(list)
    for lender, name in pairs:
        names[lender].append(name)
    condition = Q(pk__in=[]) if not prefix else Q(**{f"{prefix}__in": []})
    for lender, branches in names.items():
        fields = {"lender_id": lender, "branch_id__in": branches}
        condition |= Q(**{f"{prefix}__{name}" if prefix else name: v for name, v in fields.items()})
    return condition
