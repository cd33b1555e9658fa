"""Every request looks into the database with the eyes of its person."""

from collections.abc import Callable

from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.urls import reverse

from core.row_security import seen_by
from organization.selectors import eyes_of

SERVER_ERROR = 500


class RowSecurityMiddleware:
    """Run the view in one transaction as the app role; a page that failed writes nothing."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]):
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if request.path == reverse("desk:healthz"):  # answers without a database
            return self.get_response(request)
        eyes = eyes_of(staff=request.user if request.user.is_authenticated else None)
        with seen_by(scope=eyes.scope, staff_id=eyes.staff_id, kind=eyes.kind) as is_outermost:
            response = self.get_response(request)
            if response.status_code >= SERVER_ERROR and is_outermost:
                transaction.set_rollback(True)
        return response
