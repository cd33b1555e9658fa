"""Cases for signature."""

import uuid
from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.forms import Form
from django.http import HttpRequest, HttpResponse, QueryDict, StreamingHttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from core import clock
from core.downloads import hand_out
from core.errors import DomainError
from organization.enums import CaseState, ExceptionKind, Permission, WorkKind
from organization.forms.cases import (
    CaseForm,
    DecisionForm,
    PartyFormSet,
    PutForm,
    TermsForm,
    VersionForm,
)
from organization.models import AuthorityCase
from organization.permissions import check, may
from organization.selectors import cases as selectors
from organization.selectors import units_in_scope
from organization.selectors.answers import answer_of
from organization.selectors.authority import facts_of, who_could_sign
from organization.selectors.committees import committees_for
from organization.selectors.conflicts import conflict_of
from organization.selectors.recusal import (
    masked_name,
    recusal_log,
    traits_of_case,
)
from organization.selectors.work import has_sight
from organization.services import cases as services
from organization.services.step_up import fresh_second_factor

PER_PAGE = 50


def _check_sees(request: HttpRequest) -> None:
    """Cases are seen by those who view authority or decide cases."""
    if not may(request.user, Permission.SIGN_CASES):
        check(request.user, Permission.VIEW_AUTHORITY)


@require_safe
def case_list(request: HttpRequest) -> HttpResponse:
    _check_sees(request)
    cases = selectors.cases_in_scope(staff=request.user, as_of=clock.today())
    if request.GET.get("mine"):
        cases = cases.filter(maker=request.user)
    state = request.GET.get("state", CaseState.SUBMITTED)
    if state not in CaseState.values:
        state = CaseState.SUBMITTED
    page = Paginator(cases.filter(state=state), PER_PAGE).get_page(request.GET.get("page"))
    context = {
        "page": page,
        "tabs": _tabs(selectors.state_counts(cases=cases), state, request.GET),
        "may_make": may(request.user, Permission.VIEW_AUTHORITY),
        "mine": request.GET.get("mine", ""),
        "state": state,
    }
    return render(request, "organization/cases/case_list.html", context)


def _tabs(counts: dict[str, int], state: str, query: QueryDict) -> list[dict[str, Any]]:
    kept, shown = query.copy(), []
    kept.pop("page", None)
    for each in CaseState:
        kept["state"] = each.value
        shown.append(
            {
                "title": each.label,
                "count": counts[each.value],
                "query": kept.urlencode(),
                "is_here": each == state,
            }
        )
    return shown


def case_create(request: HttpRequest) -> HttpResponse:
    check(request.user, Permission.VIEW_AUTHORITY)
    units = units_in_scope(staff=request.user).order_by("path")
    form = CaseForm(request.POST or None, request.FILES or None, units=units)
    parties = PartyFormSet(request.POST or None, prefix="party")
    status = 200 if request.method != "POST" else 422
    if request.method == "POST" and form.is_valid() and parties.is_valid():
        try:
            case = services.submit_case(
                terms=form.terms(),
                unit=form.cleaned_data["unit"],
                parties=[each for row in parties if (each := row.party()) is not None],
                documents=form.documents(),
                by=request.user,
                at=clock.now(),
            )
        except DomainError as refusal:
            status = refusal.status
            form.add_error(refusal.field if refusal.field in form.fields else None, refusal.message)
        else:
            messages.success(request, _("The case waits for a decision."))
            return redirect("organization:case", case.pk)
    context = {"form": form, "parties": parties}
    return render(request, "organization/cases/case_create.html", context, status=status)


@require_safe
def case_detail(request: HttpRequest, pk: int) -> HttpResponse:
    _check_sees(request)
    case = selectors.case_of(staff=request.user, pk=pk, as_of=clock.today())
    return render(request, "organization/cases/case_detail.html", _story(request, case))


