"""The matrix of internal controls. Source: POST-34a."""

from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from core.shipped import shipped_like
from reporting.selectors import self_checks as selectors
from reporting.views.shared import page_of


@require_safe
def control_list(request: HttpRequest) -> HttpResponse:
    rows = selectors.internal_controls(staff=request.user)
    owners = sorted(rows.order_by().values_list("owner", flat=True).distinct())
    words, owner = request.GET.get("q", "").strip(), request.GET.get("owner", "")
    if words:
        rows = rows.filter(
            Q(requirement__icontains=words)
            | Q(title__icontains=words)
            | Q(title__in=shipped_like(words))
        )
    if owner in owners:
        rows = rows.filter(owner=owner)
    context = {"page": page_of(request, rows), "words": words, "owner": owner, "owners": owners}
    return render(request, "reporting/controls/control_list.html", context)
