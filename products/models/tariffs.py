"""The rate table of a version: grade × term × loan-to-value × channel."""

from __future__ import annotations

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import DecimalRangeField, IntegerRangeField, RangeOperators
from django.db import models
from django.db.models import F, Func, Q, Value
from django.utils.translation import gettext_lazy as _

from core.data_levels import levels
from products.models.catalog import ProductVersion

ANY = "*"
RATE = {"max_digits": 9, "decimal_places": 6}


class TariffRow(models.Model):
    """A cell of the filed rate table: the rate and the band inside which one may agree.

    Rates are fractions of the sum insured per `rate_per` of the version; terms are months, both
    ends counted; of the loan-to-value the upper end counts, the lower does not. `*` is any grade or
    channel; no loan-to-value means that it does not matter. Source: PRE-34a, PRE-34b.
    """

    version = models.ForeignKey(ProductVersion, models.PROTECT, related_name="tariff")
    grade = models.CharField(max_length=20, default=ANY)
    term_from = models.PositiveIntegerField()
    term_to = models.PositiveIntegerField()
    ltv_from = models.DecimalField(**RATE, null=True)
    ltv_to = models.DecimalField(**RATE, null=True)
    channel = models.CharField(max_length=40, default=ANY)
    rate_low = models.DecimalField(**RATE)
    rate = models.DecimalField(**RATE)
    rate_high = models.DecimalField(**RATE)

    data_levels = levels(
        c1="grade term_from term_to ltv_from ltv_to channel rate_low rate rate_high",
        none="version",
    )

    class Meta:
        constraints = [
            ExclusionConstraint(
                name="tariff_cells_do_not_overlap",
                expressions=[
                    ("version", RangeOperators.EQUAL),
                    ("grade", RangeOperators.EQUAL),
                    ("channel", RangeOperators.EQUAL),
                    (
                        Func(
                            F("term_from"),
                            F("term_to"),
                            Value("[]"),
                            function="int4range",
                            output_field=IntegerRangeField(),
                        ),
                        RangeOperators.OVERLAPS,
                    ),
                    (
                        Func(
                            F("ltv_from"),
                            F("ltv_to"),
                            Value("(]"),
                            function="numrange",
                            output_field=DecimalRangeField(),
                        ),
                        RangeOperators.OVERLAPS,
                    ),
                ],
                violation_error_message=_("Two cells of the rate table overlap."),
            ),
            models.CheckConstraint(
                condition=Q(rate_low__gte=0, rate_high__lte=1)
                & Q(rate__gte=F("rate_low"), rate__lte=F("rate_high")),
                name="tariff_rate_in_band",
                violation_error_message=_("The rate lies inside its band, from 0 to 1."),
            ),
            models.CheckConstraint(
                condition=Q(term_from__gte=1, term_to__gte=F("term_from")),
                name="tariff_terms_in_order",
            ),
            models.CheckConstraint(
                condition=Q(ltv_from__isnull=True, ltv_to__isnull=True)
                | Q(ltv_from__gte=0, ltv_to__gt=F("ltv_from")),
                name="tariff_ltv_in_order",
            ),
        ]

    def __str__(self) -> str:
        return f"tariff row {self.pk}"
