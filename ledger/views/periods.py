"""Closing of a month, its reconciliation with finance, F1 to F3 of it, and its vouchers as file."""

from django.contrib import messages
from django.http import FileResponse, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from core import clock
from core.errors import RuleBroken
from core.months import month_text, parse_month
from core.workbooks import EXCEL
from ledger import permissions, selectors, services
from ledger.enums import CloseCheck, FinanceLine, PeriodStatus
from ledger.forms import ExplanationForm, PurposeForm, ReasonForm, RemarkForm
from ledger.rules.ratios import (
    CER_LINES,
    CLR_LINES,
    comprehensive_expense_ratio,
    comprehensive_loss_ratio,
)
from ledger.services.years import DECEMBER
from ledger.views.entries import nearby
from organization.services.step_up import fresh_second_factor
from parties.services import ask_export, export_now

TO_DO = {
    CloseCheck.BALANCED: _("Tell the administrators: the database refuses such entries."),
    CloseCheck.MONTH_BEFORE: _("Close the month before first."),
    CloseCheck.VOUCHERS_DECIDED: _("Have the vouchers approved or refused."),
    CloseCheck.SUBLEDGERS: _("Find what was posted wrongly and reverse its entry."),
    CloseCheck.EXPLAINED: _("Explain each difference on the page of reconciliation."),
}
LOSS_RATES = (
    ("annualised_loss_rate", _("Annualised loss rate, cell of the regulatory form (F3)")),
    (
        "alr_month",
        _("Annualised loss rate of the month, consistent, net of cession (F3m′)"),
    ),
    ("alr_gross", _("Annualised loss rate of the month, consistent, gross of cession")),
)
LOSS_LINES = (
    FinanceLine.CLAIMS_INDEMNITY,
    FinanceLine.RECOVERED_CASH,
    FinanceLine.CLAIMS_INDEMNITY_NET,
    FinanceLine.RECOVERED_CASH_NET,
)


@require_GET
def closing(request: HttpRequest, month: str) -> HttpResponse:
    permissions.check_view_books(request.user)
    return render(request, "ledger/books/closing.html", _closing_page(request, month))


@require_POST
def closing_preparation(request: HttpRequest, month: str) -> HttpResponse:
    permissions.check_post_vouchers(request.user)
    services.prepare_closing(month=parse_month(month), by=request.user, at=clock.now())
    messages.success(request, gettext("Prepared: somebody else confirms the closing."))
    return redirect("ledger:closing", month=month)


@require_POST
@fresh_second_factor
def closing_confirmation(request: HttpRequest, month: str) -> HttpResponse:
    permissions.check_view_books(request.user)
    form = RemarkForm(request.POST)
    if not form.is_valid():
        context = _closing_page(request, month) | {"confirmation_form": form}
        return render(request, "ledger/books/closing.html", context, status=422)
    services.close_period(
        month=parse_month(month),
        by=request.user,
        at=clock.now(),
        remark=form.cleaned_data["remark"],
    )
    messages.success(request, gettext("The books of the month are closed."))
    return redirect("ledger:trial_balance", month=month)


@require_POST
def closing_return(request: HttpRequest, month: str) -> HttpResponse:
    permissions.check_view_books(request.user)
    form = ReasonForm(request.POST)
    if not form.is_valid():
        context = _closing_page(request, month) | {"return_form": form}
        return render(request, "ledger/books/closing.html", context, status=422)
    services.return_closing(
        month=parse_month(month),
        by=request.user,
        at=clock.now(),
        remark=form.cleaned_data["reason"],
    )
    return redirect("ledger:closing", month=month)


@require_GET
def reconciliation(request: HttpRequest, month: str) -> HttpResponse:
    permissions.check_view_books(request.user)
    return render(request, "ledger/books/reconciliation.html", _reconciled(request, month))


@require_POST
def explanation(request: HttpRequest, month: str) -> HttpResponse:
    permissions.check_post_vouchers(request.user)
    form = ExplanationForm(request.POST)
    if not form.is_valid():
        context = _reconciled(request, month) | {"form": form}
        return render(request, "ledger/books/reconciliation.html", context, status=422)
    services.explain_difference(
        month=parse_month(month),
        line=FinanceLine(form.cleaned_data["line"]),
        words=form.cleaned_data["words"],
        by=request.user,
        at=clock.now(),
    )
    return redirect("ledger:reconciliation", month=month)


@require_GET
def month_ratios(request: HttpRequest, month: str) -> HttpResponse:
    permissions.check_view_books(request.user)
    day = parse_month(month)
    figures = {each.line: each for each in selectors.figures_of_month(month=day)}
    known = {line.value: each.amount for line, each in figures.items() if each.amount is not None}
    rates = selectors.loss_rates(month=day, staff=request.user)
    context = nearby(day) | {
        "ratios": [
            ("F1", comprehensive_loss_ratio(known), [figures[line] for line in CLR_LINES]),
            ("F2", comprehensive_expense_ratio(known), [figures[line] for line in CER_LINES]),
        ],
        "loss_lines": [figures[line] for line in LOSS_LINES],
        "rates": rates,
        "loss_rates": [(words, rates.ratios[name]) for name, words in LOSS_RATES if rates],
    }
    return render(request, "ledger/books/ratios.html", context)


@require_http_methods(["GET", "POST"])
def month_export(request: HttpRequest, month: str) -> HttpResponse:
    permissions.check_view_books(request.user)
    day, at = parse_month(month), clock.now()
    order = services.vouchers_order(month=day)
    form, status = PurposeForm(), 200
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
        book = export_now(
            order=order,
            make=lambda mark: services.vouchers_workbook(month=day, mark=mark),
            by=request.user,
            at=at,
        )
        if book is not None:
            return FileResponse(
                book, as_attachment=True, filename=order.file_name, content_type=EXCEL
            )
    context = {"order": order, "form": form, "month": month_text(day)}
    return render(request, "ledger/books/export.html", context, status=status)


def _closing_page(request: HttpRequest, month: str) -> dict[str, object]:
    day = parse_month(month)
    context = nearby(day)
    period = context["period"]
    is_closed = period is not None and period.status == PeriodStatus.CLOSED
    is_prepared = period is not None and period.status == PeriodStatus.PREPARED
    results = [] if is_closed else services.closing_checks(month=day)
    checks = [
        {
            "label": CloseCheck(each.code).label,
            "result": each,
            "to_do": TO_DO[CloseCheck(each.code)],
        }
        for each in results
    ]
    may_confirm = is_prepared and permissions.may_close_books(request.user, period)
    return context | {
        "checks": checks,
        "all_hold": all(each.holds for each in results),
        "is_closed": is_closed,
        "is_prepared": is_prepared,
        "is_december": day.month == DECEMBER,
        "may_prepare": not is_closed and permissions.may_post_vouchers(request.user),
        "may_confirm": may_confirm,
        "confirmation_form": RemarkForm(),
        "return_form": ReasonForm(),
    }


def _reconciled(request: HttpRequest, month: str) -> dict[str, object]:
    day = parse_month(month)
    return nearby(day) | {
        "rows": selectors.reconciliation(month=day),
        "may_explain": permissions.may_post_vouchers(request.user),
        "form": ExplanationForm(),
    }
