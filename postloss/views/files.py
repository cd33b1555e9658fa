"""Upload lender files, watch them load, correct rejects, reconcile."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST, require_safe

from core import clock
from core.enums import JobStatus
from core.errors import DomainError
from organization.enums import Permission
from organization.permissions import check, may
from parties.services import Order
from partners.enums import FileKind, FileState
from partners.services import admit_lender
from postloss.adapters.rejects_workbook import mask_cells, workbook_name
from postloss.forms.files import LenderForm, UploadForm
from postloss.selectors import files as selectors
from postloss.services.large_exports import REJECTS_KIND, rejects_of
from postloss.services.uploads import upload_files
from postloss.views.exporting import answer_export

PER_PAGE = 50


@require_safe
def file_list(request: HttpRequest) -> HttpResponse:
    files = selectors.files_for(staff=request.user)
    page = Paginator(files, PER_PAGE).get_page(request.GET.get("page"))
    context = {
        "page": page,
        "is_open": any(file.state == FileState.LOADING for file in page),
        "may_load": may(request.user, Permission.LOAD_FILES),
    }
    template = "postloss/files/_file_rows.html" if request.htmx else "postloss/files/file_list.html"
    return render(request, template, context)


def upload(request: HttpRequest) -> HttpResponse:
    check(request.user, Permission.LOAD_FILES)
    form = UploadForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        taken, refused = upload_files(
            lender=form.cleaned_data["lender"],
            uploads=form.cleaned_data["files"],
            is_replacement=form.cleaned_data["is_replacement"],
            by=request.user,
            at=clock.now(),
        )
        for sentence in refused:
            messages.error(request, sentence)
        if taken:
            words = ngettext("%d file is being loaded.", "%d files are being loaded.", len(taken))
            messages.success(request, words % len(taken))
            return redirect("postloss:files")
    context = {"form": form, "lender_form": LenderForm()}
    return render(request, "postloss/files/upload.html", context)


@require_POST
def lender_create(request: HttpRequest) -> HttpResponse:
    check(request.user, Permission.LOAD_FILES)
    form = LenderForm(request.POST)
    if form.is_valid():
        try:
            lender = admit_lender(**form.cleaned_data)
        except DomainError as refusal:
            form.add_error(refusal.field, refusal.message)
        else:
            messages.success(request, _("Lender %s is entered.") % lender)
            return redirect("postloss:upload")
    context = {"form": UploadForm(), "lender_form": form}
    return render(request, "postloss/files/upload.html", context, status=422)


@require_safe
def file_detail(request: HttpRequest, pk: int) -> HttpResponse:
    file = selectors.file_for(staff=request.user, pk=pk)
    job = selectors.job_of_file(file=file)
    context = {
        "file": file,
        "job": job,
        "is_open": job is not None and job.status in {JobStatus.QUEUED, JobStatus.RUNNING},
    }
    if request.htmx:
        return render(request, "postloss/files/_file_state.html", context)
    level, code = request.GET.get("level", ""), request.GET.get("code", "")
    findings = selectors.findings_of(file=file, level=level, code=code)
    context |= {
        "findings_by_code": selectors.findings_by_code(file=file),
        "page": Paginator(findings, PER_PAGE).get_page(request.GET.get("page")),
    }
    return render(request, "postloss/files/file_detail.html", context)


@require_safe
def file_line(request: HttpRequest, pk: int, line_no: int) -> HttpResponse:
    file, cells = selectors.line_of(staff=request.user, file_id=pk, line_no=line_no)
    context = {
        "file": file,
        "line_no": line_no,
        "cells": mask_cells(cells),
        "findings": file.findings.filter(line_no=line_no).order_by("level", "pk"),
        "may_see_file": selectors.may_see_files(request.user),
    }
    return render(request, "postloss/files/file_line.html", context)


@require_safe
def file_rejects(request: HttpRequest, pk: int) -> HttpResponse:
    check(request.user, Permission.LOAD_FILES)
    file = selectors.file_for(staff=request.user, pk=pk)
    order = Order(
        kind=REJECTS_KIND,
        title=_("Rejected lines of %(name)s") % {"name": file.name},
        file_name=workbook_name(file.name),
        rows=file.rejected,
        unit=request.user.unit,
        filters={"file_id": file.pk},
        permission=Permission.LOAD_FILES,
    )
    return answer_export(request, order, lambda mark: rejects_of(file=file, mark=mark))


@require_safe
def file_reconciliation(request: HttpRequest, pk: int) -> HttpResponse:
    file = selectors.file_for(staff=request.user, pk=pk)
    roll = None
    if file.kind == FileKind.REPAYMENTS and file.state == FileState.COMPLETE:
        roll = selectors.roll_forward(file=file)
    return render(request, "postloss/files/reconciliation.html", {"file": file, "roll": roll})
