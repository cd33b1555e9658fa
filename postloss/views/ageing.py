"""Where the book stands today, between two month-ends."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from organization.enums import Permission
from organization.permissions import check
from postloss.selectors.ageing import BUCKETS, ageing_of


@require_safe
def ageing(request: HttpRequest) -> HttpResponse:
    check(request.user, Permission.VIEW_PORTFOLIO)
    days = ageing_of(unit=request.user.unit)
    newest = next(reversed(days), None)
    rows = [(bucket.label, days[newest].get(bucket)) for bucket in BUCKETS] if newest else []
    chart = {
        "preset": "bar",
        "categories": [f"{day:%Y-%m-%d}" for day in days],
        "series": [
            {
                "name": str(bucket.label),
                "values": [
                    str(day[bucket].balance) if bucket in day else "0" for day in days.values()
                ],
            }
            for bucket in BUCKETS
        ],
        "format": "wan",
        "stacked": True,
    }
    return render(request, "postloss/ageing.html", {"day": newest, "rows": rows, "chart": chart})


def _balance(day: dict, bucket: int) -> str:
    return str(day[bucket].balance) if bucket in day else "0"
