"""Manual vouchers: the list, a new one, and what another person decides on it."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from core import clock
from core.errors import DomainError
from ledger import permissions, selectors, services
from ledger.forms import ReasonForm, RemarkForm, VoucherForm, VoucherLines
from ledger.models import Voucher
from organization.services.step_up import fresh_second_factor

PAGE = 25


@require_GET
def voucher_list(request: HttpRequest) -> HttpResponse:
    page = Paginator(selectors.vouchers(for_user=request.user), PAGE).get_page(
        request.GET.get("page")
    )
    context = {"page": page, "may_draft": permissions.may_post_vouchers(request.user)}
    return render(request, "ledger/books/voucher_list.html", context)


@require_http_methods(["GET", "POST"])
def voucher_create(request: HttpRequest) -> HttpResponse:
    permissions.check_post_vouchers(request.user)
    form, rows = VoucherForm(request.POST or None), VoucherLines(request.POST or None)
    if request.method == "POST" and form.is_valid() and rows.is_valid():
        lines = [row.cleaned_data for row in rows if row.is_filled]
        try:
            voucher = services.post_manual(
                lines=lines, by=request.user, at=clock.now(), **form.cleaned_data
            )
        except DomainError as refusal:
            form.add_error(None, refusal.message)
        else:
            messages.success(request, _("Somebody else approves it before anything is posted."))
            return redirect("ledger:voucher", pk=voucher.pk)
    context = {"form": form, "rows": rows, "chart": selectors.chart().filter(is_control=False)}
    status = 422 if request.method == "POST" else 200
    return render(request, "ledger/books/voucher_create.html", context, status=status)


@require_GET
def voucher(request: HttpRequest, pk: int) -> HttpResponse:
    found = selectors.voucher_of(for_user=request.user, pk=pk)
    return render(request, "ledger/books/voucher.html", _page(request, found))


@require_POST
@fresh_second_factor
def voucher_approval(request: HttpRequest, pk: int) -> HttpResponse:
    found = selectors.voucher_of(for_user=request.user, pk=pk)
    permissions.check_decide_voucher(request.user, found)
    form = RemarkForm(request.POST)
    if not form.is_valid():
        context = _page(request, found) | {"approval_form": form}
        return render(request, "ledger/books/voucher.html", context, status=422)
    services.approve_voucher(
        voucher=found, by=request.user, at=clock.now(), remark=form.cleaned_data["remark"]
    )
    messages.success(request, _("Approved and posted."))
    return redirect("ledger:voucher", pk=pk)


@require_POST
def voucher_refusal(request: HttpRequest, pk: int) -> HttpResponse:
    found = selectors.voucher_of(for_user=request.user, pk=pk)
    permissions.check_refuse_voucher(request.user, found)
    form = ReasonForm(request.POST)
    if not form.is_valid():
        context = _page(request, found) | {"refusal_form": form}
        return render(request, "ledger/books/voucher.html", context, status=422)
    services.refuse_voucher(
        voucher=found, by=request.user, at=clock.now(), remark=form.cleaned_data["reason"]
    )
    return redirect("ledger:voucher", pk=pk)


def _page(request: HttpRequest, found: Voucher) -> dict[str, object]:
    is_draft = found.decided_at is None
    names = {account.pk: account for account in selectors.chart()}
    return {
        "voucher": found,
        "lines": [line | {"name": names[line["account"]].words} for line in found.lines],
        "may_approve": is_draft and permissions.may_decide_voucher(request.user, found),
        "may_refuse": is_draft and permissions.may_refuse_voucher(request.user, found),
        "approval_form": RemarkForm(),
        "refusal_form": ReasonForm(),
    }
