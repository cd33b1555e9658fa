"""Look a person up by a whole number."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from core import clock
from core.errors import DomainError
from organization.enums import Permission
from organization.permissions import check
from parties.selectors import masked_identity
from postloss.forms.lookup import LookUpForm
from postloss.services.lookup import MOST_LOANS, look_up


@never_cache
@sensitive_post_parameters("number")
@require_http_methods(["GET", "HEAD", "POST"])
def loan_look_up(request: HttpRequest) -> HttpResponse:
    check(request.user, Permission.VIEW_PORTFOLIO)
    form = LookUpForm(request.POST or None)
    loans = None
    if request.method == "POST" and form.is_valid():
        asked = form.cleaned_data["number"]
        try:
            loans = look_up(text=asked, by=request.user, at=clock.now(), as_of=clock.today())
        except DomainError as refusal:
            form.add_error(refusal.field, refusal.message)
    if form.is_bound:
        form.data = {}  # the number goes nowhere, not even back into its field
    context = {
        "form": form,
        "is_asked": loans is not None,
        "rows": [(loan, *masked_identity(loan.obligor)) for loan in loans or ()],
        "most": MOST_LOANS,
    }
    status = 422 if form.errors else 200
    return render(request, "postloss/loans/look_up.html", context, status=status)
