"""Signing in and out."""

from allauth.account.internal.flows.login import perform_password_login
from allauth.account.internal.stagekit import clear_login
from allauth.account.models import Login
from django.conf import settings
from django.contrib.auth import logout
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render, resolve_url
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST
from django_htmx.http import HttpResponseClientRefresh

from core import clock
from core.visitor import visitor_of
from desk.forms.sign_in import WRONG, SignInForm
from organization.services.sign_in import leave


@login_not_required
@never_cache
@sensitive_post_parameters("password")
@require_http_methods(["GET", "HEAD", "POST"])
def sign_in(request: HttpRequest) -> HttpResponse:
    if request.htmx:  # the session ran out under a fragment: reload the page around it
        return HttpResponseClientRefresh()
    onward = _onward(request)
    if request.user.is_authenticated:
        return redirect(onward)
    form = SignInForm(request, request.POST or None)
    if form.is_valid():
        login = Login(user=form.get_user(), redirect_url=onward)
        return perform_password_login(request, {"username": login.user.username}, login)
    return render(request, "desk/login.html", {"form": form, "next": request.GET.get("next", "")})


@require_POST
def sign_out(request: HttpRequest) -> HttpResponse:
    leave(staff=request.user, visitor=visitor_of(request), at=clock.now())
    logout(request)
    return redirect(settings.LOGOUT_REDIRECT_URL)


def locked_out(
    request: HttpRequest, response: HttpResponse | None = None, credentials: dict | None = None
) -> HttpResponse:
    """Answer in place of axes: the same sentence as for a wrong password; a live session ends."""
    clear_login(request)
    if request.user.is_authenticated:
        logout(request)
    form = SignInForm(request)
    return render(request, "desk/login.html", {"form": form, "refusal": WRONG}, status=429)


def _onward(request: HttpRequest) -> str:
    """Where to go after signing in: a page of ours, or the landing page."""
    wanted = request.POST.get("next") or request.GET.get("next") or ""
    is_ours = url_has_allowed_host_and_scheme(
        wanted, allowed_hosts={request.get_host()}, require_https=request.is_secure()
    )
    return wanted if wanted and is_ours else resolve_url(settings.LOGIN_REDIRECT_URL)
