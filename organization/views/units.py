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
from organization.models import Unit, UnitChange
from organization.permissions import check, may
from organization.selectors import units as selectors
from organization.selectors.unit_preview import Effect, effect_of_closing, effect_of_move
from organization.services import units as services
from organization.views.forms import handle

TREE = "organization:units"


@require_safe
def unit_list(request: HttpRequest) -> HttpResponse:
    as_of = _day(request.GET.get("as_of", "")) or clock.today()
    text = request.GET.get("text", "")[:60]
    context = {
        "as_of": as_of,
        "today": clock.today(),
        "text": text,
        "tree": selectors.grown_tree(staff=request.user, as_of=as_of, text=text),
        "changes": selectors.changes_waiting(),
        "may_change": may(request.user, Permission.MANAGE_UNITS) and as_of == clock.today(),
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
    words = forms.MoveUnitForm, services.move_unit, _("Move")
    return _change(request, pk, *words, effect=effect_of_move)


@require_http_methods(["GET", "POST"])
def unit_closing(request: HttpRequest, pk: int) -> HttpResponse:
    words = forms.CloseUnitForm, services.close_unit, _("Close the unit")
    return _change(request, pk, *words, effect=effect_of_closing)


@require_POST
def unit_change_withdrawal(request: HttpRequest, pk: int) -> HttpResponse:
    check(request.user, Permission.MANAGE_UNITS)
    change = get_object_or_404(UnitChange, pk=pk)
    services.withdraw_unit_change(change=change, by=request.user, at=clock.now())
    messages.success(request, _("The step is recorded."))
    return redirect(TREE)


def _change(
    request: HttpRequest, pk: int, form_class, service, title: str, *, effect=None
) -> HttpResponse:
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
        preview=effect and partial(_effect, effect, unit),
        burdens=selectors.burdens_of(unit=unit),
    )


def _effect(effect, unit: Unit, words: dict) -> Effect:
    """Ask what a change would do with what was entered."""
    asked = {"parent": words["parent"]} if "parent" in words else {}
    return effect(unit=unit, as_of=words["effective_on"], **asked)


def _day(text: str) -> dt.date | None:
    try:
        return parse_date(text)
    except ValueError:
        return None
