"""The data inventory for compliance. Source: PRE-45a, CRM-46, CRM-47."""

from collections import Counter

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from core.data_inventory import entries
from desk.permissions import check_see_inventory

PER_PAGE = 50
LEVELS = ("C3", "C2", "C1", "none")


@require_safe
def data_inventory(request: HttpRequest) -> HttpResponse:
    check_see_inventory(request.user)
    every = list(entries())
    app, level = request.GET.get("app", ""), request.GET.get("level", "")
    shown = [
        entry
        for entry in every
        if (not app or entry.app == app) and (not level or (entry.level or "none") == level)
    ]
    counts = Counter(entry.level or "none" for entry in every)
    context = {
        "page": Paginator(shown, PER_PAGE).get_page(request.GET.get("page")),
        "apps": sorted({entry.app for entry in every}),
        "levels": [(name, counts[name]) for name in LEVELS],
        "app": app,
        "level": level,
    }
    return render(request, "desk/data_inventory.html", context)
