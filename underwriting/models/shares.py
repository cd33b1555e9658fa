"""Our share of the loans of a lender's product, as the month-end reads it."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from core.data_levels import levels
from partners.models import Lender
from underwriting.models.names import BookName


class ShareLine(models.Model):
    """Own co-insurance share and ceded share of a lender's product over a period. Source: F13."""

    lender = models.ForeignKey(Lender, models.PROTECT, related_name="shares")
    product = models.ForeignKey(BookName, models.PROTECT, related_name="+")
    valid_from = models.DateField()
    valid_to = models.DateField(null=True)
    own_share = models.DecimalField(max_digits=9, decimal_places=6)
    ceded_share = models.DecimalField(max_digits=9, decimal_places=6)
    source = models.CharField(max_length=255)
    recorded_at = models.DateTimeField()

    data_levels = levels(
        c1="lender product valid_from valid_to own_share ceded_share source", none="recorded_at"
    )

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["lender", "product", "valid_from"], name="shareline_one_per_start"
            ),
            models.CheckConstraint(
                condition=Q(own_share__gte=0)
                & Q(own_share__lte=1)
                & Q(ceded_share__gte=0)
                & Q(ceded_share__lte=1),
                name="shareline_shares_are_fractions",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.lender_id} {self.product_id} {self.valid_from}"
