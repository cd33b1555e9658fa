"""How a version in use does, beside what its price assumes; a review is drafted here."""

import datetime as dt
from collections.abc import Sequence
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from core import clock
from core.months import add_months, month_text
from products import permissions, selectors
from products.enums import Assumption, ProductFigure, ReviewDecision, VersionStatus
from products.forms.assumptions import PeriodForm
from products.forms.steps import ReviewForm
from products.models import ProductVersion

IN_USE = {VersionStatus.ON_SALE, VersionStatus.STOPPED}
LINES = (ProductFigure.LOSS_RATIO, ProductFigure.OVERDUE_RATE)
COLUMNS = (
    ProductFigure.POLICIES,
    ProductFigure.SURRENDERED,
    ProductFigure.PREMIUM,
    ProductFigure.REFUNDED,
    ProductFigure.EARNED,
    ProductFigure.CLAIMS,
    ProductFigure.LOSS_RATIO,
    ProductFigure.OVERDUE_RATE,
)


@require_safe
def tracking(request: HttpRequest, pk: int) -> HttpResponse:
    permissions.check_track(request.user)
    return report(request, selectors.version_of(pk=pk))


def report(
    request: HttpRequest,
    version: ProductVersion,
    *,
    status: int = 200,
    review_form: ReviewForm | None = None,
) -> HttpResponse:
    """Answer the figures of the months asked for, and the form of a review of them."""
    begin, end = selectors.first_period(version=version, today=clock.today())
    asked = PeriodForm(request.GET) if "since" in request.GET else None
    if asked and asked.is_valid():
        begin, end = asked.cleaned_data["since"], add_months(asked.cleaned_data["until"], 1)
    elif asked:
        status = 422
    found = selectors.tracking_report(version=version, period_from=begin, period_to=end)
    assumed = selectors.assumptions_of(version=version)
    is_mine = version.status in IN_USE and permissions.may_edit(request.user)
    period = PeriodForm(initial={"since": begin, "until": add_months(end, -1)})
    initial = {"period_from": begin, "period_to": end, "decision": ReviewDecision.KEEP}
    context = {
        "version": version,
        "report": found,
        "assumed": assumed,
        "source": next((each.source for each in assumed.values()), ""),
        "period": asked if asked and asked.errors else period,
        "begin": begin,
        "last": add_months(end, -1),
        "months": [(month, _cells(row)) for month, row in reversed(found.months)],
        "chart": _chart(found.months, assumed),
        "reviews": list(selectors.reviews_of(version=version)),
        "review_form": is_mine and (review_form or ReviewForm(initial=initial)),
    }
    return render(request, "products/tracking.html", context, status=status)


def _cells(row: dict[str, Any]) -> list[tuple[str, Any]]:
    return [(str(selectors.UNITS.get(code, "count")), row.get(code)) for code in COLUMNS]


def _chart(
    months: Sequence[tuple[dt.date, dict[str, Any]]], assumed: dict[str, Any]
) -> dict[str, Any]:
    """Return loss ratio and overdue rate by month, with what the price assumes as lines."""
    loss = assumed.get(Assumption.LOSS_RATIO)
    return {
        "preset": "line",
        "categories": [month_text(month) for month, _row in months],
        "format": "percent",
        "series": [
            {"name": str(code.label), "values": [_plain(row.get(code)) for _m, row in months]}
            for code in LINES
        ],
        "thresholds": [{"name": _("assumed"), "value": str(loss.value), "level": "orange"}]
        if loss
        else [],
    }


def _plain(value: Any) -> str | None:
    return None if value is None else f"{value:f}"
