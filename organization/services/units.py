"""Writes of the tree: open, rename, move, close; now, or from a day ahead."""

from __future__ import annotations

import datetime as dt

from django.db import transaction
from django.db.models import F, Value
from django.db.models.functions import Concat, Substr
from django.utils import timezone
from django.utils.translation import gettext as _

from core.errors import DomainError
from core.services import record_audit
from organization.enums import Permission, UnitChangeKind, UnitKind
from organization.errors import RuleBroken, WrongState
from organization.models import Staff, Unit, UnitChange, UnitPeriod
from organization.permissions import check
from organization.rules import SINCE_EVER, may_stand_under
from organization.selectors.units import burdens_of


@transaction.atomic
def open_unit(
    *,
    code: str,
    name: str,
    name_en: str,
    kind: UnitKind,
    parent: Unit,
    by: Staff | None = None,
    at: dt.datetime | None = None,
    reason: str = "",
) -> Unit:
    """Open a unit below `parent`, or, where the house is set up, return the one of this code.

    Raises:
        NotPermitted: the person does not manage units.
        RuleBroken: the code is taken, or such a unit cannot stand there.
    Source: PRE-11a.
    """
    check(by, Permission.MANAGE_UNITS)
    if not may_stand_under(kind=kind, parent_kind=parent.kind) or parent.closed_on is not None:
        raise RuleBroken(
            "wrong_parent",
            _("Branches stand below the head office, sub-branches below an open branch."),
            field="parent",
        )
    path = f"{parent.path}{code}/"
    unit, is_new = Unit.objects.get_or_create(
        code=code,
        defaults={"name": name, "name_en": name_en, "kind": kind, "parent": parent, "path": path},
    )
    if not is_new and by is not None:
        raise RuleBroken("code_taken", _("This code is another unit's."), field="code")
    if is_new:
        _begin_period(unit, timezone.localdate(at) if at else SINCE_EVER)
        if at is not None:
            record_audit(
                action="organization.unit_opened", subject=unit, by=by, at=at, reason=reason
            )
    return unit


@transaction.atomic
def rename_unit(
    *,
    unit: Unit,
    name: str,
    name_en: str,
    effective_on: dt.date,
    by: Staff,
    at: dt.datetime,
    reason: str,
) -> UnitChange:
    """Call a unit by another name from a day on.

    Raises:
        NotPermitted: the person does not manage units.
        RuleBroken: no name or reason is given, or the day is past.
    """
    if not name.strip():
        raise RuleBroken("name_missing", _("Give the unit a name."), field="name")
    change = UnitChange(
        kind=UnitChangeKind.RENAME,
        unit=unit,
        name=name,
        name_en=name_en,
        effective_on=effective_on,
        reason=reason,
        ordered_by=by,
        ordered_at=at,
    )
    return _order(change)


@transaction.atomic
def move_unit(
    *,
    unit: Unit,
    parent: Unit,
    effective_on: dt.date,
    by: Staff,
    at: dt.datetime,
    reason: str,
) -> UnitChange:
    """Let a unit, with all below it, stand under another from a day on; scopes follow at once.

    Raises:
        NotPermitted: the person does not manage units.
        RuleBroken: it cannot stand there, no reason is given, or the day is past.
    """
    _check_move(unit, parent)
    change = UnitChange(
        kind=UnitChangeKind.MOVE,
        unit=unit,
        parent=parent,
        effective_on=effective_on,
        reason=reason,
        ordered_by=by,
        ordered_at=at,
    )
    return _order(change)


@transaction.atomic
def close_unit(
    *, unit: Unit, effective_on: dt.date, by: Staff, at: dt.datetime, reason: str
) -> UnitChange:
    """Close a unit from a day on; its past stays readable.

    Raises:
        NotPermitted: the person does not manage units.
        RuleBroken: people, open work or open units hang on it when the day comes, no reason is
            given, or the day is past; `findings` in the context names what hangs on it.
    """
    change = UnitChange(
        kind=UnitChangeKind.CLOSE,
        unit=unit,
        effective_on=effective_on,
        reason=reason,
        ordered_by=by,
        ordered_at=at,
    )
    return _order(change)


