"""The working-day calendar: a year, the notices, their proposal and decision."""

import calendar as months
import datetime as dt

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from core import clock
from core.enums import NoticeStatus
from core.selectors import calendar as selectors
from organization.enums import Permission
from organization.permissions import check, may
from reporting.forms import CalendarForm
from reporting.permissions import check_see_governance, may_decide_calendar
from reporting.services import parameters as services
from reporting.views.shared import accepted, page_of


@require_safe
def calendar_year(request: HttpRequest) -> HttpResponse:
    check_see_governance(request.user)
    known = selectors.working_calendar()
    text = request.GET.get("year", "")
    year = int(text) if text.isascii() and text.isdecimal() and len(text) == 4 else 0
    year = year or clock.today().year
    is_maintained = year in known.years
    names = selectors.calendar_names(year=year)
    page = page_of(request, selectors.calendar_notices())
    may_decide = may_decide_calendar(request.user)
    context = {
        "year": year,
        "years": sorted(known.years, reverse=True),
        "is_maintained": is_maintained,
        "months": [_month(known, names, year, month) for month in range(1, 13)]
        if is_maintained
        else [],
        "exceptions": [(day, known.kind_of(day), name) for day, name in names.items()]
        if is_maintained
        else [],
        "page": page,
        "notices": [
            (
                each,
                may_decide
                and each.status == NoticeStatus.PROPOSED
                and each.proposed_by_id != request.user.pk,
            )
            for each in page
        ],
        "may_propose": may(request.user, Permission.MAINTAIN_CALENDAR),
    }
    return render(request, "reporting/calendar/calendar_year.html", context)


def calendar_proposal(request: HttpRequest) -> HttpResponse:
    check(request.user, Permission.MAINTAIN_CALENDAR)
    form = CalendarForm(request.POST or None)
    if request.method == "POST" and accepted(
        form,
        lambda: services.propose_calendar(**form.cleaned_data, by=request.user, at=clock.now()),
    ):
        messages.success(request, _("The notice waits for another person's approval."))
        return redirect("governance:calendar")
    status = 422 if request.method == "POST" else 200
    template = "reporting/calendar/calendar_proposal.html"
    return render(request, template, {"form": form}, status=status)


@require_POST
def calendar_decision(request: HttpRequest, pk: int) -> HttpResponse:
    check_see_governance(request.user)
    is_approved = request.POST.get("decision") == "approve"
    services.decide_calendar(
        notice=selectors.calendar_notice_of(pk=pk),
        is_approved=is_approved,
        by=request.user,
        at=clock.now(),
    )
    words = _("The notice is in force.") if is_approved else _("The notice is rejected.")
    messages.success(request, words)
    return redirect("governance:calendar")


def _month(known, names, year: int, month: int) -> dict[str, object]:
    weeks = months.Calendar().monthdatescalendar(year, month)
    return {
        "first": dt.date(year, month, 1),
        "worked": known.working_days_between(
            dt.date(year, month, 1),
            dt.date(year, month, months.monthrange(year, month)[1]),
        )
        + known.is_working_day(dt.date(year, month, months.monthrange(year, month)[1])),
        "weeks": [
            [
                {"day": day, "kind": known.kind_of(day), "name": names.get(day, "")}
                if day.month == month
                else None
                for day in week
            ]
            for week in weeks
        ],
    }
