"""A visitor's account (a regulator's) ends to the second, and every access of it is on record."""

from collections.abc import Callable

from django.contrib.auth import logout
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse

from core import clock
from core.services import record_audit


class VisitMiddleware:
    """Sign out whose time is over; write down what the others asked for. Source: HQ-47."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]):
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if request.path == reverse("desk:healthz"):  # answers without a database
            return self.get_response(request)
        person = request.user
        if not person.is_authenticated or person.access_until is None:
            return self.get_response(request)
        at = clock.now()
        is_over = person.access_until <= at
        response = self._end(request) if is_over else self.get_response(request)
        record_audit(
            action="organization.visit",
            subject=person,
            by=person,
            at=at,
            path=request.path,
            method=request.method,
            status=response.status_code,
            is_over=is_over,
        )
        return response

    @staticmethod
    def _end(request: HttpRequest) -> HttpResponse:
        logout(request)
        return redirect("desk:login")
