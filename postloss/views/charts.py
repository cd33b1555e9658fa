"""What the charts of the dashboard draw: data only, in the shapes of static/js/charts.js."""

from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _

from core.months import month_text
from postloss.enums import Indicator, WarningLevel
from postloss.models import Figure, MonthEnd
from postloss.rules.portfolio import VintageCurve
from postloss.selectors.portfolio import Portfolio

LATE = ("m1", "m2", "m3", "tail_over_180")
PLACES = Decimal("0.00000001")


def text_of(value: Decimal | None) -> str | None:
    return None if value is None else f"{value.quantize(PLACES):f}"


def trend_rows(portfolio: Portfolio) -> list[dict[str, Any]]:
    """Return the totals of the months of the trend; `figure` is None where the unit had none."""
    return [
        {"end": end, "month": month_text(end.month), "figure": figure, "late": _late(figure)}
        for end in portfolio.trend_ends
        for figure in [portfolio.figure(end.pk, portfolio.unit)]
    ]


def _late(figure: Figure | None) -> list[Decimal | None]:
    """Return each late bucket's share of everything that is owed."""
    whole = figure.outstanding + figure.tail_over_180 if figure else Decimal(0)
    return [getattr(figure, name) / whole if figure and whole else None for name in LATE]


def overdue_trend(portfolio: Portfolio, rows: list[dict[str, Any]]) -> dict[str, Any]:
    return {
        "preset": "line",
        "format": "percent",
        "categories": [row["month"] for row in rows],
        "series": [_series(rows, "overdue_rate", _("Overdue rate"))],
        "thresholds": [
            {
                "name": str(WarningLevel(limit.level).label),
                "value": text_of(limit.limit),
                "level": limit.level,
            }
            for limit in portfolio.threshold_lines(Indicator.OVERDUE_RATE)
        ],
        "area": True,
    }


def roll_trend(rows: list[dict[str, Any]]) -> dict[str, Any]:
    return {
        "preset": "line",
        "format": "percent",
        "categories": [row["month"] for row in rows],
        "series": [_series(rows, "roll_m0_1", "M0_1"), _series(rows, "roll_m0_2", "M0_2")],
    }


def _series(rows: list[dict[str, Any]], name: str, title: str) -> dict[str, Any]:
    values = [text_of(getattr(row["figure"], name)) if row["figure"] else None for row in rows]
    return {"name": title, "values": values}


def bucket_bars(rows: list[dict[str, Any]]) -> dict[str, Any]:
    names = ["M1", "M2", "M3", _("Over 180 days")]
    return {
        "preset": "bar",
        "format": "percent",
        "stacked": True,
        "categories": [row["month"] for row in rows],
        "series": [
            {"name": name, "values": [text_of(row["late"][place]) for row in rows]}
            for place, name in enumerate(names)
        ],
    }


def vintage_ages(curves: list[VintageCurve]) -> list[int]:
    ages = [age for curve in curves for age in curve.by_age]
    return list(range(min(ages), max(ages) + 1)) if ages else []


def vintage_lines(curves: list[VintageCurve]) -> dict[str, Any]:
    ages = vintage_ages(curves)
    return {
        "preset": "line",
        "format": "percent",
        "categories": [str(age) for age in ages],
        "series": [
            {"name": curve.vintage, "values": [text_of(curve.by_age.get(age)) for age in ages]}
            for curve in curves
        ],
    }


def heat_ends(portfolio: Portfolio, months: int) -> list[MonthEnd]:
    """Return the months of the heat map, oldest first."""
    return portfolio.calendar.up_to(portfolio.month_end)[-months:]
