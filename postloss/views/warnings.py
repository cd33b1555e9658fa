"""Warnings: the list, one warning with its story, and its steps."""

from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.forms import Form
from django.http import HttpRequest, HttpResponse, QueryDict, StreamingHttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from core import clock
from core.downloads import hand_out
from core.errors import DomainError, Missing
from core.months import month_text
from organization.enums import Permission, UnitKind
from organization.models import Unit
from organization.permissions import check
from organization.selectors.answers import answer_of
from organization.selectors.conflicts import conflict_of
from parties.services import Order, record_copy
from postloss.enums import Dimension, Indicator, WarningAction, WarningKind, WarningState
from postloss.forms.warnings import (
    STANDING,
    AcknowledgeForm,
    CloseForm,
    DisposeForm,
    ReviewForm,
    WarningFilterForm,
    narrow,
)
from postloss.models import RiskWarning
from postloss.permissions import may_take_warning_step
from postloss.selectors import warnings as selectors
from postloss.selectors.thresholds import threshold_set_in_force
from postloss.services import warnings as services
from underwriting.models import Control
from underwriting.selectors import controls_on, live_control_of, who_could_lift

PER_PAGE = 50
LOANS_SHOWN = 200
LOANS_BEHIND = {  # indicator → the bucket above its fraction bar
    Indicator.OVERDUE_RATE: "overdue",
    Indicator.ROLL_M0_1: "m1",
    Indicator.ROLL_M0_2: "m2",
    Indicator.TAIL_SHARE: "tail",
}
STEP_OF = {  # state → (action, form, URL name)
    WarningState.OPEN: (WarningAction.ACKNOWLEDGE, AcknowledgeForm, "warning_acknowledgement"),
    WarningState.ACKNOWLEDGED: (WarningAction.DISPOSE, DisposeForm, "warning_disposal"),
    WarningState.DISPOSED: (WarningAction.REVIEW, ReviewForm, "warning_review"),
    WarningState.REVIEWED: (WarningAction.CLOSE, CloseForm, "warning_closing"),
}


@require_safe
def warning_list(request: HttpRequest) -> HttpResponse:
    check(request.user, Permission.VIEW_PORTFOLIO)
    form = WarningFilterForm(request.GET)
    read = form.read()
    warnings = narrow(
        selectors.warnings_in_scope(staff=request.user), read, person_id=request.user.pk
    )
    counts = selectors.state_counts(warnings=warnings)
    state = read["state"] or STANDING
    shown = (
        warnings.exclude(state=WarningState.CLOSED)
        if state == STANDING
        else warnings.filter(state=state)
    )
    at = clock.now()
    page = Paginator(selectors.overdue_first(warnings=shown, at=at), PER_PAGE)
    context = {
        "page": page.get_page(request.GET.get("page")),
        "tabs": _tabs(counts, state, request.GET),
        "form": form,
        "state": state,
        "at": at,
        "levels": selectors.open_warning_counts(staff=request.user),
        "threshold_set": threshold_set_in_force(as_of=clock.today()),
    }
    template = "_warning_rows" if request.htmx else "warning_list"
    return render(request, f"postloss/warnings/{template}.html", context)


def _tabs(counts: dict[str, int], state: str, query: QueryDict) -> list[dict[str, object]]:
    standing = sum(counts.values()) - counts[WarningState.CLOSED]
    tabs = [(STANDING, _("All standing"), standing)]
    tabs += [(each.value, each.label, counts[each.value]) for each in WarningState]
    kept = query.copy()
    kept.pop("page", None)
    shown = []
    for key, title, count in tabs:
        kept["state"] = key
        shown.append(
            {"title": title, "count": count, "query": kept.urlencode(), "is_here": key == state}
        )
    return shown


@require_safe
def warning_detail(request: HttpRequest, pk: int) -> HttpResponse:
    check(request.user, Permission.VIEW_PORTFOLIO)
    warning = selectors.warning_of(staff=request.user, pk=pk, at=clock.now())
    return render(request, "postloss/warnings/warning_detail.html", _story(request, warning))


def _story(request: HttpRequest, warning: RiskWarning, form: Form | None = None) -> dict[str, Any]:
    trend = selectors.slice_trend(warning=warning)
    step = STEP_OF.get(WarningState(warning.state))
    may_step = step is not None and may_take_warning_step(
        request.user, warning=warning, action=step[0], at=clock.now()
    )
    loans = []
    if warning.kind == WarningKind.NOT_REPORTED:
        loans = selectors.unreported_loans(warning=warning)[:LOANS_SHOWN]
    return {
        "warning": warning,
        "at": clock.now(),
        "trend": trend,
        "chart": _chart(warning, trend),
        "observations": selectors.observations_of(warning=warning)[:60],
        "steps": selectors.steps_of(warning=warning),
        "loans": loans,
        "undefined": _undefined(warning),
        "loans_url": _loans_url(warning),
        "controls": _controls(warning),
        "conflict": conflict_of(person=request.user, subject=warning, as_of=clock.today())
        if step
        else [],
        "may_step": may_step,
        **_lifters(warning),
        "form": form or (step[1]() if step else None),
        "step_url": reverse(f"postloss:{step[2]}", args=[warning.pk]) if step else "",
        "step": step[0].value if step else "",
        "sees_book": request.user.unit.kind == UnitKind.HEAD_OFFICE,
    }


def _controls(warning: RiskWarning) -> QuerySet[Control] | list[Control]:
    """Every control that the slice ever had; a matter of data sets none."""
    if not warning.is_risk:
        return []
    return controls_on(
        unit=warning.slice_unit,
        lender=warning.lender,
        dimension=warning.dimension,
        value=warning.value,
    )


