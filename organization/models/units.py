"""The organisation tree."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from core.data_levels import levels
from organization.enums import UnitKind


class UnitQuerySet(models.QuerySet["Unit"]):
    def under(self, unit: Unit) -> UnitQuerySet:
        """Keep the unit itself and everything below it."""
        return self.filter(path__startswith=unit.path)


class Unit(models.Model):
    """A place in the tree head office → branch → sub-branch."""

    code = models.CharField(max_length=20, unique=True)
    name = models.CharField(max_length=80)
    name_en = models.CharField(max_length=80, blank=True)
    kind = models.CharField(max_length=12, choices=UnitKind)
    parent = models.ForeignKey("self", models.PROTECT, null=True, related_name="children")
    path = models.CharField(max_length=200, unique=True, help_text="/HQ/BJ/BJ01/")

    data_levels = levels(none="code name name_en kind parent path")

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
        ]

    def __str__(self) -> str:
        return self.name
