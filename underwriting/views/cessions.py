"""The register of cessions: policies ceded, retained exposure on a day, treaties and reinsurers."""

import datetime as dt

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.timezone import get_current_timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from core import clock
from core.errors import DomainError
from organization.services.step_up import fresh_second_factor
from underwriting import permissions
from underwriting.forms.cessions import DecisionForm, RegisterFilter, ReinsurerForm, TreatyForm
from underwriting.selectors import cessions as selectors
from underwriting.selectors.exposure import retained_exposure
from underwriting.services.treaties import (
    approve_treaty,
    enter_reinsurer,
    propose_treaty,
    refuse_treaty,
)

PER_PAGE = 50


@require_safe
def register(request: HttpRequest) -> HttpResponse:
    permissions.check_view_cessions(request.user)
    form = RegisterFilter(request.GET)
    asked = form.asked(clock.today())
    lines = selectors.cession_register(
        staff=request.user,
        as_of=asked["as_of"],
        treaty=asked["treaty"],
        product=asked["product"],
        policy_no=asked["policy_no"],
        known_at=_end_of(asked["known_on"]),
    )
    context = {
        "page": Paginator(lines, PER_PAGE).get_page(request.GET.get("page")),
        "asked": asked,
        "codes": selectors.codes_ceded(),
        "products": selectors.product_codes_ceded(),
    }
    return render(request, "underwriting/cessions/register.html", context)


@require_safe
def exposure(request: HttpRequest) -> HttpResponse:
    permissions.check_view_cessions(request.user)
    asked = RegisterFilter(request.GET).asked(clock.today())
    book = retained_exposure(
        as_of=asked["as_of"],
        known_at=_end_of(asked["known_on"]),
        treaty=asked["treaty"],
        product=asked["product"],
        policy_no=asked["policy_no"],
    )
    context = {
        "book": book,
        "page": Paginator(book.rows, PER_PAGE).get_page(request.GET.get("page")),
        "asked": asked,
        "codes": selectors.codes_ceded(),
        "products": selectors.product_codes_ceded(),
    }
    return render(request, "underwriting/cessions/exposure.html", context)


@require_safe
def policy_lines(request: HttpRequest) -> HttpResponse:
    policy_no = request.GET.get("policy_no", "")
    context = {
        "lines": list(selectors.line_history(staff=request.user, policy_no=policy_no)),
        "policy_no": policy_no,
        "may_correct": permissions.may_propose_treaties(request.user),
    }
    return render(request, "underwriting/cessions/policy_lines.html", context)


@require_safe
def treaty_list(request: HttpRequest) -> HttpResponse:
    treaties = selectors.treaty_register(staff=request.user)
    context = {
        "page": Paginator(treaties, PER_PAGE).get_page(request.GET.get("page")),
        "coinsurance": selectors.coinsurance_register(staff=request.user)[:PER_PAGE],
        "may_propose": permissions.may_propose_treaties(request.user),
    }
    return render(request, "underwriting/cessions/treaty_list.html", context)


@require_safe
def treaty_detail(request: HttpRequest, pk: int) -> HttpResponse:
    treaty = selectors.treaty_of(staff=request.user, pk=pk)
    return _treaty_page(request, treaty, DecisionForm())


def _treaty_page(request, treaty, form, status=200):
    context = {
        "treaty": treaty,
        "form": form,
        "may_decide": permissions.may_decide_treaty(request.user, treaty),
    }
    return render(request, "underwriting/cessions/treaty_detail.html", context, status=status)


@require_http_methods(["GET", "POST"])
def treaty_proposal(request: HttpRequest) -> HttpResponse:
    permissions.check_propose_treaties(request.user)
    form = TreatyForm(request.POST or None)
    if form.is_valid():
        try:
            treaty = propose_treaty(
                draft=form.draft(),
                shares=form.cleaned_data["shares"],
                reason=form.cleaned_data["reason"],
                by=request.user,
                at=clock.now(),
            )
        except DomainError as refusal:
            form.add_error(refusal.field, refusal.message)
        else:
            messages.success(request, _("Proposed: it takes part once somebody else approved it."))
            return redirect("underwriting:treaty", pk=treaty.pk)
    context = {"form": form, "reinsurers": selectors.reinsurers()}
    status = 422 if form.errors else 200
    return render(request, "underwriting/cessions/treaty_proposal.html", context, status=status)


@require_POST
@fresh_second_factor
def treaty_decision(request: HttpRequest, pk: int) -> HttpResponse:
    treaty = selectors.treaty_of(staff=request.user, pk=pk)
    permissions.check_decide_treaty(request.user, treaty)
    form = DecisionForm(request.POST)
    if form.is_valid():
        is_approved = form.cleaned_data["decision"] == "approve"
        decide = approve_treaty if is_approved else refuse_treaty
        try:
            decide(
                treaty=treaty,
                by=request.user,
                at=clock.now(),
                remark=form.cleaned_data["remark"],
            )
        except DomainError as refusal:
            form.add_error(refusal.field if refusal.field == "remark" else None, refusal.message)
        else:
            return redirect("underwriting:treaty", pk=pk)
    return _treaty_page(request, treaty, form, status=422)


@require_http_methods(["GET", "POST"])
def reinsurer_entry(request: HttpRequest) -> HttpResponse:
    permissions.check_propose_treaties(request.user)
    form = ReinsurerForm(request.POST or None)
    if form.is_valid():
        try:
            enter_reinsurer(**form.cleaned_data, by=request.user, at=clock.now())
        except DomainError as refusal:
            form.add_error(refusal.field, refusal.message)
        else:
            return redirect("underwriting:reinsurer_entry")
    context = {"form": form, "reinsurers": selectors.reinsurers()}
    status = 422 if form.errors else 200
    return render(request, "underwriting/cessions/reinsurer_entry.html", context, status=status)


def _end_of(day: dt.date | None) -> dt.datetime | None:
    if day is None:
        return None
    return dt.datetime.combine(day, dt.time.max, tzinfo=get_current_timezone())
