"""Incidents and their clocks."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from core import clock as time
from core.errors import RuleBroken
from organization.enums import Permission
from organization.permissions import check, may
from organization.selectors import units_in_scope
from reporting.enums import IncidentGrade
from reporting.forms import IncidentForm
from reporting.selectors import incidents as selectors
from reporting.services import incidents as services
from reporting.views.shared import accepted, page_of

CLOCK_STEPS = {
    "report": services.stop_clock,
    "pause": services.pause_clock,
    "resume": services.resume_clock,
}


@require_safe
def incident_list(request: HttpRequest) -> HttpResponse:
    context = {
        "page": page_of(request, selectors.incidents(staff=request.user)),
        "now": time.now(),
        "may_open": may(request.user, Permission.HANDLE_INCIDENTS),
    }
    return render(request, "reporting/incidents/incident_list.html", context)


@require_safe
def incident_detail(request: HttpRequest, pk: int) -> HttpResponse:
    shown = selectors.incident_of(staff=request.user, pk=pk)
    is_open = shown.closed_at is None
    context = {
        "incident": shown,
        "now": time.now(),
        "grades": IncidentGrade.choices,
        "may_handle": is_open and may(request.user, Permission.HANDLE_INCIDENTS, unit=shown.unit),
        "may_close": is_open
        and shown.contained_by_id != request.user.pk
        and may(request.user, Permission.APPROVE_REGISTERS, unit=shown.unit),
    }
    return render(request, "reporting/incidents/incident_detail.html", context)


def incident_entry(request: HttpRequest) -> HttpResponse:
    check(request.user, Permission.HANDLE_INCIDENTS)
    units = units_in_scope(staff=request.user).order_by("path")
    form = IncidentForm(request.POST or None, units=units, initial={"found_at": time.now()})
    if request.method == "POST" and (
        opened := accepted(
            form,
            lambda: services.open_incident(**form.cleaned_data, by=request.user, at=time.now()),
        )
    ):
        return redirect("governance:incident", opened.pk)
    status = 422 if request.method == "POST" else 200
    context = {"form": form, "title": _("Open an incident"), "back": "governance:incidents"}
    return render(request, "reporting/register_form.html", context, status=status)


@require_POST
def incident_step(request: HttpRequest, pk: int, step: str) -> HttpResponse:
    shown = selectors.incident_of(staff=request.user, pk=pk)
    words = {"incident": shown, "by": request.user, "at": time.now()}
    text, paper = request.POST.get("text", ""), _paper(request)
    if step == "regrade":
        grade = request.POST.get("grade", "")
        if grade not in IncidentGrade.values:
            raise RuleBroken("grade_unknown", _("There is no such grade."))
        services.regrade_incident(**words, grade=grade, text=text)
    elif step == "contain":
        services.contain_incident(**words, text=text, evidence=paper)
    elif step == "notify":
        services.note_notification(**words, text=text, evidence=paper)
    elif step == "close":
        services.close_incident(**words, lessons=text, evidence=paper)
    else:
        raise Http404
    messages.success(request, _("The step is recorded."))
    return redirect("governance:incident", pk)


@require_POST
def incident_clock(request: HttpRequest, pk: int, clock: int, step: str) -> HttpResponse:
    shown = selectors.incident_of(staff=request.user, pk=pk)
    ticking = next((each for each in shown.clocks.all() if each.pk == clock), None)
    if ticking is None or step not in CLOCK_STEPS:
        raise Http404
    words = {"clock": ticking, "text": request.POST.get("text", "")}
    if step == "report":
        words["evidence"] = _paper(request)
    CLOCK_STEPS[step](**words, by=request.user, at=time.now())
    messages.success(request, _("The step is recorded."))
    return redirect("governance:incident", pk)


def _paper(request: HttpRequest) -> services.Paper | None:
    sent = request.FILES.get("evidence")
    return services.Paper(stream=sent.file, name=sent.name) if sent else None
