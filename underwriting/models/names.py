"""The names that lenders use for our places, and where each of them leads."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from core.data_levels import levels
from organization.models import Unit
from partners.models import Channel, Lender
from products.models import ProductVersion
from underwriting.enums import NameKind


class BookName(models.Model):
    """A branch, channel or product as lenders write it; indicators group and print it."""

    kind = models.CharField(max_length=10, choices=NameKind)
    name = models.CharField(max_length=120)

    data_levels = levels(c1="kind name")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["kind", "name"], name="bookname_unique")]

    def __str__(self) -> str:
        return self.name


class NameMapping(models.Model):
    """From (lender, name) to our unit, channel or product version, dated and confirmed by a person.

    An unconfirmed mapping leads to head office until somebody confirms it.
    """

    lender = models.ForeignKey(Lender, models.PROTECT, related_name="name_mappings")
    book_name = models.ForeignKey(BookName, models.PROTECT, related_name="mappings")
    valid_from = models.DateField()
    valid_to = models.DateField(null=True)
    unit = models.ForeignKey(Unit, models.PROTECT, null=True)
    channel = models.ForeignKey(Channel, models.PROTECT, null=True)
    product_version = models.ForeignKey(ProductVersion, models.PROTECT, null=True)
    confirmed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+"
    )
    confirmed_at = models.DateTimeField(null=True)
    source = models.CharField(max_length=200, blank=True)

    data_levels = levels(
        c1="lender book_name valid_from valid_to unit channel product_version source",
        none="confirmed_by confirmed_at",
    )

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["lender", "book_name", "valid_from"], name="namemapping_one_per_start"
            ),
            models.CheckConstraint(
                condition=Q(valid_to__isnull=True) | Q(valid_to__gt=F("valid_from")),
                name="namemapping_dates_in_order",
            ),
            models.CheckConstraint(
                condition=Q(confirmed_at__isnull=True)
                | Q(unit__isnull=False)
                | Q(channel__isnull=False)
                | Q(product_version__isnull=False),
                name="namemapping_confirmed_leads_somewhere",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.lender_id} {self.book_name_id}"
