"""What the filed price of a version assumes."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from core.data_levels import levels
from products.enums import Assumption
from products.models.catalog import ProductVersion


class PriceAssumption(models.Model):
    """A ratio that the filed price assumes, as a fraction, with where the filing says so.

    It rests with its version: the database takes it in a draft alone. Source: PRE-33c.
    """

    version = models.ForeignKey(ProductVersion, models.PROTECT, related_name="assumptions")
    code = models.CharField(max_length=20, choices=Assumption)
    value = models.DecimalField(max_digits=9, decimal_places=6)
    source = models.CharField(max_length=200, blank=True, default="")

    data_levels = levels(c1="value source", none="version code")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["version", "code"], name="assumption_once"),
            models.CheckConstraint(
                condition=Q(value__gte=0, value__lte=2),
                name="assumption_is_a_fraction",
                violation_error_message=_("An assumed ratio is a fraction from 0 to 2."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.version_id} {self.code}"
