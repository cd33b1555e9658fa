"""The register of month-ends, one version with what it changed, and closing a month."""

from typing import Any

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods
from django_htmx.http import HttpResponseClientRedirect

from core import clock
from core.enums import JobStatus
from core.errors import Missing
from core.months import parse_month
from organization.enums import Permission
from organization.permissions import check, may
from parties.services import Order
from postloss.adapters.loan_sheets import KIND_TITLES, bucket_label, changes_workbook
from postloss.forms.dashboard import ClosingForm, DifferenceForm, read_filters
from postloss.models import Figure, MonthEnd
from postloss.selectors import closings
from postloss.selectors.calendar import Calendar, calendar
from postloss.selectors.files import may_see_files
from postloss.selectors.month_ends import months_with_files
from postloss.selectors.scope import unit_in_scope
from postloss.services.closing_requests import may_close_months, request_closing
from postloss.services.large_exports import DIFFERENCE_KIND
from postloss.views.exporting import answer_export
from postloss.views.loans import KnownCount
from postloss.views.slices import Ratio, loans_url, ratios_of

PAGE, MONTHS_PAGE = 50, 24
OPEN = {JobStatus.QUEUED, JobStatus.RUNNING}


@require_GET
def month_end_list(request: HttpRequest) -> HttpResponse:
    check(request.user, Permission.VIEW_PORTFOLIO)
    register = closings.register_of(closed=calendar(), unit=request.user.unit)
    page = Paginator(register.lines, MONTHS_PAGE).get_page(request.GET.get("page"))
    context = {
        "page": page,
        "open_months": register.open_months,
        "may_close": may_close_months(request.user),
    }
    return render(request, "postloss/month_ends/month_end_list.html", context)


@require_GET
def month_end(request: HttpRequest, month: str) -> HttpResponse:
    check(request.user, Permission.VIEW_PORTFOLIO)
    filters = read_filters(DifferenceForm, request.GET)
    closed, day = calendar(), parse_month(month)
    may_close = may_close_months(request.user)
    if not closed.of_month(day):
        return _open_month(request, month, may_close)
    row = closed.pick(month=day, version=filters["version"])
    unit = unit_in_scope(staff=request.user, code=filters["unit"])
    context = {
        "row": row,
        "month": month,
        "unit": unit,
        "filters": filters,
        "money": filters["money"] or "yuan",
        "versions": closed.of_month(day),
        "denominators": [("M0_1", row.one_before), ("M0_2", row.two_before)],
        "files": closings.files_of(month_end=row) if may_see_files(request.user) else None,
        "may_close": may_close,
        "form": ClosingForm(is_restatement=True),
        "may_export": may(request.user, Permission.EXPORT),
        "not_reported_url": loans_url(month_end=row, unit=unit.code, bucket="not_reported"),
        "differs_url": loans_url(month_end=row, unit=unit.code, bucket="basis_differs"),
    }
    context |= _job_context(month) if may_close else {"job": None, "is_open": False}
    context |= _difference(request, closed, row, unit, filters["kind"])
    return render(request, "postloss/month_ends/month_end.html", context)


def _open_month(request: HttpRequest, month: str, may_close: bool) -> HttpResponse:
    if not may_close or parse_month(month) not in months_with_files():
        raise Missing("month_end_missing", _("This month or version is not closed."))
    context = {"month": month, "form": ClosingForm(is_restatement=False)}
    context |= _job_context(month)
    return render(request, "postloss/month_ends/open_month.html", context)


def _job_context(month: str) -> dict[str, Any]:
    job = closings.closing_job(month=parse_month(month))
    return {"job": job, "is_open": job is not None and job.status in OPEN}


def _before(closed: Calendar, row: MonthEnd) -> MonthEnd | None:
    earlier = [each for each in closed.of_month(row.month) if each.version < row.version]
    return earlier[0] if earlier else None


