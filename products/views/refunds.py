"""The short-rate table of a draft, with what it does to an example policy."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from core import clock
from core.errors import DomainError
from products import permissions, selectors, services
from products.forms.refunds import RefundForm


@require_http_methods(["GET", "HEAD", "POST"])
def refunds(request: HttpRequest, pk: int) -> HttpResponse:
    """Show, preview or write the table; the preview writes nothing."""
    permissions.check_edit(request.user)
    version, status = selectors.version_of(pk=pk), 200
    form, rule = RefundForm.of(version), version.refund_rule
    if request.method == "POST":
        form, status = RefundForm(request.POST), 422
        if form.is_valid():
            words = {"steps": form.steps(), "months": form.cleaned_data["months"]}
            try:
                rule = services.refund_rule(**words)
                if "preview" not in request.POST:
                    services.set_refund_table(
                        version=version, **words, by=request.user, at=clock.now()
                    )
                    messages.success(request, _("The draft is saved."))
                    return redirect("products:version", pk)
            except DomainError as refusal:
                status = refusal.status
                form.add_error(None, refusal.message)
            else:
                status = 200
    context = {
        "version": version,
        "form": form,
        "lines": selectors.refund_lines(rule),
        "examples": selectors.refund_examples(rule, begins=version.valid_from),
    }
    return render(request, "products/refunds.html", context, status=status)
