"""The steps of a report: draft, review, release."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from core import clock
from core.months import parse_quarter
from organization.services.step_up import fresh_second_factor
from reporting import selectors, services
from reporting.errors import RuleBroken
from reporting.forms import RemarkForm


@require_POST
def draft(request: HttpRequest) -> HttpResponse:
    quarter = parse_quarter(request.POST.get("quarter", ""))[0]
    job = services.request_draft(quarter=quarter, by=request.user, at=clock.now())
    if job.created_by_id != request.user.pk:
        messages.info(request, _("Somebody else is drafting this quarter just now."))
        return redirect("reporting:reports")
    return redirect("desk:job", pk=job.pk)


@require_POST
def review(request: HttpRequest, quarter: str, number: int) -> HttpResponse:
    return _step(request, quarter, number, services.review_report, _("The report is reviewed."))


@require_POST
@fresh_second_factor
def release(request: HttpRequest, quarter: str, number: int) -> HttpResponse:
    return _step(request, quarter, number, services.release_report, _("The report is released."))


def _step(request, quarter, number, service, word) -> HttpResponse:
    report = selectors.report_of(
        for_user=request.user, quarter=parse_quarter(quarter)[0], number=number
    )
    form = RemarkForm(request.POST)
    if not form.is_valid():
        raise RuleBroken("remark_too_long", _("A remark has at most 500 characters."), "remark")
    service(report=report, by=request.user, at=clock.now(), remark=form.cleaned_data["remark"])
    messages.success(request, word)
    return redirect("reporting:report", quarter=quarter, number=number)
