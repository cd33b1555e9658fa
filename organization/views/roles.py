"""Roles: what they hold and who holds them; proposals with their effect; recertification."""

from functools import partial

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from core import clock
from organization.enums import DefinitionStatus, Permission
from organization.forms import people as forms
from organization.permissions import check, may, may_certify, may_decide_definition
from organization.selectors import recertification as campaigns
from organization.selectors import roles as selectors
from organization.services import recertification, roles
from organization.views.forms import handle

PER_PAGE = 50


@require_safe
def role_list(request: HttpRequest) -> HttpResponse:
    context = {
        "roles": selectors.roles_with_holders(staff=request.user),
        "waiting": selectors.definitions_waiting(),
        "conflicts": selectors.duty_conflicts(),
        "may_define": may(request.user, Permission.DEFINE_ROLES),
    }
    return render(request, "organization/role_list.html", context)


@require_safe
def role(request: HttpRequest, pk: int) -> HttpResponse:
    shown = selectors.role_of(staff=request.user, pk=pk)
    holders = Paginator(selectors.holders_of(role=shown), PER_PAGE)
    context = {
        "role": shown,
        "page": holders.get_page(request.GET.get("page")),
        "definitions": selectors.definitions_of(code=shown.code),
        "may_define": may(request.user, Permission.DEFINE_ROLES),
    }
    return render(request, "organization/role.html", context)


@require_http_methods(["GET", "POST"])
def role_proposal(request: HttpRequest) -> HttpResponse:
    check(request.user, Permission.DEFINE_ROLES)
    code = request.GET.get("code", "")
    known = selectors.roles_with_holders(staff=request.user).filter(code=code).first()
    initial = (
        {
            "code": known.code,
            "name": known.name,
            "kind": known.kind,
            "permissions": known.permissions,
        }
        if known
        else {}
    )
    form = forms.RoleForm(request.POST or None, initial=initial)
    service = partial(roles.propose_role, by=request.user, at=clock.now())
    back = reverse("organization:roles")
    return handle(request, form, service, back=back, title=_("Propose a role"))


@require_http_methods(["GET", "POST"])
def definition(request: HttpRequest, pk: int) -> HttpResponse:
    shown = selectors.definition_of(staff=request.user, pk=pk)
    is_open = shown.status == DefinitionStatus.PROPOSED
    form = forms.DecisionForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        roles.decide_role(
            definition=shown,
            is_approved=form.cleaned_data["decision"] == "yes",
            remark=form.cleaned_data["remark"],
            by=request.user,
            at=clock.now(),
        )
        messages.success(request, _("The step is recorded."))
        return redirect("organization:definition", pk)
    context = {
        "definition": shown,
        "effect": selectors.effect_of(definition=shown) if is_open else None,
        "may_decide": is_open and may_decide_definition(request.user, definition=shown),
        "form": form,
    }
    return render(request, "organization/definition.html", context)


@require_safe
def recertification_list(request: HttpRequest) -> HttpResponse:
    context = {
        "campaigns": campaigns.campaigns(staff=request.user),
        "may_open": may(request.user, Permission.CERTIFY_ACCESS),
    }
    return render(request, "organization/recertification_list.html", context)


@require_POST
def recertification_opening(request: HttpRequest) -> HttpResponse:
    campaign = recertification.open_recertification(by=request.user, at=clock.now())
    return redirect("organization:recertification", campaign.pk)


@require_safe
def recertification_detail(request: HttpRequest, pk: int) -> HttpResponse:
    campaign = campaigns.campaign_of(staff=request.user, pk=pk)
    lines = campaigns.lines_of(campaign=campaign, staff=request.user)
    page = Paginator(lines, PER_PAGE).get_page(request.GET.get("page"))
    rows = [(line, may_certify(request.user, line=line)) for line in page]
    context = {"campaign": campaign, "page": page, "rows": rows}
    return render(request, "organization/recertification.html", context)


@require_POST
def certification(request: HttpRequest, pk: int) -> HttpResponse:
    line = campaigns.line_of(staff=request.user, pk=pk)
    form = forms.CertifyForm(request.POST)
    if form.is_valid():
        recertification.certify(
            line=line,
            is_confirmed=form.cleaned_data["decision"] == "yes",
            reason=form.cleaned_data["reason"],
            by=request.user,
            at=clock.now(),
        )
        messages.success(request, _("The step is recorded."))
    return redirect("organization:recertification", line.campaign_id)
