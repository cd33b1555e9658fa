"""What somebody leaves behind, and what they took out of the house before. Source: CRM-30."""

from __future__ import annotations

import datetime as dt

from django.utils import timezone
from django.utils.translation import gettext as _

from core.selectors import parameter
from organization.enums import PersonnelKind
from organization.events import LeaverAskedAbout, UnitBurden, leaver_asked_about
from organization.models import Staff, WorkItem, WorkStep


def person_burdens(*, person: Staff) -> list[UnitBurden]:
    """Return what an order about the person touches: open work, open roles."""
    work = WorkItem.objects.filter(holder=person, finished_at__isnull=True).count()
    roles = person.role_assignments.filter(ended_at__isnull=True).count()
    return [
        UnitBurden(label=_("Open work"), count=work),
        UnitBurden(label=_("Roles"), count=roles),
    ]


def leaving_report(*, person: Staff, at: dt.datetime) -> dict[str, object]:
    """Return what was handed over when a person left, to whom, and the exports before that.

    Exports are what the apps above answer for the days of `access.export_review_days`.
    """
    left = person.orders.filter(kind=PersonnelKind.DISMISS, applied_at__isnull=False)
    order = left.order_by("-applied_at").first()
    day = timezone.localdate(order.applied_at if order else at)
    days = int(parameter(name="access.export_review_days", as_of=day).value)
    since = (order.applied_at if order else at) - dt.timedelta(days=days)
    asked = leaver_asked_about.send(Staff, event=LeaverAskedAbout(staff_id=person.pk, since=since))
    passed = WorkStep.objects.filter(from_holder=person, at=order.applied_at) if order else []
    if order:
        passed = passed.select_related("item__unit", "to_holder").order_by("pk")
    return {
        "order": order,
        "passed": list(passed),
        "days": days,
        "exports": [each for _receiver, answer in asked for each in answer],
    }
