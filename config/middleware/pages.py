"""The chosen language, whence a request comes, and refusals of the business as pages."""

from collections.abc import Callable

import structlog
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import translation

from core import origin
from core.errors import DomainError


class ChosenLanguageMiddleware:
    """Speak Chinese unless the person chose otherwise; a browser's language is no choice."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]):
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        chosen = request.COOKIES.get(settings.LANGUAGE_COOKIE_NAME, "")
        language = chosen if chosen in dict(settings.LANGUAGES) else settings.LANGUAGE_CODE
        with translation.override(language):
            request.LANGUAGE_CODE = language
            response = self.get_response(request)
        response.headers.setdefault("Content-Language", language)
        return response


class OriginMiddleware:
    """Tell the audit trail which request is being served, by the id that the log gives it."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]):
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        number = structlog.contextvars.get_contextvars().get("request_id", "")
        device = origin.device(request.headers.get("User-Agent", ""))
        source = f"{request.method} {request.path[:160]} device {device}"
        with origin.coming_from(request=str(number), source=source):
            return self.get_response(request)


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
