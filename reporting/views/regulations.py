"""The register of regulations."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from core import clock
from organization.enums import Permission
from organization.permissions import check, may
from reporting.enums import RegulationStanding
from reporting.forms import RegulationCheckForm, RegulationForm
from reporting.selectors import regulations as selectors
from reporting.services import regulations as services
from reporting.views.shared import accepted, page_of


@require_safe
def regulation_list(request: HttpRequest) -> HttpResponse:
    stale = selectors.stale_regulations(staff=request.user, as_of=clock.today())
    page = page_of(request, selectors.regulations(staff=request.user))
    stale_pks = set(stale.values_list("pk", flat=True))
    context = {
        "page": page,
        "rows": [(each, each.pk in stale_pks, _standing(each)) for each in page],
        "stale": len(stale_pks),
        "may_maintain": may(request.user, Permission.MAINTAIN_REGISTERS),
    }
    return render(request, "reporting/regulations/regulation_list.html", context)


@require_safe
def regulation_detail(request: HttpRequest, pk: int) -> HttpResponse:
    context = {
        "regulation": selectors.regulation_of(staff=request.user, pk=pk),
        "may_maintain": may(request.user, Permission.MAINTAIN_REGISTERS),
        "form": RegulationCheckForm(),
    }
    return render(request, "reporting/regulations/regulation_detail.html", context)


def regulation_entry(request: HttpRequest) -> HttpResponse:
    check(request.user, Permission.MAINTAIN_REGISTERS)
    form = RegulationForm(request.POST or None)
    if request.method == "POST" and (
        entered := accepted(
            form,
            lambda: services.enter_regulation(**form.cleaned_data, by=request.user, at=clock.now()),
        )
    ):
        return redirect("governance:regulation", entered.pk)
    status = 422 if request.method == "POST" else 200
    context = {"form": form, "title": _("Enter a regulation"), "back": "governance:regulations"}
    return render(request, "reporting/register_form.html", context, status=status)


@require_POST
def regulation_check(request: HttpRequest, pk: int) -> HttpResponse:
    regulation = selectors.regulation_of(staff=request.user, pk=pk)
    check(request.user, Permission.MAINTAIN_REGISTERS)
    form = RegulationCheckForm(request.POST)
    if accepted(
        form,
        lambda: services.note_check(
            regulation=regulation, **form.cleaned_data, by=request.user, at=clock.now()
        ),
    ):
        messages.success(request, _("The check is noted."))
        return redirect("governance:regulation", pk)
    context = {"regulation": regulation, "may_maintain": True, "form": form}
    return render(request, "reporting/regulations/regulation_detail.html", context, status=422)


def _standing(row) -> str:
    return RegulationStanding(row.last_standing).label if row.last_standing else ""
