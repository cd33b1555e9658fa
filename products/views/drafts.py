"""Pages on which a draft is written: its terms, its rate table, its formula."""

from collections.abc import Callable

from django.contrib import messages
from django.forms import Form
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from django.views.decorators.http import require_http_methods

from core import clock
from core.errors import DomainError
from products import permissions, selectors, services
from products.forms.assumptions import AssumptionsForm
from products.forms.drafts import FormulaForm, ProductForm, TariffForm, TermsForm
from products.models import ProductVersion

GET_POST = ["GET", "HEAD", "POST"]


@require_http_methods(GET_POST)
def product_create(request: HttpRequest) -> HttpResponse:
    permissions.check_edit(request.user)
    form, status = ProductForm(initial={"valid_from": clock.today()}), 200
    if request.method == "POST":
        form, status = ProductForm(request.POST), 422
        if form.is_valid():
            try:
                made = services.open_product(
                    **{name: form.cleaned_data[name] for name in ("code", "name", "cover_kind")},
                    terms=form.terms(),
                    by=request.user,
                    at=clock.now(),
                )
            except DomainError as refusal:
                status = refusal.status
                form.add_error(refusal.field if refusal.field in form.fields else None,
                               refusal.message)  # fmt: skip
            else:
                messages.success(request, _("The draft is opened."))
                return redirect("products:version", made.pk)
    context = {"form": form, "title": _("New product"), "is_multipart": False, "version": None}
    return render(request, "products/draft.html", context, status=status)


@require_http_methods(GET_POST)
def terms(request: HttpRequest, pk: int) -> HttpResponse:
    def write(version: ProductVersion, form: TermsForm) -> None:
        services.change_terms(
            version=version,
            revision=form.cleaned_data["revision"],
            terms=form.terms(services.terms_of(version)),
            by=request.user,
            at=clock.now(),
            **form.papers(),
        )

    return _edit(
        request, pk, pgettext("product", "Terms"), filled=TermsForm.of, empty=TermsForm, write=write
    )


@require_http_methods(GET_POST)
def tariff(request: HttpRequest, pk: int) -> HttpResponse:
    def write(version: ProductVersion, form: TariffForm) -> None:
        services.set_tariff(
            version=version, cells=form.cleaned_data["cells"], by=request.user, at=clock.now()
        )

    return _edit(request, pk, _("Rate table"), filled=TariffForm.of, empty=TariffForm, write=write)


@require_http_methods(GET_POST)
def assumptions(request: HttpRequest, pk: int) -> HttpResponse:
    def write(version: ProductVersion, form: AssumptionsForm) -> None:
        services.set_assumptions(
            version=version,
            values=form.values(),
            source=form.cleaned_data["source"],
            by=request.user,
            at=clock.now(),
        )

    return _edit(
        request,
        pk,
        _("What the price assumes"),
        filled=AssumptionsForm.of,
        empty=AssumptionsForm,
        write=write,
    )


@require_http_methods(GET_POST)
def formula(request: HttpRequest, pk: int) -> HttpResponse:
    def write(version: ProductVersion, form: FormulaForm) -> None:
        services.enter_formula(
            version=version, **form.cleaned_data, by=request.user, at=clock.now()
        )

    def of(version: ProductVersion) -> FormulaForm:
        return FormulaForm.of(selectors.current_formula(version=version))

    return _edit(request, pk, _("Premium formula"), filled=of, empty=FormulaForm, write=write)


def _edit(
    request: HttpRequest,
    pk: int,
    title: str,
    *,
    filled: Callable[[ProductVersion], Form],
    empty: type[Form],
    write: Callable[[ProductVersion, Form], None],
) -> HttpResponse:
    """Load the version, write what was sent, or answer the form with what is to be corrected."""
    permissions.check_edit(request.user)
    version, status = selectors.version_of(pk=pk), 200
    form = filled(version)
    if request.method == "POST":
        form, status = empty(request.POST, request.FILES), 422
        if form.is_valid():
            try:
                write(version, form)
            except DomainError as refusal:
                status = refusal.status
                place = refusal.field if refusal.field in form.fields else None
                form.add_error(place, refusal.message)
            else:
                messages.success(request, _("The draft is saved."))
                return redirect("products:version", pk)
    context = {
        "form": form,
        "title": title,
        "is_multipart": form.is_multipart(),
        "version": version,
    }
    return render(request, "products/draft.html", context, status=status)
