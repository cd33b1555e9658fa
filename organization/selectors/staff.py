"""Reads of staff."""

from __future__ import annotations

from organization.models import Staff, Unit


def staff_with(*, permission: str, unit: Unit) -> list[Staff]:
    """Return active people of exactly this unit who hold the permission, by user name."""
    return list(
        Staff.objects.filter(unit=unit, is_active=True, roles__permissions__contains=[permission])
        .distinct()
        .order_by("username")
    )
