"""One work item: take it, hand it over, tell others; the next one; who is loaded."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from core import clock
from core.errors import DomainError, Missing
from desk.forms import CopyForm, HandOverForm
from organization.models import WorkItem
from organization.permissions import may_hand_over, may_see_workload, may_take
from organization.selectors import work as selectors
from organization.selectors.conflicts import kept_out
from organization.selectors.staff import people_with
from organization.services import work as services


@require_safe
def work_item(request: HttpRequest, pk: int) -> HttpResponse:
    item = selectors.item_of(staff=request.user, pk=pk)
    return render(request, "desk/work_item.html", _context(request, item))


@require_POST
def work_holder(request: HttpRequest, pk: int) -> HttpResponse:
    item = selectors.item_of(staff=request.user, pk=pk)
    services.take_work(item=item, by=request.user, at=clock.now())
    messages.success(request, _("The work is yours now."))
    return redirect(item.url)


@require_POST
def work_hand_over(request: HttpRequest, pk: int) -> HttpResponse:
    item = selectors.item_of(staff=request.user, pk=pk)
    form = HandOverForm(request.POST, item=item)
    if form.is_valid():
        words = form.cleaned_data
        try:
            services.hand_over_work(
                item=item,
                to=words["to"],
                remark=words["remark"],
                by=request.user,
                at=clock.now(),
            )
        except DomainError as refusal:
            form.add_error(refusal.field, refusal.message)
        else:
            messages.success(request, _("The work is handed over."))
            return redirect("desk:home")
    context = _context(request, item) | {"hand_over_form": form}
    return render(request, "desk/work_item.html", context, status=422)


@require_POST
def work_copy(request: HttpRequest, pk: int) -> HttpResponse:
    item = selectors.item_of(staff=request.user, pk=pk)
    form = CopyForm(request.POST, permission="")
    if not form.is_valid():
        context = _context(request, item) | {"copy_form": form}
        return render(request, "desk/work_item.html", context, status=422)
    services.copy_to(item=item, people=[form.cleaned_data["to"]], by=request.user, at=clock.now())
    messages.success(request, _("A copy was sent."))
    return redirect("desk:work", pk)


@require_safe
def next_work(request: HttpRequest) -> HttpResponse:
    item = selectors.next_item(staff=request.user)
    if item is None:
        messages.info(request, _("Nothing waits for you."))
        return redirect("desk:home")
    return redirect(item.url)


@require_safe
def workload(request: HttpRequest) -> HttpResponse:
    if not may_see_workload(request.user):
        raise Missing("workload_missing", _("There is no such page, or it is not yours to see."))
    load = selectors.workload(staff=request.user, at=clock.now(), as_of=clock.today())
    return render(request, "desk/workload.html", {"load": load, "at": clock.now()})


def _context(request: HttpRequest, item: WorkItem) -> dict[str, object]:
    is_open = item.finished_at is None
    may_pass = is_open and may_hand_over(request.user, item=item)
    may_get = is_open and item.holder_id is None and may_take(request.user, item=item)
    people = [*people_with(permission=item.permission)] if may_pass else [request.user]
    out = kept_out(item=item, people=people, as_of=clock.today()) if is_open else []
    conflict = next((why for person, why in out if person.pk == request.user.pk), [])
    return {
        "item": item,
        "at": clock.now(),
        "steps": selectors.steps_of(item=item),
        "may_take": may_get and not conflict,
        "conflict": conflict,
        "kept_out": [(person, why) for person, why in out if person.pk != request.user.pk],
        "may_pass": may_pass,
        "hand_over_form": HandOverForm(item=item) if may_pass else None,
        "copy_form": CopyForm(permission="") if may_pass else None,
    }
