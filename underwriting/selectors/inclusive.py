"""Reads of the inclusive ratio: frozen quarters, flags of obligors, who knows the insured loans."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Collection
from decimal import Decimal

from django.db.models import QuerySet

from core.errors import Missing
from core.selectors import figure
from organization.enums import Permission
from organization.models import Staff
from organization.permissions import check
from parties.models import Party
from underwriting.models import InclusiveFlag, InclusiveRatio
from underwriting.rules.inclusive import cap_multiple, quarter_before, quarter_of
from underwriting.rules.insured import InsuredBook

LIMIT = "inclusive.obligor_amount"
Source = Callable[[dt.date], InsuredBook | None]
_sources: dict[str, Source] = {}


def register_insured_loans(name: str, source: Source) -> None:
    """Let a source tell every financing loan under cover on a day; None: not known yet."""
    _sources[name] = source


def forget_insured_loans(name: str) -> None:
    """Take a source away."""
    _sources.pop(name, None)


def insured_books(*, as_of: dt.date) -> list[InsuredBook] | None:
    """Return what every source says of a day; None where there is none or one does not know yet."""
    books = [source(as_of) for source in _sources.values()]
    return None if not books or None in books else books


def inclusive_limit(*, as_of: dt.date) -> Decimal:
    """Return up to how many yuan the insured loans of one obligor are inclusive. PRE-02e."""
    return figure(name=LIMIT, as_of=as_of)


def limit_if_known(*, as_of: dt.date) -> Decimal | None:
    """Return the limit of a day in yuan; None on a day before any was set."""
    try:
        return inclusive_limit(as_of=as_of)
    except Missing:
        return None


def inclusive_sme_ratio(
    *, quarter: dt.date, known_at: dt.datetime | None = None
) -> InclusiveRatio | None:
    """Return the frozen figure that is used throughout a quarter: that of the quarter before.

    `quarter`: any day of it. The latest version, or the latest that was frozen by `known_at`; None
    where the quarter before was not frozen. A decision keeps the row that it used.
    Source: F12, PRE-02n.
    """
    found = InclusiveRatio.objects.filter(quarter=quarter_before(quarter_of(quarter)))
    if known_at is not None:
        found = found.filter(frozen_at__lte=known_at)
    return found.order_by("-version").first()


def financing_cap_multiple(*, on: dt.date, known_at: dt.datetime | None = None) -> Decimal:
    """Return the multiple of net assets that caps financing business on a day.

    The raised one where the ratio in use reaches its threshold; without a frozen or defined ratio
    nothing is raised. Source: F12, HQ-13.
    """
    frozen = inclusive_sme_ratio(quarter=on, known_at=known_at)
    plain = figure(name="measures.financing_retained_multiple", as_of=on)
    if frozen is None:
        return plain
    return cap_multiple(
        inclusive=frozen.inclusive_balance,
        insured=frozen.insured_balance,
        threshold=figure(name="measures.inclusive_sme_threshold", as_of=on),
        plain=plain,
        raised=figure(name="measures.financing_multiple_uplift", as_of=on),
    )


def frozen_quarters(*, staff: Staff) -> QuerySet[InclusiveRatio]:
    """Return every frozen figure, the latest quarter and version first.

    Raises:
        NotPermitted: the person does not see the portfolio.
    """
    check(staff, Permission.VIEW_PORTFOLIO)
    return InclusiveRatio.objects.select_related("frozen_by").order_by("-quarter", "-version")


def flag_of(*, obligor: Party, known_at: dt.datetime | None = None) -> InclusiveFlag | None:
    """Return the inclusive flag of an obligor as known at an instant; None where none was set."""
    found = InclusiveFlag.objects.filter(obligor=obligor)
    if known_at is not None:
        found = found.filter(recorded_at__lte=known_at)
    return found.order_by("-recorded_at", "-pk").first()


def latest_flags(*, obligors: Collection[int]) -> dict[int, InclusiveFlag]:
    """Return the last inclusive flag of each obligor (id) that has one; one query."""
    rows = InclusiveFlag.objects.filter(obligor__in=obligors)
    rows = rows.order_by("obligor", "-recorded_at", "-pk").distinct("obligor")
    return {row.obligor_id: row for row in rows}
