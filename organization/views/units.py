"""The tree: as it is, as it was, and its changes with a preview of what hangs on them."""

import datetime as dt
from functools import partial

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.dateparse import parse_date
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from core import clock
from organization.enums import Permission
from organization.forms import people as forms
from organization.models import UnitChange
from organization.permissions import check, may
from organization.selectors import units as selectors
from organization.services import units as services
from organization.views.forms import handle

TREE = "organization:units"


@require_safe
def unit_list(request: HttpRequest) -> HttpResponse:
    as_of = _day(request.GET.get("as_of", "")) or clock.today()
    context = {
        "as_of": as_of,
        "today": clock.today(),
        "tree": selectors.tree_as_of(staff=request.user, as_of=as_of),
        "changes": selectors.changes_waiting(),
        "may_manage": may(request.user, Permission.MANAGE_UNITS),
    }
    return render(request, "organization/unit_list.html", context)


@require_http_methods(["GET", "POST"])
def unit_opening(request: HttpRequest) -> HttpResponse:
    check(request.user, Permission.MANAGE_UNITS)
    form = forms.OpenUnitForm(request.POST or None)
    service = partial(services.open_unit, by=request.user, at=clock.now())
    return handle(request, form, service, back=reverse(TREE), title=_("Open a unit"))


@require_http_methods(["GET", "POST"])
def unit_rename(request: HttpRequest, pk: int) -> HttpResponse:
    return _change(request, pk, forms.RenameUnitForm, services.rename_unit, _("Rename"))


@require_http_methods(["GET", "POST"])
def unit_move(request: HttpRequest, pk: int) -> HttpResponse:
    return _change(request, pk, forms.MoveUnitForm, services.move_unit, _("Move"))


@require_http_methods(["GET", "POST"])
def unit_closing(request: HttpRequest, pk: int) -> HttpResponse:
    return _change(request, pk, forms.CloseUnitForm, services.close_unit, _("Close the unit"))


@require_POST
def unit_change_withdrawal(request: HttpRequest, pk: int) -> HttpResponse:
    check(request.user, Permission.MANAGE_UNITS)
    change = get_object_or_404(UnitChange, pk=pk)
    services.withdraw_unit_change(change=change, by=request.user, at=clock.now())
    messages.success(request, _("The step is recorded."))
    return redirect(TREE)


def _change(request: HttpRequest, pk: int, form_class, service, title: str) -> HttpResponse:
    check(request.user, Permission.MANAGE_UNITS)
    unit = selectors.unit_of(staff=request.user, pk=pk)
    initial = {"effective_on": clock.today(), "name": unit.name, "name_en": unit.name_en}
    form = form_class(request.POST or None, initial=initial)
    return handle(
        request,
        form,
        partial(service, unit=unit, by=request.user, at=clock.now()),
        back=reverse(TREE),
        title=f"{title} · {unit.name}",
        burdens=selectors.burdens_of(unit=unit),
    )


def _day(text: str) -> dt.date | None:
    try:
        return parse_date(text)
    except ValueError:
        return None
