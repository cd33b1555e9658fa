"""Who unmasked what, and what stood out."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from core import clock
from core.errors import DomainError
from parties.errors import Missing, NotPermitted
from parties.forms import ConclusionForm
from parties.models import BehaviourAlert
from parties.permissions import check_conclude_alert, may_reveal, may_watch_use
from parties.selectors import alerts, reveals_for
from parties.services import conclude_alert

PER_PAGE = 50


@require_safe
def use_list(request: HttpRequest) -> HttpResponse:
    if not (may_watch_use(request.user) or may_reveal(request.user)):
        raise NotPermitted("not_permitted", _("You may not do this: see revealed records."))
    context = {
        "alerts": Paginator(alerts(staff=request.user), PER_PAGE).get_page(
            request.GET.get("alerts")
        ),
        "page": Paginator(reveals_for(staff=request.user), PER_PAGE).get_page(
            request.GET.get("page")
        ),
        "is_watching": may_watch_use(request.user),
    }
    return render(request, "parties/use/use_list.html", context)


@require_safe
def alert_detail(request: HttpRequest, pk: int) -> HttpResponse:
    return _page(request, _alert(request, pk), ConclusionForm())


@require_POST
def alert_conclusion(request: HttpRequest, pk: int) -> HttpResponse:
    alert, form, status = _alert(request, pk), ConclusionForm(request.POST), 422
    check_conclude_alert(request.user, alert=alert)
    if form.is_valid():
        try:
            conclude_alert(alert=alert, by=request.user, at=clock.now(), **form.cleaned_data)
        except DomainError as refusal:
            status = refusal.status
            form.add_error(refusal.field if refusal.field in form.fields else None, refusal.message)
        else:
            messages.success(request, _("The review is recorded."))
            return redirect("parties:alert", pk)
    alert.refresh_from_db()
    return _page(request, alert, form, status)


def _alert(request: HttpRequest, pk: int) -> BehaviourAlert:
    alert = alerts(staff=request.user).filter(pk=pk).first()
    if alert is None:
        raise Missing("alert_missing", _("There is no such alert."))
    return alert


def _page(
    request: HttpRequest, alert: BehaviourAlert, form: ConclusionForm, status: int = 200
) -> HttpResponse:
    context = {"alert": alert, "form": form}
    return render(request, "parties/use/alert_detail.html", context, status=status)
