"""Whoever goes leaves nothing behind: open work passes on in the same transaction."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from django.utils import timezone
from django.utils.translation import gettext as _

from core.row_security import past_the_wall
from organization.enums import WorkAction
from organization.errors import RuleBroken
from organization.models import Staff, WorkItem, WorkStep
from organization.selectors.recusal import conflicts_with
from organization.selectors.staff import people_above_with
from organization.services.work import announce_hand_over, may_hold


@dataclass(frozen=True, kw_only=True)
class HandedOver:
    """One item of somebody who goes, and who does it now (nobody: its team)."""

    item_id: int
    to_id: int | None


def hand_over_all(
    *,
    person: Staff,
    successor: Staff | None,
    by: Staff | None,
    at: dt.datetime,
    reason: str,
) -> list[HandedOver]:
    """Pass every open item of a person on: to the successor, the unit's manager, or the team.

    The successor takes what they may hold. The rest goes to the nearest active person, in the
    unit of the work or above it, who holds the permission asked for, else back to the inbox. Nobody
    is given what they must stay out of (PRE-12e).
    Called inside the transaction that cuts the access.

    Raises:
        RuleBroken: an item asks for no permission and no successor is named who may hold it.
    Source: CRM-30; issue: open work is handed over, never lost.
    """
    with past_the_wall():  # the system administrator sees none of it
        return _pass_on(person, successor, by, at, reason)


def _pass_on(
    person: Staff, successor: Staff | None, by: Staff | None, at: dt.datetime, reason: str
) -> list[HandedOver]:
    items = list(
        WorkItem.objects.select_for_update(of=("self",))
        .filter(holder=person, finished_at__isnull=True, is_personal=False)
        .select_related("unit")
        .order_by("pk")
    )
    found: dict[tuple[str, int], list[Staff]] = {}
    steps, by_holder = [], {}
    for item in items:
        to = _new_holder(item, person, successor, found, timezone.localdate(at))
        action = WorkAction.HAND_OVER if to else WorkAction.TO_TEAM
        steps.append(
            WorkStep(
                item=item,
                action=action,
                by=by,
                at=at,
                from_holder=person,
                to_holder=to,
                remark=reason,
            )
        )
        item.holder = to
        by_holder.setdefault(to, []).append(item)
    WorkItem.objects.bulk_update(items, ["holder"], batch_size=1000)
    WorkStep.objects.bulk_create(steps)
    for to, passed in by_holder.items():
        announce_hand_over(items=passed, from_staff_id=person.pk, to=to, at=at)
    return [HandedOver(item_id=item.pk, to_id=item.holder_id) for item in items]


def _new_holder(
    item: WorkItem,
    person: Staff,
    successor: Staff | None,
    found: dict[tuple[str, int], list[Staff]],
    as_of: dt.date,
) -> Staff | None:
    if (
        successor is not None
        and may_hold(successor, item=item)
        and not conflicts_with(person_ids=[successor.pk], item=item, as_of=as_of)
    ):
        return successor
    if not item.permission:
        raise RuleBroken(
            "successor_missing",
            _("Name a successor who is here: some work would otherwise be lost."),
            field="successor",
        )
    key = (item.permission, item.unit_id)
    if key not in found:
        above = people_above_with(permission=item.permission, unit=item.unit)
        found[key] = [each for each in above if each.pk != person.pk and may_hold(each, item=item)]
    ids = [each.pk for each in found[key]]
    out = conflicts_with(person_ids=ids, item=item, as_of=as_of) if ids else {}
    return next((each for each in found[key] if each.pk not in out), None)
