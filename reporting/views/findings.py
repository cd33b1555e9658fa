"""Findings and inspections."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from core import clock
from organization.enums import Permission, UnitKind
from organization.permissions import check, may
from organization.selectors import units_in_scope
from reporting.enums import FindingSeverity
from reporting.forms import InspectionForm, InspectionReportForm, RectificationForm
from reporting.selectors import self_checks as selectors
from reporting.services import findings as services
from reporting.views.shared import accepted, page_of


@require_safe
def finding_list(request: HttpRequest) -> HttpResponse:
    page = page_of(request, selectors.findings(staff=request.user))
    context = {"page": page, "today": clock.today()}
    return render(request, "reporting/findings/finding_list.html", context)


@require_safe
def finding_detail(request: HttpRequest, pk: int) -> HttpResponse:
    return _finding_page(request, selectors.finding_of(staff=request.user, pk=pk), None)


@require_POST
def finding_rectification(request: HttpRequest, pk: int) -> HttpResponse:
    shown = selectors.finding_of(staff=request.user, pk=pk)
    form = RectificationForm(request.POST, request.FILES)
    if accepted(
        form,
        lambda: services.rectify_finding(
            finding=shown,
            text=form.cleaned_data["text"],
            by=request.user,
            at=clock.now(),
            **_file(form, "evidence"),
        ),
    ):
        return redirect("governance:finding", pk)
    return _finding_page(request, shown, form)


@require_POST
def finding_verification(request: HttpRequest, pk: int) -> HttpResponse:
    services.verify_finding(
        finding=selectors.finding_of(staff=request.user, pk=pk),
        is_accepted=request.POST.get("decision") == "accept",
        remark=request.POST.get("remark", ""),
        by=request.user,
        at=clock.now(),
    )
    return redirect("governance:finding", pk)


def inspection_list(request: HttpRequest) -> HttpResponse:
    rows = selectors.inspections(staff=request.user)
    if request.method == "POST":
        check(request.user, Permission.MAINTAIN_REGISTERS)
    units = units_in_scope(staff=request.user).exclude(kind=UnitKind.HEAD_OFFICE).order_by("path")
    form = InspectionForm(request.POST or None, units=units)
    if request.method == "POST" and accepted(
        form,
        lambda: services.plan_inspection(
            **form.cleaned_data, lead=request.user, by=request.user, at=clock.now()
        ),
    ):
        messages.success(request, _("The inspection is planned."))
        return redirect("governance:inspections")
    context = {
        "page": page_of(request, rows),
        "form": form,
        "may_plan": may(request.user, Permission.MAINTAIN_REGISTERS),
    }
    status = 422 if request.method == "POST" else 200
    return render(request, "reporting/findings/inspection_list.html", context, status=status)


def inspection_detail(request: HttpRequest, pk: int) -> HttpResponse:
    shown = selectors.inspection_of(staff=request.user, pk=pk)
    is_post = request.method == "POST"
    if is_post:
        check(request.user, Permission.MAINTAIN_REGISTERS, unit=shown.unit)
    form = InspectionReportForm(
        request.POST if is_post else None, request.FILES if is_post else None
    )
    if is_post and accepted(
        form,
        lambda: services.record_inspection(
            inspection=shown,
            done_on=form.cleaned_data["done_on"],
            conclusion=form.cleaned_data["conclusion"],
            findings=_findings(form.cleaned_data["findings"], shown.lead),
            by=request.user,
            at=clock.now(),
            **_file(form, "report"),
        ),
    ):
        messages.success(request, _("The inspection is recorded."))
        return redirect("governance:inspection", pk)
    context = {
        "inspection": shown,
        "findings": selectors.findings(staff=request.user).filter(inspection=shown),
        "form": form,
        "may_record": shown.recorded_at is None
        and may(request.user, Permission.MAINTAIN_REGISTERS, unit=shown.unit),
    }
    status = 422 if is_post else 200
    return render(request, "reporting/findings/inspection_detail.html", context, status=status)


def _finding_page(request, shown, form) -> HttpResponse:
    may_rectify = may(request.user, Permission.SELF_CHECK, unit=shown.unit)
    context = {
        "finding": shown,
        "today": clock.today(),
        "form": form or RectificationForm(),
        "may_rectify": shown.rectified_at is None
        and (may_rectify or shown.owner_id == request.user.pk),
        "may_verify": shown.rectified_at is not None
        and shown.verified_at is None
        and shown.rectified_by_id != request.user.pk
        and may(request.user, Permission.APPROVE_REGISTERS, unit=shown.unit),
    }
    status = 422 if form else 200
    return render(request, "reporting/findings/finding_detail.html", context, status=status)


def _findings(text: str, owner) -> list:
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    return [
        (
            line.lstrip("!！ "),
            FindingSeverity.MAJOR if line[0] in "!！" else FindingSeverity.ORDINARY,
            owner,
        )
        for line in lines
    ]


def _file(form, name: str) -> dict[str, object]:
    file = form.cleaned_data[name]
    return {name: file.file, f"{name}_name": file.name} if file else {}
