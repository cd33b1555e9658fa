"""A clock of a warning that ran out: it is marked, written into the story, and people are told."""

from __future__ import annotations

import datetime as dt

from django.db import transaction
from django.urls import reverse

from core.services import tell
from organization.enums import Permission
from organization.models import Staff, Unit
from organization.selectors.staff import people_above_with, staff_with
from postloss.enums import WarningAction, WarningKind, WarningLevel, WarningState
from postloss.models import RiskWarning, WarningStep
from postloss.services.warning_work import title_of
from postloss.states import OWNERS


@transaction.atomic
def escalate_overdue_warnings(*, at: dt.datetime) -> int:
    """Escalate every warning whose clock ran out, once per clock; return how many.

    Told are whose turn it is, by name or as the unit's team, and the nearest above who reviews.
    Source: POST-08a (escalation chain), POST-08h.
    """
    late = list(
        RiskWarning.objects.select_for_update(of=("self",), skip_locked=True)
        .filter(due_at__lt=at, escalated_at__isnull=True)
        .exclude(state=WarningState.CLOSED)
        .select_related("unit", "slice_unit", "assigned_to", "reviewed_by")
        .order_by("pk")
    )
    for warning in late:
        warning.escalated_at = at
    RiskWarning.objects.bulk_update(late, ["escalated_at"], batch_size=500)
    WarningStep.objects.bulk_create(
        WarningStep(
            warning=warning,
            action=WarningAction.ESCALATE,
            state=warning.state,
            at=at,
            due_at=warning.due_at,
        )
        for warning in late
    )
    answerable = _Answerable()
    for warning in late:
        _tell(warning, answerable.of(warning), at)
    return len(late)


def _tell(warning: RiskWarning, people: list[Staff], at: dt.datetime) -> None:
    is_risk = warning.kind == WarningKind.RISK
    level = WarningLevel(warning.level).label if is_risk else WarningKind(warning.kind).label
    tell(
        notice="warning_overdue",
        people=people,
        values={
            "warning": title_of(warning=warning, unit_name=warning.slice_unit.name),
            "level": level,
            "unit": warning.unit.name,
            "due": warning.due_at,
        },
        at=at,
        key=f"{warning.pk} {warning.due_at.isoformat()}",
        subject=warning,
        url=reverse("postloss:warning", args=[warning.pk]),
    )


class _Answerable:
    """Who answers for late warnings; each unit is asked once for each permission."""

    def __init__(self):
        self._teams: dict[tuple[int, str], list[Staff]] = {}
        self._above: dict[int, list[Staff]] = {}

    def of(self, warning: RiskWarning) -> list[Staff]:
        """Return the holder or the team, and the nearest person above who reviews."""
        holder = {
            WarningState.ACKNOWLEDGED: warning.assigned_to,
            WarningState.REVIEWED: warning.reviewed_by,
        }.get(WarningState(warning.state))
        doers = [holder] if holder is not None and holder.is_active else self._team(warning)
        return [*doers, *self._nearest(warning.unit)[:1]]

    def _team(self, warning: RiskWarning) -> list[Staff]:
        permission, unit = OWNERS[WarningState(warning.state)], warning.unit
        key = (unit.pk, permission)
        if key not in self._teams:
            team = staff_with(permission=permission, unit=unit)
            self._teams[key] = team or people_above_with(permission=permission, unit=unit)
        return self._teams[key]

    def _nearest(self, unit: Unit) -> list[Staff]:
        if unit.pk not in self._above:
            self._above[unit.pk] = people_above_with(
                permission=Permission.REVIEW_WARNINGS, unit=unit
            )
        return self._above[unit.pk]
