"""Products and their versions, as far as watching a loan needs them."""

from __future__ import annotations

from django.db import models

from core.data_levels import levels
from products.enums import BucketBasis


class Product(models.Model):
    """A line of cover that is sold under one name."""

    code = models.CharField(max_length=40, unique=True)
    name = models.CharField(max_length=120)

    data_levels = levels(c1="code name")

    def __str__(self) -> str:
        return self.name


class ProductVersion(models.Model):
    """The terms of a product from a date on. Source: PRE-34a, HQ-01."""

    product = models.ForeignKey(Product, models.PROTECT, related_name="versions")
    number = models.PositiveIntegerField()
    valid_from = models.DateField()
    bucket_basis = models.CharField(max_length=12, choices=BucketBasis, default=BucketBasis.DAYS)

    data_levels = levels(c1="product number valid_from bucket_basis")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["product", "number"], name="productversion_number")
        ]

    def __str__(self) -> str:
        return f"{self.product} v{self.number}"
