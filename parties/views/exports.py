"""The register of exports: what left, what waits, the decision, the file."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import redirect, render
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from core import clock, files
from core.errors import DomainError
from core.workbooks import EXCEL
from parties.enums import ExportStatus
from parties.errors import NotPermitted
from parties.forms import DecisionForm
from parties.models import Export
from parties.permissions import check_decide_export, may_decide_export, may_see_exports
from parties.selectors import export_of, exports_for, waiting_exports
from parties.services import decide_export, fetch_export

PER_PAGE = 50


@require_safe
def export_list(request: HttpRequest) -> HttpResponse:
    if not may_see_exports(request.user):
        raise NotPermitted("not_permitted", _("You may not do this: take files out."))
    status = request.GET.get("status", "")
    found = exports_for(staff=request.user)
    if status in ExportStatus.values:
        found = found.filter(status=status)
    context = {
        "page": Paginator(found, PER_PAGE).get_page(request.GET.get("page")),
        "status": status,
        "tabs": [("", _("All")), *ExportStatus.choices],
        "waiting": waiting_exports(staff=request.user).count(),
    }
    return render(request, "parties/exports/export_list.html", context)


@require_safe
def export_detail(request: HttpRequest, pk: int) -> HttpResponse:
    export = export_of(staff=request.user, pk=pk)
    return _page(request, export, DecisionForm())


def _page(
    request: HttpRequest, export: Export, form: DecisionForm, status: int = 200
) -> HttpResponse:
    is_waiting = export.status == ExportStatus.WAITING
    context = {
        "export": export,
        "form": form,
        "may_decide": is_waiting and may_decide_export(request.user, export=export),
        "may_fetch": export.stored_id is not None and export.asked_by_id == request.user.pk,
    }
    return render(request, "parties/exports/export_detail.html", context, status=status)


@require_POST
def export_decision(request: HttpRequest, pk: int) -> HttpResponse:
    export = export_of(staff=request.user, pk=pk)
    check_decide_export(request.user, export=export)
    form = DecisionForm(request.POST)
    status = 422
    if form.is_valid():
        try:
            decide_export(
                export=export,
                is_approved=form.cleaned_data["decision"] == "approve",
                remark=form.cleaned_data["remark"],
                by=request.user,
                at=clock.now(),
            )
        except DomainError as refusal:
            status = refusal.status
            form.add_error(refusal.field if refusal.field in form.fields else None, refusal.message)
        else:
            messages.success(request, _("The decision is recorded."))
            return redirect("parties:export", pk)
    export.refresh_from_db()
    return _page(request, export, form, status)


@require_safe
def export_file(request: HttpRequest, pk: int) -> StreamingHttpResponse:
    export = export_of(staff=request.user, pk=pk)
    stored = fetch_export(export=export, by=request.user, at=clock.now())
    disposition = content_disposition_header(as_attachment=True, filename=export.file_name)
    headers = {
        "Content-Disposition": disposition,
        "Content-Length": str(stored.size),
        "Cache-Control": "private, no-store",
    }
    return StreamingHttpResponse(files.pieces(stored), content_type=EXCEL, headers=headers)
