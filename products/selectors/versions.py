"""Versions of products: which there are, which may be sold, what their terms say."""

from __future__ import annotations

import datetime as dt

from django.db.models import Count, Q, QuerySet
from django.utils.translation import gettext as _

from core.errors import Missing
from products.enums import VersionStatus
from products.errors import RuleBroken
from products.models import PremiumFormula, Product, ProductVersion
from products.selectors.sentences import with_article


def versions(*, status: str = "", words: str = "") -> QuerySet[ProductVersion]:
    """Return the versions of all products, by product and newest first."""
    found = ProductVersion.objects.select_related("product").annotate(
        cells=Count("tariff", distinct=True)
    )
    if status:
        found = found.filter(status=status)
    if words:
        found = found.filter(
            Q(product__name__icontains=words)
            | Q(product__code__icontains=words)
            | Q(filing_no__icontains=words)
        )
    return found.order_by("product__name", "product_id", "-number")


def versions_to_price() -> QuerySet[ProductVersion]:
    """Return the versions that hold a rate table, by product and newest first."""
    return (
        ProductVersion.objects.filter(tariff__isnull=False)
        .select_related("product")
        .distinct()
        .order_by("product__name", "product_id", "-number")
    )


def version_of(*, pk: int) -> ProductVersion:
    """Return one version with what is shown of it.

    Raises:
        Missing: there is none.
    """
    found = (
        ProductVersion.objects.select_related(
            "product", "clauses_file", "rates_file", "drafted_by", "resolution__committee",
            "on_sale_by", "stopped_by", "previous",
        )
        .filter(pk=pk)
        .first()
    )  # fmt: skip
    if found is None:
        raise Missing("version_missing", _("There is no such version of a product."))
    return found


def versions_of_product(*, product: Product) -> QuerySet[ProductVersion]:
    """Return the versions of a product, newest first."""
    return product.versions.select_related("drafted_by", "on_sale_by").order_by("-number")


def products_on_sale(*, on: dt.date) -> QuerySet[Product]:
    """Return the products of which a version may be sold on a day, by name."""
    return (
        Product.objects.filter(
            Q(versions__valid_to__isnull=True) | Q(versions__valid_to__gt=on),
            versions__status=VersionStatus.ON_SALE,
            versions__valid_from__lte=on,
        )
        .distinct()
        .order_by("name")
    )


def sellable_version(*, product_code: str, on: dt.date) -> ProductVersion:
    """Return the one version of a product that may be sold on a day.

    Raises:
        RuleBroken: no filed version is on sale that day; `article` is PRE-34a.
    Source: PRE-34a (quotes read only that version).
    """
    found = (
        ProductVersion.objects.select_related("product")
        .filter(
            Q(valid_to__isnull=True) | Q(valid_to__gt=on),
            product__code=product_code,
            status=VersionStatus.ON_SALE,
            valid_from__lte=on,
        )
        .first()
    )
    if found is None:
        message = _("No filed version of this product is on sale on %(day)s.") % {"day": on}
        raise RuleBroken(
            "not_on_sale", with_article(message, "PRE-34a"), field="product", article="PRE-34a"
        )
    return found


def current_formula(*, version: ProductVersion) -> PremiumFormula | None:
    """Return the text of the formula in force for a version, if it has one."""
    return (
        version.formulas.filter(is_current=True).select_related("entered_by", "reviewed_by").first()
    )


def formulas_of(*, version: ProductVersion) -> QuerySet[PremiumFormula]:
    """Return every text that the formula of a version had, newest first."""
    return version.formulas.select_related("entered_by", "reviewed_by").order_by("-number")


def product_of(*, pk: int) -> Product:
    """Return one product.

    Raises:
        Missing: there is none.
    """
    found = Product.objects.filter(pk=pk).first()
    if found is None:
        raise Missing("product_missing", _("There is no such product."))
    return found


def products_by_name() -> QuerySet[Product]:
    """Return the products, by name."""
    return Product.objects.order_by("name", "pk")
