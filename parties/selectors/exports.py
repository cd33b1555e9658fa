"""Reads of the export register."""

from __future__ import annotations

import datetime as dt

from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from organization.enums import Permission
from organization.models import Staff
from organization.permissions import may
from organization.selectors.work import seen_through_work
from parties.enums import ExportStatus
from parties.errors import Missing
from parties.models import Export
from parties.permissions import may_watch_use


def exports_for(*, staff: Staff) -> QuerySet[Export]:
    """Return exports, newest first: the own ones, for approvers those of their units too, and all
    of them for those who watch over use.
    """
    return _exports().filter(_of_register(staff))


def _exports() -> QuerySet[Export]:
    return Export.objects.select_related("asked_by", "decided_by", "unit").order_by(
        "-asked_at", "-pk"
    )


def _of_register(staff: Staff) -> Q:
    if may_watch_use(staff):
        return Q()
    mine = Q(asked_by=staff)
    if may(staff, Permission.APPROVE_EXPORT):
        mine |= Q(unit__path__startswith=staff.unit.path)
    return mine


def exports_of_leaver(*, staff_id: int, since: dt.datetime) -> QuerySet[Export]:
    """Return what a person asked for as files since an instant, newest first. Source: CRM-30."""
    return Export.objects.filter(asked_by_id=staff_id, asked_at__gte=since).order_by("-asked_at")


def waiting_exports(*, staff: Staff) -> QuerySet[Export]:
    """Return what waits for the person's decision."""
    if not may(staff, Permission.APPROVE_EXPORT):
        return Export.objects.none()
    return Export.objects.filter(
        status=ExportStatus.WAITING, unit__path__startswith=staff.unit.path
    ).exclude(asked_by=staff)


def export_of(*, staff: Staff, pk: int) -> Export:
    """Return one export of the person's register, or one on which the person holds open work.

    Raises:
        Missing: it does not exist or is not the person's to see.
    """
    seen = _of_register(staff)
    if seen:
        seen |= seen_through_work(staff=staff, model=Export)
    export = _exports().filter(seen, pk=pk).first()
    if export is None:
        raise Missing("export_missing", _("There is no such export."))
    return export
