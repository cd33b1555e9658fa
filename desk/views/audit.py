"""The audit trail."""

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from desk.forms import AuditFilterForm
from desk.selectors import audit as selectors
from organization.enums import Permission
from organization.permissions import check

PER_PAGE = 50


@require_safe
def audit_list(request: HttpRequest) -> HttpResponse:
    check(request.user, Permission.SEARCH_AUDIT)
    form = AuditFilterForm(request.GET)
    records = selectors.audit_records(read=form.read())
    page = Paginator(records, PER_PAGE).get_page(request.GET.get("page"))
    template = "_record_rows" if request.htmx else "audit_list"
    return render(request, f"desk/audit/{template}.html", {"page": page, "form": form})


@require_safe
def audit_record(request: HttpRequest, pk: int) -> HttpResponse:
    check(request.user, Permission.SEARCH_AUDIT)
    record = selectors.audit_record(pk=pk)
    context = {
        "record": record,
        "head": selectors.head_over(link=record.link),
        "changes": selectors.changes_with(record=record),
    }
    return render(request, "desk/audit/audit_record.html", context)
