"""My messages: read, mark read, say what I want to hear and where I am reached."""

import uuid

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from core import clock
from core.errors import RuleBroken
from core.selectors.messages import (
    addresses_of,
    declined_by,
    message_to,
    messages_to,
    unread_count,
)
from core.services.messages import read_all, read_message, set_wishes
from desk.forms import AddressesForm, WishesForm
from desk.selectors.messages import opened, optional_notices
from desk.services.messages import change_addresses
from organization.services.step_up import fresh_second_factor

PAGE = 25


@require_safe
def message_list(request: HttpRequest) -> HttpResponse:
    is_unread = request.GET.get("show") == "unread"
    rows = messages_to(person=request.user, is_unread=is_unread)
    page = Paginator(rows, PAGE).get_page(request.GET.get("page"))
    context = {
        "page": page,
        "told": opened(page),
        "is_unread": is_unread,
        "unread": unread_count(person=request.user),
    }
    return render(request, "desk/messages/message_list.html", context)


@require_safe
def message_bell(request: HttpRequest) -> HttpResponse:
    number = unread_count(person=request.user)
    return render(request, "desk/messages/_bell.html", {"number": number})


@require_POST
def message_reading(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    message = message_to(person=request.user, pk=pk)
    read_message(message=message, by=request.user, at=clock.now())
    return redirect(message.url if message.url and "open" in request.POST else "desk:messages")


@require_POST
def all_reading(request: HttpRequest) -> HttpResponse:
    number = read_all(by=request.user, at=clock.now())
    words = ngettext("%(number)s message is read.", "%(number)s messages are read.", number)
    messages.success(request, words % {"number": number})
    return redirect("desk:messages")


@require_http_methods(["GET", "HEAD", "POST"])
def message_wishes(request: HttpRequest) -> HttpResponse:
    optional, declined = optional_notices(), declined_by(person=request.user)
    wanted = [each.code for each in optional if each.code not in declined]
    sent = request.POST if request.method == "POST" else None
    form = WishesForm(sent, optional=optional, initial={"wanted": wanted})
    if form.is_valid():
        set_wishes(person=request.user, declined=form.declined(), at=clock.now())
        messages.success(request, _("Your wishes are kept."))
        return redirect("desk:message_wishes")
    status = 422 if form.errors else 200
    return render(request, "desk/messages/wishes.html", {"form": form}, status=status)


@require_http_methods(["GET", "HEAD", "POST"])
@fresh_second_factor
def message_addresses(request: HttpRequest) -> HttpResponse:
    sent = request.POST if request.method == "POST" else None
    form = AddressesForm(sent, initial=addresses_of(person=request.user))
    if form.is_valid():
        try:
            change_addresses(staff=request.user, addresses=form.cleaned_data, at=clock.now())
        except RuleBroken as refusal:
            form.add_error(refusal.field, refusal.message)
        else:
            messages.success(request, _("The addresses are kept."))
            return redirect("desk:message_addresses")
    status = 422 if form.errors else 200
    return render(request, "desk/messages/addresses.html", {"form": form}, status=status)
