"""Judging each day's use of personal data, and concluding what stood out. Source: CRM-53, A20."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from core.selectors import parameter
from core.services import record_audit
from organization.models import Staff
from organization.services.awaiting import align_work
from parties.enums import AlertConclusion, AlertKind, UseKind, Window
from parties.errors import RuleBroken, WrongState
from parties.models import BehaviourAlert
from parties.permissions import check_conclude_alert
from parties.rules import is_unusual, usual
from parties.selectors.behaviour import uses_since
from parties.services.uses import start_of

Counts = dict[tuple[int, str], dict[dt.datetime, int]]


@transaction.atomic
def look_for_unusual_use(*, day: dt.date, at: dt.datetime) -> list[BehaviourAlert]:
    """Raise an alert for everybody whose use of a day stands out; judged again, nothing doubles.

    Own usual: the median of the days with use before. Peers' usual: the median of the days of
    everybody who shares a role. Days before, factor and floors are parameters.
    """
    start = timezone.make_aware(dt.datetime.combine(day, dt.time()))
    figures = {
        name: int(parameter(name=f"privacy.{name}", as_of=day).value)
        for name in ("alert_history_days", "alert_factor", *(f"alert_floor_{k}" for k in UseKind))
    }
    before = start - dt.timedelta(days=figures["alert_history_days"])
    counts: Counts = defaultdict(dict)
    for use in uses_since(start=start_of(Window.DAY, at=before)):
        if use.starts_at <= start:
            counts[use.staff_id, use.kind][use.starts_at] = use.used
    peers = _peers()
    raised = []
    for (staff_id, kind), days in counts.items():
        observed = days.get(start, 0)
        own = usual([used for when, used in days.items() if when < start])
        others = usual(
            [
                used
                for peer in peers.get(staff_id, set())
                for when, used in counts.get((peer, kind), {}).items()
                if when <= start
            ]
        )
        floor, factor = figures[f"alert_floor_{kind}"], figures["alert_factor"]
        if is_unusual(observed=observed, own=own, peers=others, factor=factor, floor=floor):
            alert, is_new = BehaviourAlert.objects.get_or_create(
                staff_id=staff_id,
                kind=AlertKind.UNUSUAL,
                use=kind,
                window=Window.DAY,
                starts_at=start,
                defaults={
                    "observed": observed,
                    "allowed": max(floor, factor * max(own or 0, others or 0)),
                    "own_usual": own,
                    "peers_usual": others,
                    "raised_at": at,
                },
            )
            if is_new:
                raised.append(alert)
    align_work(subjects=raised, by=None, at=at)
    return raised


def _peers() -> dict[int, set[int]]:
    by_role: dict[int, set[int]] = defaultdict(set)
    for staff_id, role_id in Staff.objects.values_list("pk", "roles"):
        by_role[role_id].add(staff_id)
    by_role.pop(None, None)
    peers: dict[int, set[int]] = defaultdict(set)
    for people in by_role.values():
        for staff_id in people:
            peers[staff_id] |= people - {staff_id}
    return peers


@transaction.atomic
def conclude_alert(
    *, alert: BehaviourAlert, conclusion: AlertConclusion, remark: str, by: Staff, at: dt.datetime
) -> BehaviourAlert:
    """Conclude an alert after a review.

    Raises:
        NotPermitted: the permission is lacking, or the alert is about the person.
        WrongState: it is concluded.
        RuleBroken: nothing is said about it.
    """
    alert = BehaviourAlert.objects.select_for_update(of=("self",)).get(pk=alert.pk)
    check_conclude_alert(by, alert=alert)
    if alert.concluded_at is not None:
        raise WrongState("alert_concluded", _("This alert is concluded."))
    if not remark.strip():
        raise RuleBroken("remark_missing", _("Say what the review found."), "remark")
    alert.concluded_by, alert.concluded_at = by, at
    alert.conclusion, alert.remark = conclusion, remark.strip()
    alert.save(update_fields=["concluded_by", "concluded_at", "conclusion", "remark"])
    record_audit(
        action="behaviour_alert_concluded",
        subject=alert,
        by=by,
        at=at,
        reason=remark,
        conclusion=str(conclusion),
    )
    align_work(subjects=[alert], by=by, at=at, outcome="concluded")
    return alert
