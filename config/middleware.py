"""Translate refusals of the business into pages; the other translator is the API's problem+json."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from core.errors import DomainError


class DomainErrorMiddleware:
    """Answer a `DomainError` that a view let pass with its status and one sentence."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]):
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, refusal: Exception) -> HttpResponse | None:
        if not isinstance(refusal, DomainError):
            return None
        template = "errors/_refusal.html" if request.htmx else "errors/refusal.html"
        return render(request, template, {"refusal": refusal}, status=refusal.status)
