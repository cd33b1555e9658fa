"""Who does what for a product."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from core import clock
from core.errors import DomainError
from products import permissions, selectors, services
from products.enums import DutyKind
from products.forms.duties import DutiesForm


@require_http_methods(["GET", "HEAD", "POST"])
def duties(request: HttpRequest, pk: int) -> HttpResponse:
    """Show the duties that hold and held; whoever drafts products sets them anew."""
    permissions.check_see_products(request.user)
    product, status, form = selectors.product_of(pk=pk), 200, None
    held = selectors.duties_on(product=product, on=clock.today())
    if request.method == "POST":
        permissions.check_edit(request.user)
        form, status = DutiesForm(request.POST), 422
        if form.is_valid():
            try:
                services.set_duties(
                    product=product,
                    lines=form.lines(),
                    valid_from=form.cleaned_data["valid_from"],
                    reason=form.cleaned_data["reason"],
                    by=request.user,
                    at=clock.now(),
                )
            except DomainError as refusal:
                status = refusal.status
                form.add_error(refusal.field if refusal.field in form.fields else None,
                               refusal.message)  # fmt: skip
            else:
                messages.success(request, _("The duties are set."))
                return redirect("products:duties", pk)
    elif permissions.may_edit(request.user):
        form = DutiesForm.of(held, valid_from=clock.today())
    context = {
        "product": product,
        "held": held,
        "table": selectors.duty_table(duties=held),
        "kinds": DutyKind.labels,
        "sets": selectors.duty_sets_of(product=product),
        "form": form,
    }
    return render(request, "products/duties.html", context, status=status)
