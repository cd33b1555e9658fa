"""Answering a wish for a file: at once, or with the page that asks for approval."""

from collections.abc import Callable
from typing import IO

from django.contrib import messages
from django.http import FileResponse, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from core import clock
from core.errors import RuleBroken
from core.workbooks import EXCEL
from parties.services import Order, ask_export, export_now
from postloss.forms.exports import PurposeForm


def answer_export(
    request: HttpRequest, order: Order, make: Callable[[str], IO[bytes]]
) -> HttpResponse:
    """GET gives a free file; POST asks for approval of one that is not free, with the purpose."""
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
                messages.success(request, _("Asked for: somebody else approves it first."))
                return redirect("parties:export", export.pk)
    else:
        book = export_now(order=order, make=make, by=request.user, at=at)
        if book is not None:
            return FileResponse(
                book, as_attachment=True, filename=order.file_name, content_type=EXCEL
            )
    context = {"order": order, "form": form}
    return render(request, "postloss/exporting/approval.html", context, status=status)
