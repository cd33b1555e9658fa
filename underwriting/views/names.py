"""Names that lenders use: see them, confirm where they lead."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from core import clock
from core.errors import DomainError
from organization.enums import Permission
from organization.permissions import check, may
from partners.services import enter_channel
from products.services import enter_product
from underwriting.enums import NameKind
from underwriting.forms.names import ConfirmNameForm
from underwriting.selectors import names as selectors
from underwriting.services.names import confirm_name

PER_PAGE = 60


@require_safe
def name_list(request: HttpRequest) -> HttpResponse:
    mappings = selectors.name_mappings(staff=request.user)
    context = {
        "page": Paginator(mappings, PER_PAGE).get_page(request.GET.get("page")),
        "may_confirm": may(request.user, Permission.CONFIRM_NAMES),
        "unconfirmed": selectors.unconfirmed_count(),
    }
    return render(request, "underwriting/names/name_list.html", context)


def name_confirm(request: HttpRequest, pk: int) -> HttpResponse:
    mapping = selectors.name_mapping(staff=request.user, pk=pk)
    check(request.user, Permission.CONFIRM_NAMES)  # before a new channel or product is entered
    form = ConfirmNameForm(request.POST or None, kind=mapping.book_name.kind)
    if request.method == "POST" and form.is_valid():
        try:
            confirm_name(
                mapping=mapping,
                place=form.cleaned_data["place"] or _entered(mapping, form.cleaned_data),
                valid_from=form.cleaned_data["valid_from"],
                source=form.cleaned_data["source"],
                by=request.user,
                at=clock.now(),
            )
        except DomainError as refusal:
            form.add_error(refusal.field, refusal.message)
        else:
            messages.success(request, _("“%s” is confirmed.") % mapping.book_name)
            return redirect("underwriting:names")
    status = 422 if form.errors else 200
    context = {"form": form, "mapping": mapping}
    return render(request, "underwriting/names/name_confirm.html", context, status=status)


def _entered(mapping, cleaned):
    """Enter a channel or product that we did not have under the lender's name."""
    name = mapping.book_name.name
    if mapping.book_name.kind == NameKind.CHANNEL:
        return enter_channel(name=name)
    return enter_product(name=name, valid_from=cleaned["valid_from"])
