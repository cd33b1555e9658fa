"""Reads of month-ends and their figures, by scope."""

from __future__ import annotations

import datetime as dt

from django.db.models import F, Q, QuerySet
from django.utils.translation import gettext as _

from core.errors import Missing
from core.months import month_text
from organization.models import Unit
from organization.selectors import head_office
from partners.models import Lender
from postloss.enums import Dimension, MonthEndState
from postloss.models import Figure, Migration, MonthEnd
from postloss.selectors.history import files_in_order


def months_with_files() -> list[dt.date]:
    """Return the months for which a lender has a complete repayment file, in order."""
    return sorted(set(files_in_order().values_list("month", flat=True)))


def closed_month_ends() -> QuerySet[MonthEnd]:
    """Return every closed version of every month."""
    return MonthEnd.objects.filter(state=MonthEndState.CLOSED)


def latest_closed(*, month: dt.date) -> MonthEnd | None:
    """Return the latest closed version of a month, if it is closed."""
    return closed_month_ends().filter(month=month).order_by("-version").first()


def latest_month_end() -> MonthEnd | None:
    """Return the latest version of the newest closed month, if any month is closed."""
    return closed_month_ends().order_by("-month", "-version").first()


def month_end_of(*, month: dt.date, version: int | None = None) -> MonthEnd:
    """Return a closed version of a month, by default the latest.

    Raises:
        Missing: the month or the version is not closed.
    """
    if version is None:
        row = latest_closed(month=month)
        words = _("%(month)s is not closed yet; close it with close_month.")
    else:
        row = closed_month_ends().filter(month=month, version=version).first()
        words = _("%(month)s has no version %(version)s.")
    if row is None:
        raise Missing("month_end_missing", words % {"month": month_text(month), "version": version})
    return row


def latest_versions() -> QuerySet[MonthEnd]:
    """Return the latest closed version of every month, oldest month first."""
    return closed_month_ends().order_by("month", "-version").distinct("month")


def figures_of(
    *,
    month_end: MonthEnd,
    dimension: Dimension = Dimension.TOTAL,
    unit: Unit | None = None,
    lender: Lender | None = None,
) -> QuerySet[Figure]:
    """Return the slices of a dimension with a live loan, by value; `unit` defaults to the whole.

    Of the lender dimension each lender has one row; `lender` narrows every other dimension to it.
    """
    figures = Figure.objects.filter(
        month_end=month_end, unit=unit or head_office(), dimension=dimension
    ).exclude(Q(n_m0=0, n_m1=0, n_m2=0, n_m3=0, n_tail=0))
    if dimension == Dimension.LENDER:
        return figures.filter(value=lender.code) if lender else figures.order_by("value")
    return figures.filter(lender=lender).order_by("value")


def total_of(*, month_end: MonthEnd, unit: Unit) -> Figure | None:
    """Return the total of a unit at a month-end; `None` without a live loan."""
    return figures_of(month_end=month_end, unit=unit).first()


def totals_over_time(*, unit: Unit) -> QuerySet[Figure]:
    """Return the unit's totals in the latest version of every month, oldest first."""
    return (
        Figure.objects.filter(
            month_end__in=latest_versions(),
            unit=unit,
            lender=None,
            dimension=Dimension.TOTAL,
        )
        .annotate(month=F("month_end__month"), version=F("month_end__version"))
        .order_by("month")
    )


def migrations_of(*, month_end: MonthEnd, unit: Unit) -> QuerySet[Migration]:
    """Return the cohort matrix of a unit: before bucket × bucket."""
    return Migration.objects.filter(month_end=month_end, unit=unit).order_by(
        "before_bucket", "bucket"
    )
