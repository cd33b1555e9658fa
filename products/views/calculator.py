"""The pricing calculator: every step of a price, shareable by its address."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from core import clock
from products import permissions, selectors
from products.forms.pricing import PricingForm


@require_safe
def calculator(request: HttpRequest) -> HttpResponse:
    """Ask, and answer where enough is given; the address holds the question."""
    permissions.check_see_products(request.user)
    versions = selectors.versions_to_price()
    is_asked = "principal" in request.GET
    initial = {"start": clock.today(), "version": request.GET.get("version", "")}
    form = PricingForm(request.GET if is_asked else None, versions=versions, initial=initial)
    sheet = None
    if is_asked and form.is_valid():
        sheet = selectors.price(version=form.chosen(), terms=form.terms())
    context = {"form": form, "sheet": sheet}
    name = "products/_worksheet.html" if request.htmx and sheet else "products/calculator.html"
    return render(request, name, context, status=422 if is_asked and sheet is None else 200)
