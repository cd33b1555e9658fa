"""Grants, delegations, and who could sign."""

import datetime as dt
from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.dateparse import parse_date
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from core import clock
from core.errors import DomainError
from organization.enums import GrantStatus, Permission
from organization.forms.authority import DelegationForm, FactsForm, GrantForm, ReasonForm
from organization.models import AuthorityGrant, Staff
from organization.permissions import (
    allows,
    check,
    check_decide_grant,
    check_propose_grant,
    check_review_emergency,
    check_revoke_grant,
    may,
)
from organization.selectors import authority as selectors
from organization.selectors import units_in_scope
from organization.selectors.answers import answer_of
from organization.selectors.authority import Signer
from organization.selectors.authority_preview import preview_of
from organization.selectors.cases import case_of
from organization.selectors.recusal import traits_of_case
from organization.services import authority as services
from organization.services.delegations import delegate_authority, revoke_delegation
from organization.services.step_up import fresh_second_factor

PER_PAGE = 50


def _read_day(text: str | None) -> dt.date:
    try:
        return parse_date(text or "") or clock.today()
    except ValueError:
        return clock.today()


@require_safe
def grant_list(request: HttpRequest) -> HttpResponse:
    check(request.user, Permission.VIEW_AUTHORITY)
    grants = selectors.grants_in_scope(staff=request.user)
    as_of, status = _read_day(request.GET.get("as_of")), request.GET.get("status", "")
    if status in GrantStatus.values:
        shown = grants.filter(status=status)
    else:
        status, shown = "", selectors.in_force_on(grants, as_of=as_of)
    context = {
        "page": Paginator(shown, PER_PAGE).get_page(request.GET.get("page")),
        "as_of": as_of,
        "status": status,
        "tabs": GrantStatus.choices,
        "emergencies": selectors.emergency_grants(staff=request.user),
        "at": clock.now(),
        "may_propose": may(request.user, Permission.PROPOSE_AUTHORITY),
        "may_sign": may(request.user, Permission.SIGN_CASES),
    }
    return render(request, "organization/authority/grant_list.html", context)


def grant_proposal(request: HttpRequest) -> HttpResponse:
    check(request.user, Permission.PROPOSE_AUTHORITY)
    units = units_in_scope(staff=request.user).order_by("path")
    form = GrantForm(request.POST or None, units=units, initial={"valid_from": clock.today()})
    preview, status = None, 200 if request.method != "POST" else 422
    if request.method == "POST" and form.is_valid():
        try:
            draft = services.grant_draft(**form.draft_words(), by=request.user, at=clock.now())
            if "preview" in request.POST:
                check_propose_grant(request.user, grant=draft)
                preview, status = _preview(draft), 200
            else:
                grant = services.propose_grant(grant=draft, by=request.user, at=clock.now())
                messages.success(request, _("The proposal waits for another person's approval."))
                return redirect("organization:grant", grant.pk)
        except DomainError as refusal:
            status = refusal.status
            form.add_error(refusal.field if refusal.field in form.fields else None, refusal.message)
    context = {"form": form, "preview": preview}
    return render(request, "organization/authority/grant_proposal.html", context, status=status)


def _preview(grant: AuthorityGrant, *, is_revocation: bool = False) -> Any:
    as_of = max(grant.valid_from, clock.today())
    if (grant.role_id is None) == (grant.person_id is None):
        return None
    return preview_of(grant=grant, is_revocation=is_revocation, as_of=as_of)


@require_safe
def grant_detail(request: HttpRequest, pk: int) -> HttpResponse:
    check(request.user, Permission.VIEW_AUTHORITY)
    grant = selectors.grant_of(staff=request.user, pk=pk)
    is_open, is_live = grant.status == GrantStatus.PROPOSED, grant.status == GrantStatus.APPROVED
    awaits = grant.review_due_at is not None and grant.reviewed_at is None
    may_decide = is_open and allows(check_decide_grant, request.user, grant=grant)
    may_revoke = is_live and allows(check_revoke_grant, request.user, grant=grant)
    context = {
        "grant": grant,
        "at": clock.now(),
        "is_open": is_open,
        "may_decide": may_decide,
        "may_revoke": may_revoke,
        "may_review": awaits and allows(check_review_emergency, request.user, grant=grant),
        "awaits_review": awaits,
        "preview": _preview(grant, is_revocation=is_live) if may_decide or may_revoke else None,
        "form": ReasonForm(),
    }
    return render(request, "organization/authority/grant_detail.html", context)


