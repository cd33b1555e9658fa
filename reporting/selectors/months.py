"""Closed month-ends: which versions a report uses, and which were restated since."""

import datetime as dt
from collections.abc import Collection
from dataclasses import dataclass

from core.months import add_months, month_text
from postloss.enums import MonthEndState
from postloss.models import Figure, MonthEnd
from reporting.models import QuarterlyReport


def closed_month_ends(*, months: Collection[dt.date]) -> dict[dt.date, MonthEnd]:
    """Return the latest closed version of each of the months that has one."""
    latest = (
        MonthEnd.objects.filter(month__in=list(months), state=MonthEndState.CLOSED)
        .order_by("month", "-version")
        .distinct("month")
    )
    return {month_end.month: month_end for month_end in latest}


def first_closed_month() -> dt.date | None:
    """Return the first month that was ever closed: the line is in force since then."""
    return (
        MonthEnd.objects.filter(state=MonthEndState.CLOSED)
        .order_by("month")
        .values_list("month", flat=True)
        .first()
    )


def open_quarters() -> list[dt.date]:
    """Return the first days of the quarters whose three months are closed, newest first."""
    closed = set(
        MonthEnd.objects.filter(state=MonthEndState.CLOSED).values_list("month", flat=True)
    )
    starts = {day for day in closed if day.month % 3 == 1}
    whole = [day for day in starts if {add_months(day, 1), add_months(day, 2)} <= closed]
    return sorted(whole, reverse=True)


def versions_of(report: QuarterlyReport) -> dict[str, int]:
    """Return the month-end versions of the quarter that the report was made from, by month."""
    used = report.months.filter(is_of_quarter=True).select_related("month_end")
    return {
        month_text(row.month_end.month): row.month_end.version
        for row in sorted(used, key=lambda row: row.month_end.month)
    }


@dataclass(frozen=True)
class Restatement:
    """A month of the report that has a newer version now, with the book's totals then and now."""

    used: MonthEnd
    now: MonthEnd
    figures_used: Figure
    figures_now: Figure


def restated_since(report: QuarterlyReport) -> list[Restatement]:
    """Return the months of the report's quarter that were restated after it was made."""
    rows = report.months.filter(is_of_quarter=True).select_related("month_end")
    used = {row.month_end.month: row.month_end for row in rows}
    newer = {
        month: (used[month], now)
        for month, now in closed_month_ends(months=used).items()
        if now.pk != used[month].pk
    }
    totals = _totals([month_end.pk for pair in newer.values() for month_end in pair])
    return [
        Restatement(then, now, totals[then.pk], totals[now.pk])
        for _, (then, now) in sorted(newer.items())
    ]


def _totals(month_end_ids: list[int]) -> dict[int, Figure]:
    totals = Figure.objects.filter(
        month_end__in=month_end_ids, unit__parent=None, lender=None, dimension="total"
    )
    return {figure.month_end_id: figure for figure in totals}
