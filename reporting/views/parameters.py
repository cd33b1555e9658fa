"""The register of parameters: what is in force, proposals, their approval, history."""

import datetime as dt

from django.contrib import messages
from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from core import clock
from core.enums import ParameterStatus, Verification
from core.errors import Missing
from core.parameters import value_text
from core.selectors import parameters as selectors
from core.shipped import shipped_like, value_words
from organization.enums import Permission
from organization.permissions import check, may
from reporting.forms import ParameterForm
from reporting.permissions import check_see_governance
from reporting.services import parameters as services
from reporting.views.shared import accepted, page_of


@require_safe
def parameter_list(request: HttpRequest) -> HttpResponse:
    check_see_governance(request.user)
    as_of, words = _day(request), request.GET.get("q", "").strip()
    status = request.GET.get("status", "")
    rows = selectors.parameters_in_force(as_of=as_of)
    if words:
        alike = shipped_like(words)
        rows = rows.filter(
            Q(name__icontains=words)
            | Q(source__icontains=words)
            | Q(note__icontains=words)
            | Q(source__in=alike)
            | Q(note__in=alike)
        )
    if status in ParameterStatus.values:
        rows = rows.filter(status=status)
    page = page_of(request, rows)
    context = {
        "page": page,
        "rows": [(row, value_words(row.value)) for row in page],
        "as_of": as_of,
        "words": words,
        "status": status,
        "statuses": [each for each in ParameterStatus if each in selectors.IN_USE],
        "unapproved": selectors.unapproved_count(as_of=as_of),
        "proposals": [(row, value_words(row.value)) for row in selectors.parameter_proposals()],
    }
    return render(request, "reporting/parameters/parameter_list.html", context)


@require_safe
def parameter_detail(request: HttpRequest, name: str) -> HttpResponse:
    check_see_governance(request.user)
    rows = list(selectors.parameter_history(name=name))
    now = _in_force(name)
    may_approve = may(request.user, Permission.APPROVE_PARAMETERS)
    context = {
        "name": name,
        "now": now,
        "now_text": value_words(now.value) if now else "",
        "history": [(row, value_words(row.value)) for row in rows],
        "proposals": [
            (row, value_words(row.value), may_approve and row.proposed_by_id != request.user.pk)
            for row in rows
            if row.status == ParameterStatus.PROPOSED
        ],
        "may_propose": may(request.user, Permission.PROPOSE_PARAMETERS),
    }
    return render(request, "reporting/parameters/parameter_detail.html", context)


def parameter_proposal(request: HttpRequest, name: str) -> HttpResponse:
    check(request.user, Permission.PROPOSE_PARAMETERS)
    latest = selectors.parameter_history(name=name)[0]
    now = _in_force(name) or latest
    initial = {
        "value_text": value_text(now.value),
        "valid_from": clock.today(),
        "source": now.source,
        "verification": Verification.VERIFIED,
    }
    form = ParameterForm(request.POST or None, initial=initial)
    if request.method == "POST" and accepted(
        form,
        lambda: services.propose_parameter(
            name=name, **form.cleaned_data, by=request.user, at=clock.now()
        ),
    ):
        messages.success(request, _("The proposal waits for another person's approval."))
        return redirect("governance:parameter", name)
    context = {"form": form, "name": name, "now": now}
    status = 422 if request.method == "POST" else 200
    return render(request, "reporting/parameters/parameter_proposal.html", context, status=status)


@require_POST
def parameter_decision(request: HttpRequest, name: str, pk: int) -> HttpResponse:
    row = selectors.parameter_row(pk=pk)
    if row.name != name:
        raise Missing("parameter_missing", _("There is no such parameter."))
    is_approved = request.POST.get("decision") == "approve"
    services.decide_parameter(
        row=row,
        is_approved=is_approved,
        remark=request.POST.get("remark", ""),
        by=request.user,
        at=clock.now(),
    )
    words = _("The value is approved.") if is_approved else _("The value is rejected.")
    messages.success(request, words)
    return redirect("governance:parameter", name)


def _in_force(name: str):
    try:
        return selectors.parameter(name=name, as_of=clock.today())
    except Missing:
        return None


def _day(request: HttpRequest) -> dt.date:
    try:
        return dt.date.fromisoformat(request.GET.get("as_of", ""))
    except ValueError:
        return clock.today()
