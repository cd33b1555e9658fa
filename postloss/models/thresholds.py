"""Thresholds as dated data, proposed by one person and approved by another."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from core.data_levels import levels
from core.enums import ApprovalStatus
from postloss.enums import Dimension, Indicator, ThresholdTest, WarningLevel


class ThresholdSet(models.Model):
    """All thresholds of the house from a day on, proposed by one person, approved by another.

    The starter set is nobody's: it serves, unapproved, where no approved set covers the day.
    Source: POST-07b, POST-07g.
    """

    title = models.CharField(max_length=120)
    source = models.CharField(max_length=300)
    reason = models.TextField(blank=True)
    is_starter = models.BooleanField(default=False)
    status = models.CharField(
        max_length=12, choices=ApprovalStatus, default=ApprovalStatus.UNAPPROVED
    )
    valid_from = models.DateField()
    valid_to = models.DateField(null=True)
    proposed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+"
    )
    proposed_at = models.DateTimeField(null=True)
    approved_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+"
    )
    approved_at = models.DateTimeField(null=True)

    data_levels = levels(
        c1="title source reason",
        none=(
            "is_starter status valid_from valid_to proposed_by proposed_at approved_by approved_at"
        ),
    )

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(
                    status=ApprovalStatus.APPROVED,
                    approved_by__isnull=False,
                    approved_at__isnull=False,
                )
                | Q(
                    status=ApprovalStatus.UNAPPROVED,
                    approved_by__isnull=True,
                    approved_at__isnull=True,
                ),
                name="thresholdset_approved_by_somebody",
            ),
            models.CheckConstraint(
                condition=Q(approved_by__isnull=True) | ~Q(approved_by=F("proposed_by")),
                name="thresholdset_maker_is_not_checker",
                violation_error_message=_("Whoever proposes thresholds does not approve them."),
            ),
            models.CheckConstraint(
                condition=Q(is_starter=True, status=ApprovalStatus.UNAPPROVED)
                | Q(is_starter=False, proposed_by__isnull=False, proposed_at__isnull=False),
                name="thresholdset_proposed_by_somebody",
            ),
            models.CheckConstraint(
                condition=Q(valid_to__isnull=True) | Q(valid_to__gt=F("valid_from")),
                name="thresholdset_dates_in_order",
            ),
            models.UniqueConstraint(
                fields=["valid_from"],
                condition=Q(status=ApprovalStatus.APPROVED),
                name="thresholdset_one_approved_per_start",
            ),
        ]

    def __str__(self) -> str:
        return self.title


class Threshold(models.Model):
    """From which value on one indicator of one dimension is red, orange or yellow.

    `limit` is a fraction for the value itself and a multiple for the other tests. `min_sample`
    counts the loans below the fraction bar; `base_floor` is the smallest base (book or past mean)
    that a multiple means something of. A month is good below `limit × (1 − hysteresis)`.
    """

    threshold_set = models.ForeignKey(ThresholdSet, models.PROTECT, related_name="thresholds")
    indicator = models.CharField(max_length=14, choices=Indicator)
    dimension = models.CharField(max_length=14, choices=Dimension)
    test = models.CharField(max_length=14, choices=ThresholdTest)
    level = models.CharField(max_length=6, choices=WarningLevel)
    limit = models.DecimalField(max_digits=12, decimal_places=6)
    min_sample = models.PositiveIntegerField()
    hysteresis = models.DecimalField(max_digits=6, decimal_places=4)
    base_floor = models.DecimalField(max_digits=12, decimal_places=6, default=0)
    months = models.PositiveIntegerField(null=True, help_text="months of the past mean")
    min_history = models.PositiveIntegerField(null=True, help_text="months it needs at least")

    data_levels = levels(
        c1=(
            "threshold_set indicator dimension test level limit min_sample hysteresis "
            "base_floor months min_history"
        ),
    )

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["threshold_set", "indicator", "dimension", "test", "level"],
                name="threshold_one_per_test",
            ),
            models.CheckConstraint(
                condition=Q(limit__gt=0, hysteresis__gte=0, hysteresis__lt=1, base_floor__gte=0),
                name="threshold_figures_make_sense",
            ),
            models.CheckConstraint(
                condition=Q(
                    test=ThresholdTest.AGAINST_TREND,
                    months__gt=0,
                    min_history__gt=0,
                    min_history__lte=F("months"),
                )
                | (
                    ~Q(test=ThresholdTest.AGAINST_TREND)
                    & Q(months__isnull=True, min_history__isnull=True)
                ),
                name="threshold_trend_has_months",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.indicator} {self.dimension} {self.test} {self.level}"
