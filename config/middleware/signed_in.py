"""What every request of a signed-in person must pass; all from facts of the session's own row.

In this order: the device that began the session, the limits of the roles, the second factor, the
network, a password that must change. Nothing here asks the database more than the session did,
but for once a minute, when the idle end is put off.
"""

from __future__ import annotations

from collections.abc import Callable
from urllib.parse import urlencode

from django.contrib.auth import logout
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django_htmx.http import HttpResponseClientRedirect

from core import clock
from core.visitor import network_of, visitor_of
from organization.services.sessions import keep_alive, move_session
from organization.services.sign_in import allowed_still, expel
from organization.services.step_up import has_second_factor, was_shown_from

LEAVING = {"desk:logout"}
ENROLMENT = LEAVING | {"mfa_activate_totp", "desk:second_factor_image", "mfa_add_webauthn"}
CONFIRMING = LEAVING | {"mfa_reauthenticate", "mfa_reauthenticate_webauthn"}
BACKGROUND = {"desk:message_bell", "desk:job_badge"}  # asked for by a page, not by a person
PASSWORD = CONFIRMING | {"desk:password", "mfa_view_recovery_codes"}


class SignedInMiddleware:
    """Stop a session that is not, or no longer, as it should be."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]):
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(
        self, request: HttpRequest, view: Callable, _args: tuple, _words: dict
    ) -> HttpResponse | None:
        if not getattr(view, "login_required", True) or not request.user.is_authenticated:
            return None
        at, visitor, row = clock.now(), visitor_of(request), request.session.row
        why = allowed_still(row=row, staff=request.user, visitor=visitor, at=timezone.localtime(at))
        if why:
            if why != "no_facts":
                expel(row=row, staff=request.user, visitor=visitor, at=at, why=why)
            logout(request)
            return _to(request, reverse("desk:login"))
        name = request.resolver_match.view_name
        if not has_second_factor(request):
            return None if name in ENROLMENT else _first(request, reverse("mfa_activate_totp"))
        if network_of(row.address) != visitor.network:
            if not was_shown_from(request, network=visitor.network):
                return None if name in CONFIRMING else _first(request, _confirmation(request))
            move_session(row=row, address=visitor.address)
        if request.session.get("must_change_password") and name not in PASSWORD:
            return _first(request, reverse("desk:password"))
        keep_alive(row=row, staff=request.user, at=at)
        return None


def _confirmation(request: HttpRequest) -> str:
    here = request.get_full_path() if request.method == "GET" else reverse("desk:home")
    return f"{reverse('mfa_reauthenticate')}?{urlencode({'next': here})}"


def _first(request: HttpRequest, url: str) -> HttpResponse:
    """Lead to what must be done first; what a page asks for by itself leads nobody away from it."""
    if request.resolver_match.view_name in BACKGROUND:
        return HttpResponse(status=204)
    return _to(request, url)


def _to(request: HttpRequest, url: str) -> HttpResponse:
    return HttpResponseClientRedirect(url) if getattr(request, "htmx", False) else redirect(url)
