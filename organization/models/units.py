"""The organisation tree, as it is and as it was."""

from __future__ import annotations

import datetime as dt

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from core.data_levels import levels
from organization.enums import UnitChangeKind, UnitKind


class UnitQuerySet(models.QuerySet["Unit"]):
    def under(self, unit: Unit) -> UnitQuerySet:
        """Keep the unit itself and everything below it."""
        return self.filter(path__startswith=unit.path)

    def open(self) -> UnitQuerySet:
        """Keep the units that are not closed."""
        return self.filter(closed_on__isnull=True)


class Unit(models.Model):
    """A place in the tree head office → branch → sub-branch. `path` is the present one: scope."""

    code = models.CharField(max_length=20, unique=True)
    name = models.CharField(max_length=80)
    name_en = models.CharField(max_length=80, blank=True)
    kind = models.CharField(max_length=12, choices=UnitKind)
    parent = models.ForeignKey("self", models.PROTECT, null=True, related_name="children")
    path = models.CharField(max_length=200, unique=True, help_text="/HQ/BJ/BJ01/")
    closed_on = models.DateField(null=True, help_text="first day on which it is no more")

    data_levels = levels(none="code name name_en kind parent path closed_on")

    objects = UnitQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(kind=UnitKind.HEAD_OFFICE) ^ Q(parent__isnull=False),
                name="unit_only_head_office_is_root",
            ),
            models.UniqueConstraint(
                fields=["kind"],
                condition=Q(kind=UnitKind.HEAD_OFFICE),
                name="unit_one_head_office",
            ),
            models.CheckConstraint(
                condition=~Q(kind=UnitKind.HEAD_OFFICE) | Q(closed_on__isnull=True),
                name="unit_head_office_stays_open",
                violation_error_message=_("The head office is not closed."),
            ),
        ]

    def __str__(self) -> str:
        return self.name


class UnitPeriod(models.Model):
    """What a unit was called and where it stood, from a day to the next change. Source: PRE-11a."""

    unit = models.ForeignKey(Unit, models.PROTECT, related_name="periods")
    name = models.CharField(max_length=80)
    name_en = models.CharField(max_length=80, blank=True)
    parent = models.ForeignKey(Unit, models.PROTECT, null=True, related_name="+")
    path = models.CharField(max_length=200)
    valid_from = models.DateField()
    valid_to = models.DateField(null=True)

    data_levels = levels(none="unit name name_en parent path valid_from valid_to")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["unit", "valid_from"], name="unitperiod_one_per_start"),
            models.UniqueConstraint(
                fields=["unit"], condition=Q(valid_to__isnull=True), name="unitperiod_one_open"
            ),
            models.CheckConstraint(
                condition=Q(valid_to__isnull=True) | Q(valid_to__gt=F("valid_from")),
                name="unitperiod_dates_in_order",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.path} {self.valid_from}"


class UnitChange(models.Model):
    """A change of the tree that was ordered, from a day on; done by the beat if that is ahead."""

    unit = models.ForeignKey(Unit, models.PROTECT, related_name="changes")
    kind = models.CharField(max_length=8, choices=UnitChangeKind)
    effective_on = models.DateField()
    name = models.CharField(max_length=80, blank=True)
    name_en = models.CharField(max_length=80, blank=True)
    parent = models.ForeignKey(Unit, models.PROTECT, null=True, related_name="+")
    reason = models.TextField()
    ordered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+"
    )
    ordered_at = models.DateTimeField()
    applied_at = models.DateTimeField(null=True)
    withdrawn_at = models.DateTimeField(null=True)
    refusal = models.TextField(blank=True, help_text="why it could not be done when its day came")

    data_levels = levels(
        c1="reason refusal",
        none="unit kind effective_on name name_en parent ordered_by ordered_at applied_at"
        " withdrawn_at",
    )

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(kind=UnitChangeKind.RENAME, name__gt="", parent__isnull=True)
                | Q(kind=UnitChangeKind.MOVE, name="", parent__isnull=False)
                | Q(kind=UnitChangeKind.CLOSE, name="", parent__isnull=True),
                name="unitchange_says_what",
            ),
            models.CheckConstraint(
                condition=Q(applied_at__isnull=True) | Q(withdrawn_at__isnull=True),
                name="unitchange_not_both",
            ),
        ]
        indexes = [
            models.Index(
                fields=["effective_on"],
                condition=Q(applied_at__isnull=True, withdrawn_at__isnull=True),
                name="unitchange_waiting",
            )
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.unit_id} {self.effective_on}"

    def is_late(self, as_of: dt.date) -> bool:
        """Tell whether its day came and it was not done."""
        waits = self.applied_at is None and self.withdrawn_at is None
        return waits and self.effective_on <= as_of
