"""Writes of staff."""

from __future__ import annotations

from collections.abc import Sequence

from django.db import transaction

from organization.models import Role, Staff, Unit


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