def _story(request: HttpRequest, case: AuthorityCase, form: Form | None = None) -> dict[str, Any]:
    at, as_of = clock.now(), clock.today()
    is_waiting = case.state == CaseState.SUBMITTED
    signers = None
    if is_waiting:
        signers = who_could_sign(
            facts=facts_of(case=case),
            at=at,
            as_of=as_of,
            maker_id=case.maker_id,
            traits=traits_of_case(case=case),
        )
    resolution = selectors.resolution_in_force(case=case)
    return {
        "case": case,
        "is_waiting": is_waiting,
        "is_maker": case.maker_id == request.user.pk,
        "may_rework": case.state == CaseState.RETURNED
        and (
            case.maker_id == request.user.pk
            or has_sight(staff=request.user, subject=case, at=at, kind=WorkKind.CASE_REWORK)
        ),
        "parties": [(each, masked_name(party=each)) for each in case.parties.order_by("pk")],
        "files": case.files.select_related("stored").order_by("pk"),
        "decisions": selectors.decisions_of(case=case),
        "recusals": recusal_log(case=case),
        "resolutions": case.resolutions.select_related("committee").order_by("pk"),
        "resolution": resolution,
        "may_decide": is_waiting and may(request.user, Permission.SIGN_CASES),
        "conflict": conflict_of(person=request.user, subject=case, as_of=as_of)
        if is_waiting
        else [],
        "exceptions": [str(ExceptionKind(each).label) for each in case.exceptions],
        "form": form
        or DecisionForm(initial={"version": case.version, "key": uuid.uuid4()}, auto_id="d_%s"),
        "withdraw_form": VersionForm(initial={"version": case.version}, auto_id="w_%s"),
        "put_form": PutForm(
            committees=committees_for(case=case, as_of=as_of), initial={"held_on": as_of}
        )
        if is_waiting and may(request.user, Permission.RUN_COMMITTEES, unit=case.unit)
        else None,
        **answer_of(signers),
    }


@require_POST
@fresh_second_factor
def case_decision(request: HttpRequest, pk: int) -> HttpResponse:
    check(request.user, Permission.SIGN_CASES)
    case = selectors.case_of(staff=request.user, pk=pk, as_of=clock.today())
    form, status = DecisionForm(request.POST, auto_id="d_%s"), 422
    if form.is_valid():
        try:
            services.decide_case(case=case, **form.cleaned_data, by=request.user, at=clock.now())
        except DomainError as refusal:
            status = refusal.status
            for each in refusal.context.get("findings") or [refusal.message]:
                form.add_error(None, each)
        else:
            messages.success(request, _("The decision is recorded."))
            return redirect("organization:case", pk)
    case.refresh_from_db()
    context = _story(request, case, form)
    return render(request, "organization/cases/case_detail.html", context, status=status)


@require_POST
def case_withdrawal(request: HttpRequest, pk: int) -> HttpResponse:
    _check_sees(request)
    case = selectors.case_of(staff=request.user, pk=pk, as_of=clock.today())
    version = request.POST.get("version", "")
    services.withdraw_case(
        case=case,
        version=int(version) if version.isdigit() else 0,
        by=request.user,
        at=clock.now(),
        reason=request.POST.get("reason", "")[:500],
    )
    messages.success(request, _("The case is withdrawn."))
    return redirect("organization:case", pk)


def case_resubmission(request: HttpRequest, pk: int) -> HttpResponse:
    check(request.user, Permission.VIEW_AUTHORITY)
    case = selectors.case_of(staff=request.user, pk=pk, as_of=clock.today())
    names = [name for name in TermsForm.base_fields if name != "document"]
    initial = {name: getattr(case, name) for name in names}
    form = TermsForm(request.POST or None, request.FILES or None, initial=initial)
    status = 200 if request.method != "POST" else 422
    if request.method == "POST" and form.is_valid():
        version = request.POST.get("version", "")
        try:
            services.resubmit_case(
                case=case,
                terms=form.terms(),
                version=int(version) if version.isdigit() else 0,
                documents=form.documents(),
                by=request.user,
                at=clock.now(),
            )
        except DomainError as refusal:
            status = refusal.status
            form.add_error(refusal.field if refusal.field in form.fields else None, refusal.message)
        else:
            messages.success(request, _("The case waits for a decision."))
            return redirect("organization:case", pk)
    context = {"form": form, "case": case}
    return render(request, "organization/cases/case_resubmission.html", context, status=status)


@require_safe
def case_file(request: HttpRequest, pk: int, file_pk: int) -> StreamingHttpResponse:
    _check_sees(request)
    case = selectors.case_of(staff=request.user, pk=pk, as_of=clock.today())
    return hand_out(selectors.case_file(case=case, pk=file_pk), by=request.user, at=clock.now())
