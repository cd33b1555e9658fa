"""Trial balance of a month, the lines of an account, and single entries."""

import datetime as dt
from decimal import Decimal

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from core import clock
from core.errors import DomainError
from core.months import add_months, month_text, parse_month
from ledger import permissions, selectors, services
from ledger.forms import LineFilterForm, ReversalForm
from organization.services.step_up import fresh_second_factor

PAGE = 50


def nearby(month: dt.date) -> dict[str, object]:
    """What every page of a month shows: the month, those beside it, how it stands."""
    return {
        "month": month_text(month),
        "before": month_text(add_months(month, -1)),
        "after": month_text(add_months(month, 1)),
        "period": selectors.periods().filter(month=month).first(),
    }


@require_GET
def books(request: HttpRequest) -> HttpResponse:
    permissions.check_view_books(request.user)
    month = selectors.last_month() or timezone.localdate(clock.now()).replace(day=1)
    return redirect("ledger:trial_balance", month=month_text(month))


@require_GET
def trial_balance(request: HttpRequest, month: str) -> HttpResponse:
    permissions.check_view_books(request.user)
    day = parse_month(month)
    chart = {account.pk: account for account in selectors.chart()}
    rows = [
        {"line": line, "account": chart[line.account_id]}
        for line in selectors.trial_balance(month=day)
    ]
    totals = {
        name: sum((getattr(row["line"], name) for row in rows), Decimal(0))
        for name in ("opening", "debit", "credit", "closing")
    }
    context = nearby(day) | {"rows": rows, "totals": totals}
    context["may_export"] = permissions.may_export_books(request.user)
    return render(request, "ledger/books/trial_balance.html", context)


@require_GET
def account_lines(request: HttpRequest, month: str, code: str) -> HttpResponse:
    form = LineFilterForm(request.GET)
    filters = form.cleaned_data if form.is_valid() else {}
    day = parse_month(month)
    permissions.check_view_books(request.user)
    account = selectors.account_of(code=code)
    lines = selectors.account_lines(
        for_user=request.user, month=day, account=account, filters=filters
    )
    page = Paginator(lines, PAGE).get_page(request.GET.get("page"))
    context = nearby(day) | {"account": account, "page": page, "form": form}
    return render(request, "ledger/books/account_lines.html", context)


@require_GET
def entry_list(request: HttpRequest, month: str) -> HttpResponse:
    day = parse_month(month)
    entries = selectors.entries_of_month(for_user=request.user, month=day)
    page = Paginator(entries, PAGE).get_page(request.GET.get("page"))
    context = nearby(day) | {"page": page}
    context["may_export"] = permissions.may_export_books(request.user)
    return render(request, "ledger/books/entry_list.html", context)


@require_GET
def entry(request: HttpRequest, pk: int) -> HttpResponse:
    found = selectors.entry_of(for_user=request.user, pk=pk)
    return render(request, "ledger/books/entry.html", _entry_page(request, found, ReversalForm()))


@require_POST
@fresh_second_factor
def reversal(request: HttpRequest, pk: int) -> HttpResponse:
    found = selectors.entry_of(for_user=request.user, pk=pk)
    permissions.check_post_vouchers(request.user)
    form = ReversalForm(request.POST)
    if form.is_valid():
        try:
            voucher = services.draft_reversal(
                entry=found, by=request.user, at=clock.now(), **form.cleaned_data
            )
        except DomainError as refusal:
            form.add_error(None, refusal.message)
        else:
            messages.success(request, _("Somebody else approves it before anything is posted."))
            return redirect("ledger:voucher", pk=voucher.pk)
    context = _entry_page(request, found, form)
    return render(request, "ledger/books/entry.html", context, status=422)


def _entry_page(request: HttpRequest, found, form: ReversalForm) -> dict[str, object]:
    lines = Paginator(selectors.lines_of_entry(entry=found), PAGE)
    is_last = found.reverses_id is None and getattr(found, "reversed_by", None) is None
    return {
        "entry": found,
        "month": month_text(found.month),
        "page": lines.get_page(request.GET.get("page")),
        "voucher": getattr(found, "voucher", None),
        "reversed_by": getattr(found, "reversed_by", None),
        "may_reverse": is_last and permissions.may_post_vouchers(request.user),
        "form": form,
    }
