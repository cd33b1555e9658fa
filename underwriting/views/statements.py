"""Statements of reinsurers: what a quarter brought each, and the policies behind it."""

from collections.abc import Callable
from typing import IO

from django.core.paginator import Paginator
from django.http import FileResponse, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_safe

from core import clock
from core.errors import RuleBroken
from core.months import quarter_text
from core.printing import NoPdfError
from core.workbooks import EXCEL
from parties.services import Order, ask_export, export_now
from underwriting import permissions
from underwriting.forms.cessions import PurposeForm
from underwriting.selectors.statements import quarters_ceded, statement_of, statements_of
from underwriting.services.statements import statement_order, statement_pdf, statement_workbook

PER_PAGE = 50


@require_safe
def statement_list(request: HttpRequest) -> HttpResponse:
    permissions.check_view_statements(request.user)
    quarters = quarters_ceded()
    last = quarters[0] if quarters else quarter_text(clock.today())
    book = statements_of(staff=request.user, quarter=request.GET.get("quarter") or last)
    context = {"book": book, "quarters": quarters}
    return render(request, "underwriting/cessions/statement_list.html", context)


@require_safe
def statement(request: HttpRequest, pk: int, quarter: str) -> HttpResponse:
    found = statement_of(staff=request.user, pk=pk, quarter=quarter)
    context = {
        "statement": found,
        "treaties": sorted(found.treaties.items()),
        "page": Paginator(found.lines, PER_PAGE).get_page(request.GET.get("page")),
        "may_export": permissions.may_export_statements(request.user),
    }
    return render(request, "underwriting/cessions/statement.html", context)


@require_http_methods(["GET", "POST"])
def statement_export(request: HttpRequest, pk: int, quarter: str) -> HttpResponse:
    found = statement_of(staff=request.user, pk=pk, quarter=quarter)
    return _answer(
        request,
        statement_order(statement=found),
        lambda mark: statement_workbook(statement=found, mark=mark),
        content_type=EXCEL,
    )


@require_http_methods(["GET", "POST"])
def statement_paper(request: HttpRequest, pk: int, quarter: str) -> HttpResponse:
    found = statement_of(staff=request.user, pk=pk, quarter=quarter)
    try:
        return _answer(
            request,
            statement_order(statement=found, is_paper=True),
            lambda mark: statement_pdf(statement=found, mark=mark),
            content_type="application/pdf",
        )
    except NoPdfError as lack:
        return render(request, "underwriting/policies/no_pdf.html", {"lack": lack}, status=503)


def _answer(
    request: HttpRequest, order: Order, make: Callable[[str], IO[bytes]], *, content_type: str
) -> HttpResponse:
    """GET gives a free file; POST asks for approval of one that is not free."""
    at, form, status = clock.now(), PurposeForm(), 200
    if request.method == "POST":
        form, status = PurposeForm(request.POST), 422
        if form.is_valid():
            try:
                export = ask_export(
                    order=order, reason=form.cleaned_data["reason"], by=request.user, at=at
                )
            except RuleBroken as refusal:
                form.add_error(None, refusal.message)
            else:
                return redirect("parties:export", export.pk)
    else:
        book = export_now(order=order, make=make, by=request.user, at=at)
        if book is not None:
            return FileResponse(
                book, as_attachment=True, filename=order.file_name, content_type=content_type
            )
    context = {"order": order, "form": form}
    return render(request, "underwriting/cessions/export.html", context, status=status)
