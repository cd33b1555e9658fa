"""Lenders and their licences: who qualifies as a funder today, and since when."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from core import clock
from core.errors import DomainError
from organization.services.step_up import fresh_second_factor
from partners import permissions, selectors
from partners.enums import LicenceStanding
from partners.forms import DecisionForm, LicenceForm
from partners.services import approve_licence, propose_licence, refuse_licence

PER_PAGE = 50


@require_safe
def lender_list(request: HttpRequest) -> HttpResponse:
    found = selectors.lender_register(staff=request.user)
    page = Paginator(found, PER_PAGE).get_page(request.GET.get("page"))
    today = clock.today()
    licences = selectors.licences_on(lenders=[each.pk for each in page], day=today)
    rows = [
        selectors.lender_row(lender=each, licence=licences.get(each.pk), day=today) for each in page
    ]
    return render(request, "partners/lender_list.html", {"page": page, "rows": rows})


@require_safe
def lender_detail(request: HttpRequest, pk: int) -> HttpResponse:
    lender = selectors.lender_of(staff=request.user, pk=pk)
    today = clock.today()
    licence = selectors.licences_on(lenders=[pk], day=today).get(pk)
    context = {
        "row": selectors.lender_row(lender=lender, licence=licence, day=today),
        "history": list(selectors.licence_history(lender=lender)),
        "today": today,
        "may_propose": permissions.may_propose_licences(request.user),
    }
    return render(request, "partners/lender_detail.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def licence_proposal(request: HttpRequest, pk: int) -> HttpResponse:
    permissions.check_propose_licences(request.user)
    lender = selectors.lender_of(staff=request.user, pk=pk)
    form = LicenceForm(request.POST or None, initial={"standing": LicenceStanding.ACTIVE})
    status = 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            try:
                licence = propose_licence(
                    lender=lender,
                    draft=form.draft(),
                    reason=form.cleaned_data["reason"],
                    by=request.user,
                    at=clock.now(),
                )
            except DomainError as refusal:
                status = refusal.status
                form.add_error(refusal.field, refusal.message)
            else:
                messages.success(request, _("Proposed: it counts once somebody else approved it."))
                return redirect("partners:licence", pk=licence.pk)
    context = {"form": form, "lender": lender}
    return render(request, "partners/licence_proposal.html", context, status=status)


@require_safe
def licence_detail(request: HttpRequest, pk: int) -> HttpResponse:
    licence = selectors.licence_of(staff=request.user, pk=pk)
    return _licence_page(request, licence, DecisionForm())


@require_POST
@fresh_second_factor
def licence_decision(request: HttpRequest, pk: int) -> HttpResponse:
    licence = selectors.licence_of(staff=request.user, pk=pk)
    permissions.check_decide_licence(request.user, licence)
    form, status = DecisionForm(request.POST), 422
    if form.is_valid():
        is_approved = form.cleaned_data["decision"] == "approve"
        decide = approve_licence if is_approved else refuse_licence
        try:
            decide(
                licence=licence,
                by=request.user,
                at=clock.now(),
                remark=form.cleaned_data["remark"],
            )
        except DomainError as refusal:
            status = refusal.status
            form.add_error(refusal.field if refusal.field == "remark" else None, refusal.message)
        else:
            return redirect("partners:lender", pk=licence.lender_id)
    return _licence_page(request, licence, form, status=status)


def _licence_page(request, licence, form, status=200):
    context = {
        "licence": licence,
        "form": form,
        "may_decide": permissions.may_decide_licence(request.user, licence),
    }
    return render(request, "partners/licence_detail.html", context, status=status)
