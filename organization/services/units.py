"""Writes of the tree."""

from __future__ import annotations

from django.db import transaction

from organization.enums import UnitKind
from organization.models import Unit


@transaction.atomic
def open_unit(*, code: str, name: str, name_en: str, kind: UnitKind, parent: Unit) -> Unit:
    """Open a unit below `parent`, or return the one that has this code."""
    unit, _ = Unit.objects.get_or_create(
        code=code,
        defaults={
            "name": name,
            "name_en": name_en,
            "kind": kind,
            "parent": parent,
            "path": f"{parent.path}{code}/",
        },
    )
    return unit
