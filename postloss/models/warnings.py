"""Warnings with everything that was seen and done."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from core.data_levels import levels
from core.models import StoredFile
from organization.models import Unit
from partners.models import Lender
from postloss.enums import (
    Dimension,
    Indicator,
    Measure,
    WarningAction,
    WarningKind,
    WarningLevel,
    WarningState,
)
from postloss.models.history import MonthEnd


class RiskWarning(models.Model):
    """A slice in the warning zone, or data that cannot be judged, until its loop is closed.

    The slice is that of a figure: (`slice_unit`, `lender`, `dimension`, `value`). `unit` answers
    for it. `level` is the worst of the newest month-ends, `peak_level` the worst ever seen; both
    are empty where data is the matter. Source: POST-07a, POST-08a, POST-09f, HQ-28, HQ-29.
    """

    kind = models.CharField(max_length=14, choices=WarningKind)
    indicator = models.CharField(max_length=14, choices=Indicator, blank=True)
    slice_unit = models.ForeignKey(Unit, models.PROTECT, related_name="+")
    lender = models.ForeignKey(Lender, models.PROTECT, null=True, related_name="+")
    dimension = models.CharField(max_length=14, choices=Dimension)
    value = models.CharField(max_length=120, blank=True)
    for_month = models.DateField(null=True, help_text="only where loans were not reported")
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="+")
    assigned_to = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+"
    )

    level = models.CharField(max_length=6, choices=WarningLevel, blank=True)
    peak_level = models.CharField(max_length=6, choices=WarningLevel, blank=True)
    month = models.DateField(help_text="first day of the month that raised it")
    raised_in = models.ForeignKey(MonthEnd, models.PROTECT, related_name="+")
    last_seen_in = models.ForeignKey(MonthEnd, models.PROTECT, related_name="+")
    figure_value = models.DecimalField(max_digits=30, decimal_places=18, null=True)
    sample = models.BigIntegerField(null=True)
    test = models.JSONField(default=dict, help_text="the threshold as it stood, and the measure")
    continues = models.ForeignKey("self", models.PROTECT, null=True, related_name="+")

    state = models.CharField(max_length=12, choices=WarningState, default=WarningState.OPEN)
    may_close = models.BooleanField(default=False, help_text="enough good month-ends in a row")
    raised_at = models.DateTimeField()
    due_at = models.DateTimeField(null=True)
    escalated_at = models.DateTimeField(null=True)
    acknowledged_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+"
    )
    handled_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+"
    )
    reviewed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+"
    )
    closed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+"
    )
    closed_at = models.DateTimeField(null=True)
    closed_in = models.ForeignKey(MonthEnd, models.PROTECT, null=True, related_name="+")

    data_levels = levels(
        c1=(
            "kind indicator slice_unit lender dimension value for_month unit level peak_level "
            "month raised_in last_seen_in figure_value sample test continues may_close"
        ),
        none=(
            "assigned_to state raised_at due_at escalated_at acknowledged_by handled_by "
            "reviewed_by closed_by closed_at closed_in"
        ),
    )

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=[
                    "kind",
                    "indicator",
                    "slice_unit",
                    "lender",
                    "dimension",
                    "value",
                    "for_month",
                ],
                condition=~Q(state=WarningState.CLOSED),
                nulls_distinct=False,
                name="riskwarning_one_standing_per_slice",
            ),
            models.CheckConstraint(
                condition=Q(kind=WarningKind.RISK) ^ Q(level="", peak_level=""),
                name="riskwarning_risk_has_level",
            ),
            models.CheckConstraint(
                condition=Q(kind=WarningKind.NOT_REPORTED)
                ^ Q(for_month__isnull=True, indicator__gt=""),
                name="riskwarning_kind_fits_slice",
            ),
            models.CheckConstraint(
                condition=Q(state=WarningState.CLOSED) ^ Q(closed_at__isnull=True),
                name="riskwarning_closed_has_time",
            ),
            models.CheckConstraint(
                condition=~Q(
                    state__in=[
                        WarningState.ACKNOWLEDGED,
                        WarningState.DISPOSED,
                        WarningState.REVIEWED,
                    ]
                )
                | Q(acknowledged_by__isnull=False),
                name="riskwarning_acknowledged_by_somebody",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=[WarningState.DISPOSED, WarningState.REVIEWED])
                | Q(handled_by__isnull=False),
                name="riskwarning_handled_by_somebody",
            ),
            models.CheckConstraint(
                condition=~Q(state=WarningState.REVIEWED) | Q(reviewed_by__isnull=False),
                name="riskwarning_reviewed_by_somebody",
            ),
            models.CheckConstraint(
                condition=Q(handled_by__isnull=True)
                | (
                    (Q(reviewed_by__isnull=True) | ~Q(reviewed_by=F("handled_by")))
                    & (Q(closed_by__isnull=True) | ~Q(closed_by=F("handled_by")))
                ),
                name="riskwarning_handler_is_not_reviewer",
                violation_error_message=_("Whoever disposed of a warning does not review it."),
            ),
            models.CheckConstraint(
                condition=~Q(state=WarningState.CLOSED)
                | ~Q(kind=WarningKind.RISK)
                | Q(reviewed_by__isnull=False, closed_by__isnull=False),
                name="riskwarning_risk_closed_by_its_loop",
            ),
        ]
        indexes = [
            models.Index(
                fields=["unit", "state"],
                condition=~Q(state=WarningState.CLOSED),
                name="riskwarning_standing",
            ),
            models.Index(
                fields=["due_at"],
                condition=Q(due_at__isnull=False, escalated_at__isnull=True),
                name="riskwarning_clock",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.indicator} {self.dimension} {self.value}"

    @property
    def is_risk(self) -> bool:
        """Tell a risk from a matter of data quality."""
        return self.kind == WarningKind.RISK


class WarningObservation(models.Model):
    """What a month-end version said of a warning's slice; appended only. Source: HQ-29, HQ-44."""

    warning = models.ForeignKey(RiskWarning, models.PROTECT, related_name="observations")
    month_end = models.ForeignKey(MonthEnd, models.PROTECT, related_name="+")
    level = models.CharField(max_length=6, choices=WarningLevel, blank=True)
    is_breach = models.BooleanField()
    is_good = models.BooleanField()
    figure_value = models.DecimalField(max_digits=30, decimal_places=18, null=True)
    sample = models.BigIntegerField(null=True)
    test = models.JSONField(default=dict)
    note = models.CharField(max_length=20, blank=True)

    data_levels = levels(
        c1="warning month_end level is_breach is_good figure_value sample test note"
    )

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["warning", "month_end"], name="warningobservation_once_per_version"
            ),
            models.CheckConstraint(
                condition=~Q(is_breach=True, is_good=True), name="warningobservation_not_both"
            ),
        ]
        indexes = [models.Index(fields=["month_end"], name="warningobservation_month")]

    def __str__(self) -> str:
        return f"{self.warning_id} {self.month_end_id}"


class WarningStep(models.Model):
    """One step of a warning's loop, appended only; `due_at` is the clock that it had to meet."""

    warning = models.ForeignKey(RiskWarning, models.PROTECT, related_name="steps")
    action = models.CharField(max_length=12, choices=WarningAction)
    state = models.CharField(max_length=12, choices=WarningState, help_text="after the step")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    at = models.DateTimeField()
    due_at = models.DateTimeField(null=True)
    remark = models.TextField(blank=True)
    measure = models.CharField(max_length=12, choices=Measure, blank=True)
    evidence = models.ForeignKey(StoredFile, models.PROTECT, null=True, related_name="+")

    data_levels = levels(c1="warning action remark measure evidence", none="state by at due_at")

    class Meta:
        indexes = [models.Index(fields=["warning", "at"], name="warningstep_story")]

    def __str__(self) -> str:
        return f"{self.warning_id} {self.action}"

    @property
    def is_late(self) -> bool:
        """Tell whether the step missed its clock."""
        return self.due_at is not None and self.at > self.due_at