@require_POST
@fresh_second_factor
def grant_decision(request: HttpRequest, pk: int) -> HttpResponse:
    check(request.user, Permission.APPROVE_AUTHORITY)
    grant = services.decide_grant(
        grant=selectors.grant_of(staff=request.user, pk=pk),
        is_approved=request.POST.get("decision") == "approve",
        by=request.user,
        at=clock.now(),
        reason=request.POST.get("reason", "")[:500],
    )
    messages.success(request, _("The proposal is decided: %s.") % grant.get_status_display())
    return redirect("organization:grant", pk)


@require_POST
@fresh_second_factor
def grant_revocation(request: HttpRequest, pk: int) -> HttpResponse:
    check(request.user, Permission.APPROVE_AUTHORITY)
    services.revoke_grant(
        grant=selectors.grant_of(staff=request.user, pk=pk),
        by=request.user,
        at=clock.now(),
        reason=request.POST.get("reason", "")[:500],
    )
    messages.success(request, _("The grant is revoked; nothing is signed on it any more."))
    return redirect("organization:grant", pk)


@require_POST
def grant_review(request: HttpRequest, pk: int) -> HttpResponse:
    check(request.user, Permission.APPROVE_AUTHORITY)
    services.review_emergency(
        grant=selectors.grant_of(staff=request.user, pk=pk),
        by=request.user,
        at=clock.now(),
        review=request.POST.get("reason", "")[:500],
    )
    messages.success(request, _("The review is recorded."))
    return redirect("organization:grant", pk)


# delegations


@require_safe
def delegation_list(request: HttpRequest) -> HttpResponse:
    check(request.user, Permission.SIGN_CASES)
    page = Paginator(selectors.delegations_of(person=request.user), PER_PAGE)
    context = {"page": page.get_page(request.GET.get("page")), "today": clock.today()}
    return render(request, "organization/authority/delegation_list.html", context)


def delegation_create(request: HttpRequest) -> HttpResponse:
    check(request.user, Permission.SIGN_CASES)
    mine = Q(person=request.user) | Q(role__in=request.user.roles.all())
    form = DelegationForm(
        request.POST or None,
        units=units_in_scope(staff=request.user).order_by("path"),
        grants=AuthorityGrant.objects.filter(mine, status=GrantStatus.APPROVED)
        .select_related("unit")
        .order_by("level", "pk"),
        people=Staff.objects.filter(
            is_active=True, unit__path__startswith=request.user.unit.path
        ).order_by("username"),
        initial={"valid_from": clock.today()},
    )
    status = 200 if request.method != "POST" else 422
    if request.method == "POST" and form.is_valid():
        names = ("grant", "delegate", "unit", "valid_from", "valid_to", "reason")
        words = {name: form.cleaned_data[name] for name in names}
        try:
            delegate_authority(**words, extent=form.extent(), by=request.user, at=clock.now())
        except DomainError as refusal:
            status = refusal.status
            for each in refusal.context.get("findings", [refusal.message]):
                form.add_error(None, each)
        else:
            messages.success(request, _("The authority is delegated; it ends by itself."))
            return redirect("organization:delegations")
    context = {"form": form}
    return render(request, "organization/authority/delegation_create.html", context, status=status)


@require_POST
def delegation_revocation(request: HttpRequest, pk: int) -> HttpResponse:
    check(request.user, Permission.SIGN_CASES)
    revoke_delegation(
        delegation=selectors.delegation_of(person=request.user, pk=pk),
        by=request.user,
        at=clock.now(),
        reason=request.POST.get("reason", "")[:500],
    )
    messages.success(request, _("The delegation is taken back."))
    return redirect("organization:delegations")


# who could sign


@require_safe
def signer_list(request: HttpRequest) -> HttpResponse:
    check(request.user, Permission.VIEW_AUTHORITY)
    units = units_in_scope(staff=request.user).order_by("path")
    at, as_of, case = clock.now(), clock.today(), None
    form = FactsForm(request.GET if "amount" in request.GET else None, units=units)
    signers: list[Signer] | None = None
    if request.GET.get("case", "").isdigit():
        case = case_of(staff=request.user, pk=int(request.GET["case"]), as_of=as_of)
        signers = selectors.who_could_sign(
            facts=selectors.facts_of(case=case),
            at=at,
            as_of=as_of,
            maker_id=case.maker_id,
            traits=traits_of_case(case=case),
        )
    elif form.is_bound and form.is_valid():
        facts = form.facts()
        signers = selectors.who_could_sign(
            facts=facts, at=at, as_of=as_of, permission=selectors.permission_asked(facts)
        )
    context = {"form": form, "case": case, "at": at, **answer_of(signers)}
    return render(request, "organization/authority/signer_list.html", context)
