"""Retention rules: what is in force, what was proposed, and what a proposal would make due."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from core import clock
from core.errors import DomainError, NotPermitted
from organization.enums import Permission
from organization.permissions import may
from parties import selectors, services
from parties.enums import RuleStatus
from parties.forms import DecisionForm, RuleForm
from parties.models import RetentionRule
from parties.permissions import check_decide_rule, check_manage_retention, may_decide_rule, may_keep

PER_PAGE = 50


@require_safe
def rule_list(request: HttpRequest) -> HttpResponse:
    _require_keeper(request)
    found = selectors.retention_rules(staff=request.user)
    in_force = selectors.rules_in_force(as_of=clock.today())
    context = {
        "page": Paginator(found, PER_PAGE).get_page(request.GET.get("page")),
        "in_force": {rule.pk for rule in in_force},
        "may_manage": may(request.user, Permission.MANAGE_RETENTION),
    }
    return render(request, "parties/retention/rules/rule_list.html", context)


def _require_keeper(request: HttpRequest) -> None:
    if not may_keep(request.user):
        raise NotPermitted("not_permitted", _("You may not do this: see what is kept."))


@require_http_methods(["GET", "HEAD", "POST"])
def rule_proposal(request: HttpRequest) -> HttpResponse:
    _require_keeper(request)
    check_manage_retention(request.user)
    form, effect = RuleForm(request.POST or None, initial={"kind": request.GET.get("kind")}), None
    status = 422 if request.method == "POST" else 200
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        if "preview" in request.POST:
            effect = selectors.effect_of(
                kind=given["kind"], years=form.years(), as_of=clock.today()
            )
            status = 200
        else:
            try:
                rule = services.propose_rule(
                    **{name: given[name] for name in ("kind", "valid_from", "source", "reason")},
                    years=form.years(),
                    by=request.user,
                    at=clock.now(),
                )
            except DomainError as refusal:
                status = refusal.status
                field = refusal.field if refusal.field in form.fields else None
                form.add_error(field, refusal.message)
            else:
                messages.success(request, _("Proposed: somebody else decides."))
                return redirect("parties:rule", rule.pk)
    context = {"form": form, "effect": effect}
    return render(request, "parties/retention/rules/rule_proposal.html", context, status=status)


@require_safe
def rule_detail(request: HttpRequest, pk: int) -> HttpResponse:
    _require_keeper(request)
    return _page(request, selectors.retention_rule(staff=request.user, pk=pk), DecisionForm())


@require_POST
def rule_decision(request: HttpRequest, pk: int) -> HttpResponse:
    _require_keeper(request)
    rule = selectors.retention_rule(staff=request.user, pk=pk)
    check_decide_rule(request.user, rule=rule)
    form, status = DecisionForm(request.POST), 422
    if form.is_valid():
        try:
            services.decide_rule(
                rule=rule,
                is_approved=form.cleaned_data["decision"] == "approve",
                remark=form.cleaned_data["remark"],
                by=request.user,
                at=clock.now(),
            )
        except DomainError as refusal:
            status = refusal.status
            form.add_error(refusal.field if refusal.field in form.fields else None, refusal.message)
        else:
            messages.success(request, _("The decision is recorded."))
            return redirect("parties:rule", pk)
    rule.refresh_from_db()
    return _page(request, rule, form, status)


def _page(
    request: HttpRequest, rule: RetentionRule, form: DecisionForm, status: int = 200
) -> HttpResponse:
    today = clock.today()
    is_waiting = rule.status == RuleStatus.PROPOSED
    context = {
        "rule": rule,
        "form": form,
        "before": selectors.rule_of(kind=rule.kind, as_of=today) if is_waiting else None,
        "effect": selectors.effect_of(kind=rule.kind, years=selectors.years_of(rule), as_of=today)
        if is_waiting
        else None,
        "may_decide": is_waiting and may_decide_rule(request.user, rule=rule),
    }
    return render(request, "parties/retention/rules/rule_detail.html", context, status=status)
