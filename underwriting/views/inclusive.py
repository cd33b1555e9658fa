"""The inclusive ratio: quarters as they were frozen, with what they were made from."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from core import clock
from core.errors import DomainError
from organization.services.step_up import fresh_second_factor
from underwriting import permissions
from underwriting.forms.cessions import RestatementForm
from underwriting.selectors.inclusive import (
    financing_cap_multiple,
    frozen_quarters,
    inclusive_sme_ratio,
)
from underwriting.services.inclusive import freeze_inclusive_ratio

PER_PAGE = 20


@require_safe
def quarter_list(request: HttpRequest) -> HttpResponse:
    return _page(request, RestatementForm())


@require_POST
@fresh_second_factor
def restatement(request: HttpRequest) -> HttpResponse:
    permissions.check_restate_ratio(request.user)
    form = RestatementForm(request.POST)
    if form.is_valid():
        try:
            row = freeze_inclusive_ratio(**form.cleaned_data, by=request.user, at=clock.now())
        except DomainError as refusal:
            form.add_error(refusal.field, refusal.message)
        else:
            words = {"quarter": f"{row.quarter:%Y-%m}", "version": row.version}
            messages.success(request, _("%(quarter)s is frozen as version %(version)s.") % words)
            return redirect("underwriting:inclusive")
    return _page(request, form, status=422)


def _page(request: HttpRequest, form: RestatementForm, status: int = 200) -> HttpResponse:
    rows = frozen_quarters(staff=request.user)
    today = clock.today()
    context = {
        "page": Paginator(rows, PER_PAGE).get_page(request.GET.get("page")),
        "in_use": inclusive_sme_ratio(quarter=today),
        "multiple": financing_cap_multiple(on=today),
        "form": form,
        "may_restate": permissions.may_restate_ratio(request.user),
    }
    return render(request, "underwriting/inclusive/quarter_list.html", context, status=status)