@transaction.atomic
def withdraw_unit_change(*, change: UnitChange, by: Staff, at: dt.datetime) -> UnitChange:
    """Take a change back whose day has not come.

    Raises:
        NotPermitted: the person does not manage units.
        WrongState: it was done or withdrawn already.
    """
    check(by, Permission.MANAGE_UNITS)
    locked = UnitChange.objects.select_for_update(of=("self",)).get(pk=change.pk)
    if locked.applied_at or locked.withdrawn_at:
        raise WrongState("change_not_waiting", _("This change no longer waits."))
    locked.withdrawn_at = at
    locked.save(update_fields=["withdrawn_at"])
    record_audit(action="organization.unit_change_withdrawn", subject=locked, by=by, at=at)
    return locked


def apply_due_unit_changes(*, at: dt.datetime) -> int:
    """Do the changes of the tree whose day has come, each in its own transaction; return how many.

    One that is refused keeps its reason and is tried again.
    """
    today = timezone.localdate(at)
    due = UnitChange.objects.filter(
        applied_at__isnull=True, withdrawn_at__isnull=True, effective_on__lte=today
    ).order_by("effective_on", "pk")
    done = 0
    for change in due:
        try:
            with transaction.atomic():
                _apply(change, at)
                done += 1
        except DomainError as refusal:
            UnitChange.objects.filter(pk=change.pk).update(refusal=refusal.message)
    return done


def _order(change: UnitChange) -> UnitChange:
    unit, by, at = change.unit, change.ordered_by, change.ordered_at
    reason, effective_on = change.reason, change.effective_on
    check(by, Permission.MANAGE_UNITS)
    if not reason.strip():
        raise RuleBroken("reason_missing", _("Say why."), field="reason")
    if effective_on < timezone.localdate(at):
        raise RuleBroken("day_past", _("The day is past: choose today or later."), "effective_on")
    change.save()
    record_audit(
        action=f"organization.unit_{change.kind}",
        subject=unit,
        by=by,
        at=at,
        reason=reason,
        effective_on=effective_on.isoformat(),
    )
    if effective_on <= timezone.localdate(at):
        _apply(change, at)
    return change


def _apply(change: UnitChange, at: dt.datetime) -> None:
    units = {each.pk: each for each in Unit.objects.select_for_update().order_by("pk")}
    unit = units[change.unit_id]
    if unit.closed_on is not None:
        raise WrongState("unit_closed", _("This unit is closed."))
    if change.kind == UnitChangeKind.RENAME:
        unit.name, unit.name_en = change.name, change.name_en
        unit.save(update_fields=["name", "name_en"])
        _begin_period(unit, change.effective_on)
    elif change.kind == UnitChangeKind.MOVE:
        _move(unit, units[change.parent_id], change.effective_on)
    else:
        _close(unit, change.effective_on)
    change.applied_at, change.refusal = at, ""
    change.save(update_fields=["applied_at", "refusal"])


def _check_move(unit: Unit, parent: Unit) -> None:
    fits = may_stand_under(kind=unit.kind, parent_kind=parent.kind)
    if not fits or parent.closed_on is not None or parent.path.startswith(unit.path):
        raise RuleBroken(
            "wrong_parent",
            _("Branches stand below the head office, sub-branches below an open branch."),
            field="parent",
        )


def _move(unit: Unit, parent: Unit, effective_on: dt.date) -> None:
    _check_move(unit, parent)
    before, after = unit.path, f"{parent.path}{unit.code}/"
    unit.parent = parent
    unit.save(update_fields=["parent"])
    Unit.objects.filter(path__startswith=before).update(
        path=Concat(Value(after), Substr(F("path"), len(before) + 1))
    )
    for moved in Unit.objects.filter(path__startswith=after):
        _begin_period(moved, effective_on)


def _close(unit: Unit, effective_on: dt.date) -> None:
    findings = [
        f"{burden.label}: {burden.count}" for burden in burdens_of(unit=unit) if burden.blocks
    ]
    if findings:
        raise RuleBroken(
            "unit_in_use",
            _("The unit cannot close yet. %(findings)s") % {"findings": "; ".join(findings)},
            findings=findings,
        )
    unit.closed_on = effective_on
    unit.save(update_fields=["closed_on"])
    unit.periods.filter(valid_to__isnull=True, valid_from__lt=effective_on).update(
        valid_to=effective_on
    )


def _begin_period(unit: Unit, day: dt.date) -> None:
    """End the present period on the day and begin the next; the same day twice is one period."""
    words = {
        "name": unit.name,
        "name_en": unit.name_en,
        "parent_id": unit.parent_id,
        "path": unit.path,
    }
    unit.periods.filter(valid_to__isnull=True, valid_from__lt=day).update(valid_to=day)
    UnitPeriod.objects.update_or_create(unit=unit, valid_from=day, defaults=words)
