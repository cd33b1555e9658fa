"""Reads of the export register."""

from __future__ import annotations

from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from organization.enums import Permission
from organization.models import Staff
from organization.permissions import may
from parties.enums import ExportStatus
from parties.errors import Missing
from parties.models import Export
from parties.permissions import may_watch_use


def exports_for(*, staff: Staff) -> QuerySet[Export]:
    """Return exports, newest first: the own ones, for approvers those of their units too, and all
    of them for those who watch over use.
    """
    found = Export.objects.select_related("asked_by", "decided_by", "unit").order_by(
        "-asked_at", "-pk"
    )
    if may_watch_use(staff):
        return found
    mine = Q(asked_by=staff)
    if may(staff, Permission.APPROVE_EXPORT):
        mine |= Q(unit__path__startswith=staff.unit.path)
    return found.filter(mine)


def waiting_exports(*, staff: Staff) -> QuerySet[Export]:
    """Return what waits for the person's decision."""
    if not may(staff, Permission.APPROVE_EXPORT):
        return Export.objects.none()
    return Export.objects.filter(
        status=ExportStatus.WAITING, unit__path__startswith=staff.unit.path
    ).exclude(asked_by=staff)


def export_of(*, staff: Staff, pk: int) -> Export:
    """Return one export of the person's register.

    Raises:
        Missing: it does not exist or is not the person's to see.
    """
    export = exports_for(staff=staff).filter(pk=pk).first()
    if export is None:
        raise Missing("export_missing", _("There is no such export."))
    return export
