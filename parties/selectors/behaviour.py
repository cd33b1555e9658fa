"""Reads of how much personal data people use."""

from __future__ import annotations

import datetime as dt

from django.db.models import F, QuerySet

from core.selectors import parameter
from organization.models import Staff
from parties.enums import UseKind, Window
from parties.models import BehaviourAlert, PersonalDataUse
from parties.permissions import may_watch_use

_QUOTAS = {
    (UseKind.REVEAL, Window.HOUR): "privacy.reveals_per_hour",
    (UseKind.REVEAL, Window.DAY): "privacy.reveals_per_day",
    (UseKind.LOOK_UP, Window.HOUR): "privacy.look_ups_per_hour",
    (UseKind.LOOK_UP, Window.DAY): "privacy.look_ups_per_day",
    (UseKind.EXPORT_ROW, Window.DAY): "privacy.export_rows_per_day",
}


def quota_of(*, kind: UseKind, window: Window, as_of: dt.date) -> int | None:
    """Return how many records a person may use in a window, or nothing where all may be."""
    name = _QUOTAS.get((kind, window))
    return None if name is None else int(parameter(name=name, as_of=as_of).value)


def uses_since(*, start: dt.datetime) -> QuerySet[PersonalDataUse]:
    """Return the daily counts of everybody from an instant on."""
    return PersonalDataUse.objects.filter(window=Window.DAY, starts_at__gte=start)


def alerts(*, staff: Staff) -> QuerySet[BehaviourAlert]:
    """Return the alerts that the person reviews, open ones first; never those about themselves."""
    if not may_watch_use(staff):
        return BehaviourAlert.objects.none()
    return (
        BehaviourAlert.objects.exclude(staff=staff)
        .select_related("staff__unit", "concluded_by")
        .order_by(F("concluded_at").desc(nulls_first=True), "-starts_at", "-pk")
    )
