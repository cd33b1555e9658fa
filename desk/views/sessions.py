"""My sessions and my password; who of my unit is at work."""

from django.contrib import messages
from django.contrib.auth import update_session_auth_hash
from django.contrib.auth.signals import user_login_failed
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from core import clock
from core.errors import RuleBroken
from desk import selectors
from desk.forms import PasswordForm
from organization.enums import Permission
from organization.permissions import check
from organization.selectors.sign_in import people_under, security_log, session_of, sessions_of
from organization.services.passwords import change_password
from organization.services.sessions import end_session, end_sessions_of

PAGE = 25


@require_safe
def session_list(request: HttpRequest) -> HttpResponse:
    mine = sessions_of(staff=request.user, at=clock.now())
    log = security_log(staff=request.user)
    context = {
        "page": Paginator(mine, PAGE).get_page(request.GET.get("page")),
        "here": request.session.row.pk,
        "events": selectors.named_events(log[:10]),
    }
    return render(request, "desk/sessions/session_list.html", context)


@require_POST
def session_ending(request: HttpRequest, pk: int) -> HttpResponse:
    at = clock.now()
    ended = session_of(pk=pk, at=at, staff=request.user)
    end_session(session=ended, by=request.user, at=at)
    messages.success(request, _("The session is ended."))
    return redirect("desk:sessions")


@require_POST
def other_sessions_ending(request: HttpRequest) -> HttpResponse:
    end_sessions_of(
        staff=request.user,
        by=request.user,
        at=clock.now(),
        reason="others",
        keep=request.session.row,
    )
    messages.success(request, _("You are signed in here alone."))
    return redirect("desk:sessions")


@sensitive_post_parameters()
@require_http_methods(["GET", "HEAD", "POST"])
def password(request: HttpRequest) -> HttpResponse:
    form = PasswordForm(request.POST or None)
    if form.is_valid():
        old, new = form.cleaned_data["old"], form.cleaned_data["new"]
        keep, staff = request.session.row, request.user
        try:
            change_password(staff=staff, old=old, new=new, at=clock.now(), keep=keep)
        except RuleBroken as refusal:
            form.add_error(refusal.field, refusal.message)
            if refusal.code == "old_password_wrong":  # counts like a wrong one at the door
                words = {"username": staff.username}
                user_login_failed.send(sender=__name__, credentials=words, request=request)
        else:
            update_session_auth_hash(request, request.user)
            request.session["must_change_password"] = False
            messages.success(request, _("The password is changed; other sessions are ended."))
            return redirect("desk:sessions")
    context = {"form": form, "is_forced": request.session.get("must_change_password", False)}
    status = 422 if form.errors else 200
    return render(request, "desk/sessions/password.html", context, status=status)


@require_safe
def activity(request: HttpRequest) -> HttpResponse:
    check(request.user, Permission.VIEW_ACTIVITY)
    at = clock.now()
    page = Paginator(people_under(staff=request.user, at=at), PAGE).get_page(
        request.GET.get("page")
    )
    context = {"page": page, "rows": selectors.with_open_work(list(page))}
    return render(request, "desk/activity.html", context)
