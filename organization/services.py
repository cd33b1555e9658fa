"""Writes of the organisation."""

from __future__ import annotations

from collections.abc import Sequence

from django.db import transaction

from organization.enums import UnitKind
from organization.models import Role, Staff, Unit


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


@transaction.atomic
def appoint_staff(
    *, username: str, name: str, unit: Unit, roles: Sequence[str], password: str
) -> Staff:
    """Appoint a person with roles (by code), or set those of the one with this user name."""
    staff = Staff.objects.filter(username=username).first() or Staff(username=username)
    staff.name, staff.unit = name, unit
    staff.set_password(password)
    staff.save()
    staff.roles.set(Role.objects.filter(code__in=roles))
    return staff
