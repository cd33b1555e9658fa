"""What warnings forbid on new business."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from core.data_levels import levels
from organization.models import Unit
from partners.models import Lender
from underwriting.enums import ControlDimension, ControlKind


class ControlQuerySet(models.QuerySet["Control"]):
    def live(self) -> ControlQuerySet:
        """Keep what binds new business now."""
        return self.filter(lifted_at__isnull=True)


class Control(models.Model):
    """What a warning forbids on one slice of new business; its rows are the history of the slice.

    A slice is (unit with all below it, one lender or all, dimension, value) and has one live
    control, the strictest. A stricter one replaces it; only the warning's loop lifts it.
    Source: POST-08b, POST-08f, POST-08i, HQ-27.
    """

    kind = models.CharField(max_length=16, choices=ControlKind)
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="+")
    responsible_unit = models.ForeignKey(Unit, models.PROTECT, related_name="+")
    lender = models.ForeignKey(Lender, models.PROTECT, null=True, related_name="+")
    dimension = models.CharField(max_length=14, choices=ControlDimension)
    value = models.CharField(max_length=120, blank=True)
    factor = models.DecimalField(
        max_digits=9, decimal_places=6, null=True, help_text="share of the line that is left"
    )
    set_by_warning = models.BigIntegerField(help_text="number of the warning in postloss")
    reason = models.CharField(max_length=200)
    since = models.DateTimeField()
    lifted_at = models.DateTimeField(null=True)
    lifted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+"
    )
    lift_reason = models.CharField(max_length=200, blank=True)
    replaced_by = models.ForeignKey("self", models.PROTECT, null=True, related_name="replaced")

    data_levels = levels(
        c1=(
            "kind unit responsible_unit lender dimension value factor set_by_warning reason "
            "since lifted_at lift_reason replaced_by"
        ),
        none="lifted_by",
    )

    objects = ControlQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["unit", "lender", "dimension", "value"],
                condition=Q(lifted_at__isnull=True),
                nulls_distinct=False,
                name="control_one_live_per_slice",
            ),
            models.CheckConstraint(
                condition=Q(kind=ControlKind.CUT_LINE, factor__gte=0, factor__lt=1)
                | (~Q(kind=ControlKind.CUT_LINE) & Q(factor__isnull=True)),
                name="control_cut_line_has_factor",
            ),
            models.CheckConstraint(
                condition=Q(lifted_at__isnull=True, lift_reason="", lifted_by__isnull=True)
                | (Q(lifted_at__gte=F("since")) & ~Q(lift_reason="")),
                name="control_lifted_with_reason",
            ),
        ]
        indexes = [models.Index(fields=["set_by_warning"], name="control_warning")]

    def __str__(self) -> str:
        return f"{self.kind} {self.dimension} {self.value}"
