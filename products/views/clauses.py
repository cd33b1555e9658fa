"""The clause library."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from core import clock
from core.errors import DomainError
from products import permissions, selectors, services
from products.forms.steps import ClauseForm, DecisionForm, ReasonForm


@require_http_methods(["GET", "HEAD", "POST"])
def clause_list(request: HttpRequest) -> HttpResponse:
    """Show the library; a clause is proposed on the same page."""
    permissions.check_see_products(request.user)
    form, status = ClauseForm(), 200
    if request.method == "POST":
        permissions.check_edit(request.user)
        form, status = ClauseForm(request.POST), 422
        if form.is_valid():
            try:
                services.propose_clause(**form.cleaned_data, by=request.user, at=clock.now())
            except DomainError as refusal:
                status = refusal.status
                form.add_error(refusal.field if refusal.field in form.fields else None,
                               refusal.message)  # fmt: skip
            else:
                messages.success(request, _("The clause is proposed."))
                return redirect("products:clauses")
    context = {
        "rows": [
            (row, permissions.may_review(request.user, maker_id=row.proposed_by_id))
            for row in selectors.clauses()
        ],
        "form": form if permissions.may_edit(request.user) else None,
    }
    return render(request, "products/clause_list.html", context, status=status)


@require_POST
def clause_decision(request: HttpRequest, pk: int) -> HttpResponse:
    clause = selectors.clause_of(pk=pk)
    permissions.check_review(request.user, maker_id=clause.proposed_by_id)
    form = DecisionForm(request.POST)
    if form.is_valid():
        services.decide_clause(
            clause=clause,
            is_approved=form.is_yes,
            remark=form.cleaned_data["remark"],
            by=request.user,
            at=clock.now(),
        )
        messages.success(request, _("The clause is decided."))
    else:
        messages.error(request, _("Choose one."))
    return redirect("products:clauses")


@require_POST
def clause_withdrawal(request: HttpRequest, pk: int) -> HttpResponse:
    clause = selectors.clause_of(pk=pk)
    permissions.check_review(request.user, maker_id=clause.proposed_by_id)
    form = ReasonForm(request.POST)
    if form.is_valid():
        services.withdraw_clause(
            clause=clause, remark=form.cleaned_data["reason"], by=request.user, at=clock.now()
        )
        messages.success(request, _("The clause is withdrawn."))
    else:
        messages.error(request, _("Say the reason in a few words."))
    return redirect("products:clauses")