def _difference(
    request: HttpRequest, closed: Calendar, row: MonthEnd, unit: Any, kind: str
) -> dict[str, Any]:
    before = _before(closed, row)
    pairs = closings.figure_pairs(before=before or row, after=row, unit=unit)
    if before is None:
        return {"before": None, "total": pairs[0].after if pairs else None}
    changes = closings.Changes(before=before, after=row, unit=unit)
    counts = changes.counts()
    known = sum(each.loans for each in counts if kind in ("", each.kind))
    page = KnownCount(_Window(changes, kind), PAGE, known=known).get_page(request.GET.get("page"))
    return {
        "before": before,
        "total": pairs[0].after if pairs else None,
        "pairs": [
            (pair, _ratios(pair.before, before), _ratios(pair.after, row))
            for number, pair in enumerate(pairs)
            if number == 0 or pair.differs
        ],
        "kinds": [(each, KIND_TITLES[each.kind]) for each in counts],
        "changed": sum(each.loans for each in counts),
        "page": page,
        "changes": [
            (change, KIND_TITLES[change.kind], bucket_label(change.before_bucket),
             bucket_label(change.after_bucket))
            for change in page.object_list
        ],
    }  # fmt: skip


def _ratios(figure: Figure | None, row: MonthEnd) -> list[Ratio]:
    return ratios_of(figure, row) if figure else []


class _Window:
    """The changed loans as a list that a paginator cuts a page from."""

    def __init__(self, changes: closings.Changes, kind: str):
        self._changes, self._kind = changes, kind

    def __getitem__(self, cut: slice) -> list[closings.LoanChange]:
        return self._changes.loans(kind=self._kind, first=cut.start, count=cut.stop - cut.start)


@require_http_methods(["GET", "POST"])
def difference_export(request: HttpRequest, month: str) -> HttpResponse:
    check(request.user, Permission.VIEW_PORTFOLIO)
    check(request.user, Permission.EXPORT)
    filters = read_filters(DifferenceForm, request.GET)
    closed = calendar()
    row = closed.pick(month=parse_month(month), version=filters["version"])
    unit = unit_in_scope(staff=request.user, code=filters["unit"])
    before = _before(closed, row)
    if before is None:
        raise Missing("difference_missing", _("There is no version before this one."))
    changes = closings.Changes(before=before, after=row, unit=unit)
    rows = sum(each.loans for each in changes.counts())
    pairs = closings.figure_pairs(before=before, after=row, unit=unit)
    order = Order(
        kind=DIFFERENCE_KIND,
        title=_("Difference of %(unit)s, %(month)s") % {"unit": unit.name, "month": month},
        file_name=f"difference_{unit.code}_{month}_v{before.version}_v{row.version}.xlsx",
        rows=rows,
        unit=unit,
        filters={
            "month": month, "version": row.version, "before": before.version, "unit": unit.code,
        },
    )  # fmt: skip
    return answer_export(
        request,
        order,
        lambda mark: changes_workbook(changes=changes, pairs=pairs, rows=rows, mark=mark),
    )


@require_http_methods(["GET", "POST"])
def closing(request: HttpRequest, month: str) -> HttpResponse:
    """POST asks for a closing; GET tells how far it is, as a fragment that asks again."""
    check(request.user, Permission.CLOSE_MONTH)
    day = parse_month(month)
    if request.method == "POST":
        request_closing(
            month=day,
            reason=request.POST.get("reason", "").strip(),
            by=request.user,
            at=clock.now(),
        )
        if not request.htmx:
            return redirect("postloss:month_end", month=month)
    job = closings.closing_job(month=day)
    if job is None:
        raise Missing("job_missing", _("There is no such job."))
    if request.htmx and request.method == "GET" and job.status == JobStatus.DONE:
        return HttpResponseClientRedirect(reverse("postloss:month_end", args=[month]))
    context = {"job": job, "month": month, "is_open": job.status in OPEN}
    return render(request, "postloss/month_ends/_closing.html", context)
