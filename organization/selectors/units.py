"""Reads of the tree, as it is and as it was."""

from __future__ import annotations

import datetime as dt

from django.db.models import Count, Q, QuerySet
from django.utils.translation import gettext as _

from organization.enums import Standing, UnitKind
from organization.errors import Missing
from organization.events import (
    TreeAskedAbout,
    UnitAskedAbout,
    UnitBurden,
    tree_asked_about,
    unit_asked_about,
)
from organization.models import Staff, Unit, UnitChange, UnitPeriod, UnitQuerySet, WorkItem
from organization.permissions import may_see_tree
from organization.rules.tree import TreeNode, grow_tree


def head_office() -> Unit:
    """Return the root of the tree."""
    return Unit.objects.get(kind=UnitKind.HEAD_OFFICE)


def units_in_scope(*, staff: Staff | None) -> UnitQuerySet:
    """Return the units whose data the person sees: the own unit and what is below. System: all."""
    if staff is None:
        return Unit.objects.all()
    return Unit.objects.under(staff.unit)


def tree_as_of(*, staff: Staff, as_of: dt.date) -> list[UnitPeriod]:
    """Return the tree as it stood on a day, in tree order; closed units are not in it.

    Raises:
        Missing: the person does not see the tree.
    """
    _require_tree_reader(staff)
    return list(
        UnitPeriod.objects.filter(
            Q(valid_to__isnull=True) | Q(valid_to__gt=as_of), valid_from__lte=as_of
        )
        .exclude(unit__closed_on__lte=as_of)
        .select_related("unit", "parent")
        .annotate(people=Count("unit__staff", filter=~Q(unit__staff__standing=Standing.LEFT)))
        .order_by("path")
    )


def grown_tree(*, staff: Staff, as_of: dt.date, text: str = "") -> list[TreeNode]:
    """Return the tree as it stood on a day, nested, with staff and loans of each unit and below.

    Staff and loans are today's. `text` keeps the units whose name or code holds it, and the way to
    them. Three queries, however many units.

    Raises:
        Missing: the person does not see the tree.
    """
    periods = tree_as_of(staff=staff, as_of=as_of)
    loans: dict[int, int] = {}
    for _receiver, answer in tree_asked_about.send(Unit, event=TreeAskedAbout(as_of=as_of)):
        for unit_id, number in answer.items():
            loans[unit_id] = loans.get(unit_id, 0) + number
    wanted = text.strip().casefold()
    matches = None
    if wanted:
        matches = frozenset(
            each.path
            for each in periods
            if wanted in f"{each.name} {each.name_en} {each.unit.code}".casefold()
        )
    return grow_tree(
        (
            (each.path, each, {"people": each.people, "loans": loans.get(each.unit_id, 0)})
            for each in periods
        ),
        matches=matches,
    )


def unit_as_of(*, unit: Unit, as_of: dt.date) -> UnitPeriod | None:
    """Return what a unit was called and where it stood on a day; nothing before its opening."""
    return (
        unit.periods.filter(Q(valid_to__isnull=True) | Q(valid_to__gt=as_of))
        .filter(valid_from__lte=as_of)
        .first()
    )


def unit_of(*, staff: Staff, pk: int) -> Unit:
    """Return one unit for whoever sees the tree.

    Raises:
        Missing: there is none, or the person does not see the tree.
    """
    _require_tree_reader(staff)
    found = Unit.objects.select_related("parent").filter(pk=pk).first()
    if found is None:
        raise Missing("unit_missing", _("There is no such unit, or it is not yours to see."))
    return found


def changes_waiting() -> QuerySet[UnitChange]:
    """Return the changes of the tree that wait for their day, soonest first."""
    return (
        UnitChange.objects.filter(applied_at__isnull=True, withdrawn_at__isnull=True)
        .select_related("unit", "parent", "ordered_by")
        .order_by("effective_on", "pk")
    )


def burdens_of(*, unit: Unit) -> list[UnitBurden]:
    """Return what hangs on a unit and what is below: units, people, open work, and what the apps
    above answer (loans). Those that block must be gone before it closes.
    """
    below = Unit.objects.under(unit).open().exclude(pk=unit.pk).count()
    people = (
        Staff.objects.filter(unit__path__startswith=unit.path)
        .exclude(standing=Standing.LEFT)
        .count()
    )
    work = WorkItem.objects.filter(
        unit__path__startswith=unit.path, finished_at__isnull=True
    ).count()
    asked = unit_asked_about.send(Unit, event=UnitAskedAbout(unit_id=unit.pk, path=unit.path))
    return [
        UnitBurden(label=_("Units below"), count=below, blocks=below > 0),
        UnitBurden(label=_("People"), count=people, blocks=people > 0),
        UnitBurden(label=_("Open work"), count=work, blocks=work > 0),
        *(each for _receiver, answer in asked for each in answer),
    ]


def _require_tree_reader(staff: Staff) -> None:
    if not may_see_tree(staff):
        raise Missing("unit_missing", _("There is no such unit, or it is not yours to see."))
