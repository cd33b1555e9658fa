"""For the security administrator: sessions of all, the security log, limits, resets."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from core import clock
from core.errors import DomainError, RuleBroken
from desk import selectors
from desk.forms import PolicyForm, ResetForm
from organization.enums import Permission
from organization.models import Staff
from organization.permissions import (
    check,
    check_see_sign_in_policies,
    may,
    may_approve_sign_in_policy,
)
from organization.selectors import sign_in as reads
from organization.services.passwords import reset_sign_in
from organization.services.sessions import end_session
from organization.services.sign_in_policies import (
    approve_sign_in_policy,
    propose_sign_in_policy,
)
from organization.services.step_up import fresh_second_factor

PAGE = 50


@require_safe
def live_sessions(request: HttpRequest) -> HttpResponse:
    check(request.user, Permission.MANAGE_SIGN_IN)
    rows, name = reads.live_sessions(at=clock.now()), request.GET.get("name", "").strip()
    if name:
        rows = rows.filter(staff__username=name)
    page = Paginator(rows, PAGE).get_page(request.GET.get("page"))
    context = {"page": page, "name": name, "here": request.session.row.pk}
    return render(request, "desk/security/sessions.html", context)


@require_POST
def live_session_ending(request: HttpRequest, pk: int) -> HttpResponse:
    check(request.user, Permission.MANAGE_SIGN_IN)
    at = clock.now()
    end_session(session=reads.session_of(pk=pk, at=at), by=request.user, at=at)
    messages.success(request, _("The session is ended."))
    return redirect("desk:live_sessions")


@require_safe
def security_log(request: HttpRequest) -> HttpResponse:
    check(request.user, Permission.VIEW_SECURITY_LOG)
    at, action = clock.now(), request.GET.get("action", "")
    rows = reads.security_log(action=action)
    page = Paginator(rows, PAGE).get_page(request.GET.get("page"))
    context = {
        "page": page,
        "events": selectors.named_events(page),
        "action": action,
        "actions": selectors.SIGN_IN_EVENTS,
        "counts": selectors.alert_counts(at=at),
    }
    return render(request, "desk/security/log.html", context)


@require_safe
def policy_list(request: HttpRequest) -> HttpResponse:
    check_see_sign_in_policies(request.user)
    page = Paginator(reads.sign_in_policies(), PAGE).get_page(request.GET.get("page"))
    rows = [(row, may_approve_sign_in_policy(request.user, policy=row)) for row in page]
    context = {
        "page": page,
        "rows": rows,
        "in_force": {row.pk for row in reads.policies_in_force(as_of=clock.today())},
        "may_propose": may(request.user, Permission.MANAGE_SIGN_IN),
    }
    return render(request, "desk/security/policy_list.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def policy_proposal(request: HttpRequest) -> HttpResponse:
    check(request.user, Permission.MANAGE_SIGN_IN)
    form = PolicyForm(request.POST or None, initial={"valid_from": clock.today()})
    if form.is_valid():
        try:
            propose_sign_in_policy(**form.cleaned_data, by=request.user, at=clock.now())
        except DomainError as refusal:
            form.add_error(refusal.field, refusal.message)
        else:
            messages.success(request, _("The limits wait for another person's approval."))
            return redirect("desk:policies")
    status = 422 if form.errors else 200
    return render(request, "desk/security/policy_proposal.html", {"form": form}, status=status)


@require_POST
@fresh_second_factor
def policy_approval(request: HttpRequest, pk: int) -> HttpResponse:
    check_see_sign_in_policies(request.user)
    approve_sign_in_policy(policy=reads.sign_in_policy_of(pk=pk), by=request.user, at=clock.now())
    messages.success(request, _("The limits are approved."))
    return redirect("desk:policies")


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@fresh_second_factor
def sign_in_reset(request: HttpRequest) -> HttpResponse:
    check(request.user, Permission.MANAGE_SIGN_IN)
    form, password = ResetForm(request.POST or None), ""
    if form.is_valid():
        staff = Staff.objects.filter(username=form.cleaned_data["username"]).first()
        try:
            if staff is None:
                raise RuleBroken("nobody", _("Nobody has this user name."), "username")
            password = reset_sign_in(
                staff=staff, by=request.user, at=clock.now(), reason=form.cleaned_data["reason"]
            )
        except DomainError as refusal:
            form.add_error(refusal.field, refusal.message)
    context = {"form": form, "password": password}
    status = 422 if form.errors else 200
    return render(request, "desk/security/reset.html", context, status=status)
