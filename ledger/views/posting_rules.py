"""Posting rules: what is in force, what a new version changes, and its approval."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from core import clock
from core.errors import DomainError, Missing
from ledger import permissions, selectors, services
from ledger.enums import LedgerEvent
from ledger.forms import ReasonForm, RemarkForm, RuleForm
from ledger.models import PostingRule
from ledger.rules.events import EVENTS
from ledger.rules.posting import read_rule_lines, rule_difference
from organization.services.step_up import fresh_second_factor


@require_GET
def rule_list(request: HttpRequest) -> HttpResponse:
    permissions.check_view_books(request.user)
    context = {
        "rules": selectors.posting_rules(),
        "may_propose": permissions.may_post_vouchers(request.user),
    }
    return render(request, "ledger/books/rule_list.html", context)


@require_GET
def posting_rule(request: HttpRequest, pk: int) -> HttpResponse:
    permissions.check_view_books(request.user)
    rule = selectors.posting_rule_of(pk=pk)
    return render(request, "ledger/books/rule.html", _page(request, rule))


@require_http_methods(["GET", "POST"])
def rule_proposal(request: HttpRequest, event: str) -> HttpResponse:
    permissions.check_post_vouchers(request.user)
    if event not in set(EVENTS):
        raise Missing("event_unknown", _("There is no such business event."))
    last = selectors.posting_rules().filter(event=event).first()
    text = "\n".join(" ".join(line.values()) for line in last.lines) if last else ""
    form = RuleForm(request.POST or None, initial={"lines": text})
    if form.is_valid():
        try:
            rule = services.propose_posting_rule(
                event=event, by=request.user, at=clock.now(), **form.cleaned_data
            )
        except DomainError as refusal:
            form.add_error(None, refusal.message)
        else:
            messages.success(request, _("Proposed: somebody else approves it first."))
            return redirect("ledger:posting_rule", pk=rule.pk)
    context = {
        "form": form,
        "event": LedgerEvent(event),
        "amounts": EVENTS[LedgerEvent(event)].posted,
        "chart": selectors.chart(),
    }
    return render(
        request, "ledger/books/rule_proposal.html", context, status=422 if form.errors else 200
    )


@require_POST
@fresh_second_factor
def rule_approval(request: HttpRequest, pk: int) -> HttpResponse:
    permissions.check_view_books(request.user)
    rule = selectors.posting_rule_of(pk=pk)
    permissions.check_decide_rule(request.user, rule)
    form = RemarkForm(request.POST)
    if not form.is_valid():
        context = _page(request, rule) | {"approval_form": form}
        return render(request, "ledger/books/rule.html", context, status=422)
    services.approve_posting_rule(
        rule=rule, by=request.user, at=clock.now(), remark=form.cleaned_data["remark"]
    )
    messages.success(request, _("Approved: it counts from its first day."))
    return redirect("ledger:posting_rule", pk=pk)


@require_POST
def rule_refusal(request: HttpRequest, pk: int) -> HttpResponse:
    permissions.check_view_books(request.user)
    rule = selectors.posting_rule_of(pk=pk)
    permissions.check_decide_rule(request.user, rule)
    form = ReasonForm(request.POST)
    if not form.is_valid():
        context = _page(request, rule) | {"refusal_form": form}
        return render(request, "ledger/books/rule.html", context, status=422)
    services.refuse_posting_rule(
        rule=rule, by=request.user, at=clock.now(), remark=form.cleaned_data["reason"]
    )
    return redirect("ledger:posting_rule", pk=pk)


def _page(request: HttpRequest, rule: PostingRule) -> dict[str, object]:
    names = {account.pk: account.words for account in selectors.chart()}
    before = selectors.version_before(rule=rule)
    lines, _unread = read_rule_lines(rule.lines)
    dropped, added = [], []
    if before:
        dropped, added = rule_difference(read_rule_lines(before.lines)[0], lines)
    waits = rule.decided_at is None
    return {
        "rule": rule,
        "lines": [(line, names.get(line.account, "")) for line in lines],
        "before": before,
        "dropped": [(line, names.get(line.account, "")) for line in dropped],
        "added": [(line, names.get(line.account, "")) for line in added],
        "may_decide": waits and permissions.may_decide_rule(request.user, rule),
        "approval_form": RemarkForm(),
        "refusal_form": ReasonForm(),
    }
