"""Retained exposure of month-ends for the loss rates of the book. Source: F3, F13."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

from django.db.models import Min
from django.urls import reverse

from core.months import month_text
from ledger.selectors import Exposure
from organization.models import Staff
from organization.selectors import head_office
from postloss.enums import Dimension
from postloss.models import Figure
from postloss.selectors.month_ends import closed_month_ends, latest_closed, latest_versions
from postloss.selectors.scope import may_see_portfolio

DECEMBER = 12


def retained_of_month(month: dt.date) -> Exposure | None:
    """Return the exposure of the whole book that F3 of a month needs; nothing if it is open.

    The month-end before is the version frozen with the month's latest; of the other months of the
    year, from the December before, the latest versions count.
    """
    row = latest_closed(month=month)
    if row is None:
        return None
    since = dt.date(month.year - 1, DECEMBER, 1)
    year = latest_versions().filter(month__gte=since, month__lte=month)
    months = {each.pk: each.month for each in year}
    retained: dict[int, Decimal] = dict(
        Figure.objects.filter(
            month_end__in={*months, row.one_before_id} - {None},
            unit=head_office(),
            lender=None,
            dimension=Dimension.TOTAL,
        ).values_list("month_end_id", "retained_exposure")
    )
    return Exposure(
        before=retained.get(row.one_before_id),
        now=retained.get(row.pk, Decimal(0)),
        by_month={day: retained[pk] for pk, day in months.items() if pk in retained},
        in_force_since=closed_month_ends().aggregate(first=Min("month"))["first"],
    )


def page_of_retained(staff: Staff, month: dt.date) -> str:
    """Return the address of the month's figures for whoever may see them."""
    if not may_see_portfolio(staff):
        return ""
    return f"{reverse('postloss:dashboard')}?month={month_text(month)}"
