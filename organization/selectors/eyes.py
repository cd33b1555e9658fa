"""With which eyes a person looks into the database."""

from __future__ import annotations

from dataclasses import dataclass

from organization.enums import ADMINISTRATION, RoleKind
from organization.models import Staff
from organization.permissions import permissions_of


@dataclass(frozen=True)
class Eyes:
    """The path of the subtree seen ("" for none), the person's id and the kind of their roles."""

    scope: str = ""
    staff_id: int | None = None
    kind: str = ""


def eyes_of(*, staff: Staff | None) -> Eyes:
    """Return what row-level security is told of a person; a stranger sees nothing.

    Administrators 三员 and regulators see no unit's rows. Source: safety.md A4, HQ-47.
    """
    if staff is None or not staff.is_active:
        return Eyes()
    kind = _kind_of(permissions_of(staff))
    scope = staff.unit.path if kind == RoleKind.BUSINESS else ""
    return Eyes(scope=scope, staff_id=staff.pk, kind=kind)


def _kind_of(permissions: set[str]) -> RoleKind:
    for kind, theirs in ADMINISTRATION.items():
        if permissions & theirs:
            return kind
    return RoleKind.BUSINESS
