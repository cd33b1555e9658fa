"""Pages of the books: import, check and sign off finance figures."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from core import clock
from core.errors import RuleBroken
from core.months import parse_month
from ledger import permissions, selectors, services
from ledger.enums import FinanceLine
from ledger.forms import FinanceFileForm, ReasonForm, RemarkForm
from ledger.models import FinanceBatch
from organization.services.step_up import fresh_second_factor

PAGE = 25


@require_GET
def batch_list(request: HttpRequest) -> HttpResponse:
    selectors.require_finance_reader(staff=request.user)
    page = Paginator(selectors.batches(for_user=request.user), PAGE).get_page(
        request.GET.get("page")
    )
    context = {"page": page, "may_import": permissions.may_import(request.user)}
    return render(request, "ledger/batch_list.html", context)


@require_http_methods(["GET", "POST"])
def batch_create(request: HttpRequest) -> HttpResponse:
    permissions.check_import(request.user)
    form = FinanceFileForm(request.POST or None, request.FILES or None)
    if form.is_valid():
        sent = form.cleaned_data["file"]
        try:
            batch = services.import_finance_figures(
                stream=sent.file, name=sent.name, by=request.user, at=clock.now()
            )
        except RuleBroken as refusal:
            form.add_error("file", refusal.message)
        else:
            return redirect("ledger:batch", pk=batch.pk)
    context = {"form": form, "lines": FinanceLine}
    status = 422 if form.errors else 200
    return render(request, "ledger/batch_create.html", context, status=status)


@require_GET
def batch_detail(request: HttpRequest, pk: int) -> HttpResponse:
    batch = selectors.batch_of(for_user=request.user, pk=pk)
    return render(request, "ledger/batch_detail.html", _context(request, batch))


@require_POST
@fresh_second_factor
def sign_off(request: HttpRequest, pk: int) -> HttpResponse:
    batch = selectors.batch_of(for_user=request.user, pk=pk)
    permissions.check_sign_off(request.user, batch)
    form = RemarkForm(request.POST)
    if not form.is_valid():
        context = _context(request, batch) | {"sign_off_form": form}
        return render(request, "ledger/batch_detail.html", context, status=422)
    services.sign_off_finance_figures(
        batch=batch, by=request.user, at=clock.now(), remark=form.cleaned_data["remark"]
    )
    messages.success(request, _("Signed off: the figures count from now on."))
    return redirect("ledger:batch", pk=pk)


@require_POST
def withdrawal(request: HttpRequest, pk: int) -> HttpResponse:
    batch = selectors.batch_of(for_user=request.user, pk=pk)
    permissions.check_withdraw(request.user, batch)
    form = ReasonForm(request.POST)
    if not form.is_valid():
        context = _context(request, batch) | {"withdraw_form": form}
        return render(request, "ledger/batch_detail.html", context, status=422)
    services.withdraw_finance_figures(
        batch=batch, by=request.user, at=clock.now(), reason=form.cleaned_data["reason"]
    )
    return redirect("ledger:batch", pk=pk)


@require_GET
def month_detail(request: HttpRequest, month: str) -> HttpResponse:
    selectors.require_finance_reader(staff=request.user)
    day = parse_month(month)
    by_code = {figure.code: figure for figure in selectors.figures_in_force(months=[day])}
    rows = [{"line": line, "figure": by_code.get(line.value)} for line in FinanceLine]
    return render(request, "ledger/month_detail.html", {"month": month, "rows": rows})


def _context(request: HttpRequest, batch: FinanceBatch) -> dict[str, object]:
    before = selectors.previous_amounts(batch=batch)
    rows = [
        {"figure": figure, "before": before.get((figure.month, figure.code))}
        for figure in batch.figures.order_by("month", "line_no")
    ]
    return {
        "batch": batch,
        "rows": rows,
        "rejects": batch.rejects.order_by("line_no"),
        "checks": selectors.checks_of(batch=batch),
        "is_draft": batch.signed_off_at is None and batch.withdrawn_at is None,
        "may_sign_off": permissions.may_sign_off(request.user, batch),
        "may_withdraw": permissions.may_withdraw(request.user, batch),
        "sign_off_form": RemarkForm(),
        "withdraw_form": ReasonForm(),
    }
