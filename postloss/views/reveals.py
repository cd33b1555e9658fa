"""One obligor unmasked for a minute: never in a list, never kept by a browser."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from core import clock
from core.errors import DomainError
from core.selectors import parameter
from organization.enums import Permission
from organization.permissions import check
from organization.services.step_up import fresh_second_factor
from parties.enums import RevealedField
from parties.selectors import masked_identity
from postloss.forms.reveals import RevealForm
from postloss.selectors.loan_story import loan_of
from postloss.services.reveals import reveal_obligor


@never_cache
@require_http_methods(["GET", "POST"])
@fresh_second_factor
def obligor_reveal(request: HttpRequest, pk: int) -> HttpResponse:
    """GET is the form; POST shows the chosen fields, which mask themselves again."""
    check(request.user, Permission.VIEW_PORTFOLIO)
    check(request.user, Permission.UNMASK)
    today = clock.today()
    found = loan_of(staff=request.user, pk=pk, as_of=today)
    form, shown, status = RevealForm(request.POST or None), {}, 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            try:
                shown = reveal_obligor(
                    loan_id=pk,
                    fields=form.cleaned_data["shown"],
                    reason=form.cleaned_data["reason"],
                    by=request.user,
                    at=clock.now(),
                    as_of=today,
                )
                status = 200
            except DomainError as refusal:
                status = refusal.status
                form.add_error(None, refusal.message)
    name, document = masked_identity(found.obligor)
    seconds = int(parameter(name="privacy.reveal_seconds", as_of=today).value)
    context = {
        "loan": found,
        "masked": {"name": name, "document": document},
        "shown": [(RevealedField(field).label, text) for field, text in shown.items()],
        "form": form,
        "seconds": seconds,
    }
    template = "_reveal" if request.htmx else "reveal"
    answer = render(request, f"postloss/loans/{template}.html", context, status=status)
    if shown and not request.htmx:
        answer["Refresh"] = f"{seconds}; url={reverse('postloss:loan', args=[pk])}"
    return answer
