"""Error pages."""

from django.http import HttpRequest, HttpResponse, HttpResponseServerError
from django.shortcuts import render
from django.template.loader import render_to_string
from django.utils.translation import gettext as _

from core.errors import DomainError


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    return _error(request, 400, _("The request could not be read."))


def permission_denied(request: HttpRequest, exception: Exception) -> HttpResponse:
    return _error(request, 403, _("You may not open this page."))


def page_not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    return _error(request, 404, _("There is no such page, or it is not yours to see."))


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    return _error(
        request, 403, _("The form was too old. Reload the page and send it again."), "csrf"
    )


def server_error(request: HttpRequest) -> HttpResponse:
    if getattr(request, "htmx", False):
        return HttpResponseServerError(render_to_string("errors/_500.html"))
    return HttpResponseServerError(render_to_string("errors/500.html"))


def _error(request: HttpRequest, status: int, message: str, page: str = "") -> HttpResponse:
    if getattr(request, "htmx", False):
        refusal = DomainError(f"http_{status}", message)
        return render(request, "errors/_refusal.html", {"refusal": refusal}, status=status)
    return render(request, f"errors/{page or status}.html", {"message": message}, status=status)
