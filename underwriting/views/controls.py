"""The register of controls on new business, with its history."""

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from organization.enums import Permission
from organization.permissions import check
from underwriting.selectors import control_register

PER_PAGE = 50


@require_safe
def control_list(request: HttpRequest) -> HttpResponse:
    check(request.user, Permission.VIEW_PORTFOLIO)
    controls = control_register(staff=request.user)
    is_all = request.GET.get("show") == "all"
    shown = controls if is_all else controls.live()
    page = Paginator(shown, PER_PAGE).get_page(request.GET.get("page"))
    context = {"page": page, "is_all": is_all}
    return render(request, "underwriting/controls/control_list.html", context)