def _lifters(warning: RiskWarning) -> dict[str, Any]:
    """Who could lift what the warning set, before it is closed; asked where closing comes next."""
    if warning.state != WarningState.REVIEWED:
        return {}
    control = live_control_of(warning_id=warning.pk)
    if control is None:
        return {}
    signers = who_could_lift(
        control=control, maker_id=warning.handled_by_id, at=clock.now(), as_of=clock.today()
    )
    return answer_of(signers)


def _undefined(warning: RiskWarning) -> list[dict[str, object]]:
    """The slices of an undefined indicator, with the names of their units."""
    if warning.kind != WarningKind.UNDEFINED:
        return []
    slices = warning.test.get("values", [])
    names = dict(
        Unit.objects.filter(pk__in={each["unit"] for each in slices}).values_list("pk", "name")
    )
    return [{**each, "unit": names.get(each["unit"], "")} for each in slices]


def _chart(warning: RiskWarning, trend: list[dict[str, object]]) -> dict[str, object]:
    limits = []
    if warning.test.get("test") == "absolute":
        limits = [
            {
                "name": warning.get_level_display(),
                "value": warning.test["limit"],
                "level": warning.test["level"],
            }
        ]
    return {
        "preset": "line",
        "categories": [month_text(point["month"]) for point in trend],
        "format": "percent",
        "series": [
            {
                "name": warning.get_indicator_display(),
                "values": [
                    None if point["value"] is None else f"{point['value']:.8f}" for point in trend
                ],
            }
        ],
        "thresholds": limits,
    }


def _loans_url(warning: RiskWarning) -> str:
    """Where the loans of the newest month in view are, those that made the figure first."""
    seen = warning.last_seen_in
    # a branch name is read at the unit that it leads to: all that the branch itself may open
    unit = warning.unit if warning.dimension == Dimension.BRANCH else warning.slice_unit
    query = QueryDict(mutable=True)
    query.update({"version": str(seen.version), "unit": unit.code})
    if warning.kind != WarningKind.UNDEFINED:
        query.update({"dimension": warning.dimension, "value": warning.value})
    if warning.kind == WarningKind.NOT_REPORTED:
        query["bucket"] = "not_reported"
    elif warning.indicator in LOANS_BEHIND:
        query["bucket"] = LOANS_BEHIND[warning.indicator]
    if warning.lender is not None:
        query["lender"] = warning.lender.code
    address = reverse("postloss:snapshot_loans", args=[month_text(seen.month)])
    return f"{address}?{query.urlencode()}"


@require_POST
def warning_acknowledgement(request: HttpRequest, pk: int) -> HttpResponse:
    return _step(request, pk, AcknowledgeForm, services.acknowledge_warning)


@require_POST
def warning_disposal(request: HttpRequest, pk: int) -> HttpResponse:
    return _step(request, pk, DisposeForm, services.dispose_warning)


@require_POST
def warning_review(request: HttpRequest, pk: int) -> HttpResponse:
    return _step(request, pk, ReviewForm, services.review_warning)


@require_POST
def warning_closing(request: HttpRequest, pk: int) -> HttpResponse:
    return _step(request, pk, CloseForm, services.close_warning)


def _step(request: HttpRequest, pk: int, form_class: type[Form], service: Any) -> HttpResponse:
    """Load one warning of the scope, take one step, go back to its story."""
    check(request.user, Permission.VIEW_PORTFOLIO)
    warning = selectors.warning_of(staff=request.user, pk=pk, at=clock.now())
    form = form_class(request.POST, request.FILES)
    status = 422
    if form.is_valid():
        try:
            service(warning=warning, by=request.user, at=clock.now(), **_words(form))
        except DomainError as refusal:
            status = refusal.status
            form.add_error(refusal.field if refusal.field in form.fields else None, refusal.message)
        else:
            messages.success(request, _("The step is recorded."))
            return _after_step(request, pk)
    warning.refresh_from_db()
    context = _story(request, warning, form)
    return render(request, "postloss/warnings/warning_detail.html", context, status=status)


def _after_step(request: HttpRequest, pk: int) -> HttpResponse:
    """Back to the story; whoever saw it only while the work was theirs goes to the workbench."""
    try:
        selectors.warning_of(staff=request.user, pk=pk, at=clock.now())
    except Missing:
        return redirect("desk:home")
    return redirect("postloss:warning", pk)


def _words(form: Form) -> dict[str, Any]:
    words = dict(form.cleaned_data)
    if "decision" in words:
        words["is_accepted"] = words.pop("decision") == "accept"
    if "evidence" in words:
        upload = words["evidence"]
        words["evidence_name"] = upload.name[:255] if upload else ""
    return words


@require_safe
def warning_evidence(request: HttpRequest, pk: int, step_pk: int) -> StreamingHttpResponse:
    check(request.user, Permission.VIEW_PORTFOLIO)
    warning = selectors.warning_of(staff=request.user, pk=pk, at=clock.now())
    stored = selectors.step_with_evidence(warning=warning, pk=step_pk).evidence
    order = Order(
        kind="warning_evidence",
        title=_("Evidence of warning %(number)s") % {"number": pk},
        file_name=f"warning_{pk}_{step_pk}",
        rows=0,
        unit=request.user.unit,
        filters={"warning": pk, "step": step_pk},
    )
    record_copy(order=order, stored=stored, by=request.user, at=clock.now())
    return hand_out(stored, by=request.user, at=clock.now())
