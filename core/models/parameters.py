"""Dated, sourced figures: proposed by one person, approved by another, never edited."""

from __future__ import annotations

from django.conf import settings
from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import DateRangeField, RangeOperators
from django.db import models
from django.db.models import F, Func, Q
from django.utils.translation import gettext_lazy as _

from core.data_levels import levels
from core.enums import ParameterKind, ParameterStatus, Verification

SERVING = [ParameterStatus.UNAPPROVED, ParameterStatus.VERIFIED]
DECIDED = [ParameterStatus.APPROVED, ParameterStatus.REJECTED, ParameterStatus.SUPERSEDED]


class RegulatoryParameter(models.Model):
    """A dated, sourced figure. Looked up as of the business date; never a constant in code.

    A correction is a new row; of a row that was decided on only the end and the fact that another
    stands in its place may still be written (database trigger). Source: section 4.
    """

    name = models.CharField(max_length=80)
    kind = models.CharField(max_length=10, choices=ParameterKind, blank=True, default="")
    value = models.JSONField()
    unit = models.CharField(max_length=40, blank=True)
    valid_from = models.DateField()
    valid_to = models.DateField(null=True)
    effective_text = models.CharField(
        max_length=80, blank=True, default="", help_text="where the first day is unsure"
    )
    source = models.CharField(max_length=300)
    note = models.TextField(blank=True, default="")
    owner = models.CharField(max_length=80, blank=True, default="", help_text="department")
    verification = models.CharField(
        max_length=12, choices=Verification, default=Verification.COMPANY
    )
    status = models.CharField(
        max_length=12, choices=ParameterStatus, default=ParameterStatus.UNAPPROVED
    )
    reason = models.TextField(blank=True, default="")
    proposed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+"
    )
    proposed_at = models.DateTimeField(null=True)
    approved_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+"
    )
    approved_at = models.DateTimeField(null=True)
    rejected_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+"
    )
    rejected_at = models.DateTimeField(null=True)
    decision_remark = models.TextField(blank=True, default="")
    superseded_by = models.ForeignKey("self", models.PROTECT, null=True, related_name="+")

    data_levels = levels(
        c1="value note reason decision_remark",
        none="name kind unit valid_from valid_to effective_text source owner verification status"
        " proposed_by proposed_at approved_by approved_at rejected_by rejected_at superseded_by",
    )

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["name", "valid_from"],
                condition=Q(status__in=SERVING),
                name="parameter_one_starter_per_start",
            ),
            ExclusionConstraint(
                name="parameter_approved_do_not_overlap",
                expressions=[
                    ("name", RangeOperators.EQUAL),
                    (
                        Func(
                            F("valid_from"),
                            F("valid_to"),
                            function="daterange",
                            output_field=DateRangeField(),
                        ),
                        RangeOperators.OVERLAPS,
                    ),
                ],
                condition=Q(status=ParameterStatus.APPROVED),
                violation_error_message=_("Another approved value covers some of these days."),
            ),
            models.CheckConstraint(
                condition=Q(valid_to__isnull=True) | Q(valid_to__gt=F("valid_from")),
                name="parameter_dates_in_order",
            ),
            models.CheckConstraint(
                condition=~Q(status__in=[ParameterStatus.PROPOSED, *DECIDED])
                | Q(proposed_by__isnull=False, proposed_at__isnull=False),
                name="parameter_proposed_by_somebody",
            ),
            models.CheckConstraint(
                condition=Q(
                    status__in=[ParameterStatus.APPROVED, ParameterStatus.SUPERSEDED],
                    approved_by__isnull=False,
                    approved_at__isnull=False,
                )
                | (
                    ~Q(status__in=[ParameterStatus.APPROVED, ParameterStatus.SUPERSEDED])
                    & Q(approved_by__isnull=True, approved_at__isnull=True)
                ),
                name="parameter_approved_by_somebody",
            ),
            models.CheckConstraint(
                condition=Q(
                    status=ParameterStatus.REJECTED,
                    rejected_by__isnull=False,
                    rejected_at__isnull=False,
                )
                | (
                    ~Q(status=ParameterStatus.REJECTED)
                    & Q(rejected_by__isnull=True, rejected_at__isnull=True)
                ),
                name="parameter_rejected_by_somebody",
            ),
            models.CheckConstraint(
                condition=(Q(approved_by__isnull=True) | ~Q(approved_by=F("proposed_by"))),
                name="parameter_maker_is_not_checker",
                violation_error_message=_("Whoever proposes a value does not approve it."),
            ),
        ]
        indexes = [models.Index(fields=["name", "valid_from"], name="parameter_by_name")]

    def __str__(self) -> str:
        return f"{self.name} = {self.value} {self.unit}"
