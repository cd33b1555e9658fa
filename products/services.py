"""Writes of products."""

from __future__ import annotations

import datetime as dt

from django.db import transaction

from products.enums import BucketBasis
from products.models import Product, ProductVersion


@transaction.atomic
def enter_product(
    *, name: str, valid_from: dt.date, bucket_basis: BucketBasis = BucketBasis.DAYS
) -> ProductVersion:
    """Enter a product with its first version, or return the newest version of the one of this name.

    The overdue basis is days unless the terms say instalments (HQ-01).
    """
    product, _ = Product.objects.get_or_create(code=name[:40], defaults={"name": name})
    newest = product.versions.order_by("-number").first()
    if newest is not None:
        return newest
    return ProductVersion.objects.create(
        product=product, number=1, valid_from=valid_from, bucket_basis=bucket_basis
    )
