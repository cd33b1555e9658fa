"""What became of messages; for who audits and who keeps the system. The words are not shown."""

import uuid

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from core import clock
from core.selectors.messages import all_messages, any_message, deliveries_of
from core.services.messages.clearing import CLEARABLE
from desk.forms import DeliveryFilterForm
from desk.permissions import check_clear_delivery, check_see_deliveries, may_clear_delivery
from desk.selectors.messages import recipient_of, title_of
from desk.services.messages import clear_delivery

PAGE = 50


@require_safe
def delivery_list(request: HttpRequest) -> HttpResponse:
    check_see_deliveries(request.user)
    form = DeliveryFilterForm(request.GET)
    page = Paginator(all_messages(**form.read()), PAGE).get_page(request.GET.get("page"))
    rows = [(each, title_of(each.template.code), recipient_of(each)) for each in page]
    context = {"page": page, "rows": rows, "form": form}
    return render(request, "desk/messages/delivery_list.html", context)


@require_safe
def delivery_detail(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    check_see_deliveries(request.user)
    message = any_message(pk=pk)
    context = {
        "message": message,
        "name": title_of(message.template.code),
        "recipient": recipient_of(message),
        "deliveries": deliveries_of(message=message),
        "may_clear": message.status in CLEARABLE and may_clear_delivery(request.user),
    }
    return render(request, "desk/messages/delivery_detail.html", context)


@require_POST
def delivery_clearing(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    check_clear_delivery(request.user)
    has_arrived = request.POST.get("decision") == "arrived"
    remark = request.POST.get("remark", "")[:500]
    clear_delivery(
        message=any_message(pk=pk),
        has_arrived=has_arrived,
        remark=remark,
        by=request.user,
        at=clock.now(),
    )
    words = _("It is noted as delivered.") if has_arrived else _("It is sent again.")
    messages.success(request, words)
    return redirect("desk:delivery", pk=pk)
