"""What a change of the tree, or an order about a person, would change: who sees what, who signs.

Asked before the change is recorded; nothing is written.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from organization.enums import RoleKind
from organization.models import AuthorityGrant, Staff, Unit, WorkItem
from organization.selectors.authority import ancestors, in_force_on

SHOWN = 50  # rows of an effect; the rest is counted


@dataclass(frozen=True, kw_only=True)
class EffectRow:
    """One person or thing, how it stands now and how it would stand."""

    what: str
    where: str
    before: str
    after: str


@dataclass(frozen=True, kw_only=True)
class Effect:
    """What would change, row by row; `more` rows are not shown."""

    rows: tuple[EffectRow, ...]
    notes: tuple[str, ...] = ()
    more: int = 0


def effect_of_move(*, unit: Unit, parent: Unit, as_of: dt.date) -> Effect:
    """Return who sees the unit and signs for it now, and who would below the new parent.

    Source: issue 3 (organisation editor with preview of effect), PRE-11a.
    """
    before, after = set(ancestors(unit.path)[:-1]), set(ancestors(parent.path))
    rows = [
        *_sight_rows(unit, before - after, has_now=True),
        *_sight_rows(unit, after - before, has_now=False),
        *_grant_rows(before - after, as_of, has_now=True),
        *_grant_rows(after - before, as_of, has_now=False),
    ]
    return _effect(rows, [*_within(unit), _("People within keep their sight: their own unit.")])


def effect_of_closing(*, unit: Unit, as_of: dt.date) -> Effect:
    """Return what a closing would take from people and grants that stand on the unit.

    What the unit held stays in the sight of those above it.
    """
    above = ancestors(unit.path)[:-1]
    watching = _business().filter(unit__path__in=above).count()
    stays = ngettext(
        "%(number)s person above keeps the sight of what it held.",
        "%(number)s people above keep the sight of what it held.",
        watching,
    ) % {"number": watching}
    rows = [
        EffectRow(
            what=f"{person.name} ({person.username})",
            where=person.unit.name,
            before=_("works in the unit"),
            after=_("must be moved before it closes"),
        )
        for person in Staff.objects.exclude(standing="left")
        .filter(unit__path__startswith=unit.path)
        .select_related("unit")
        .order_by("unit__path", "username")
    ]
    grants = in_force_on(AuthorityGrant.objects.all(), as_of=as_of)
    rows += [
        EffectRow(
            what=_holder(grant),
            where=grant.unit.name,
            before=_("authority over the unit"),
            after=_("reaches no open unit"),
        )
        for grant in grants.filter(unit__path__startswith=unit.path)
        .select_related("unit", "role", "person")
        .order_by("pk")
    ]
    return _effect(rows, [*_within(unit), stays])


def effect_of_leaving(*, person: Staff, as_of: dt.date) -> Effect:
    """Return what somebody who leaves, or is away, would see and hold no more."""
    return _of_person(person, None, keeps_roles=False, as_of=as_of)


def effect_of_transfer(*, person: Staff, unit: Unit, keeps_roles: bool, as_of: dt.date) -> Effect:
    """Return what a transfer would give and take: units seen, roles, grants, open work."""
    return _of_person(person, unit, keeps_roles=keeps_roles, as_of=as_of)


def _of_person(person: Staff, unit: Unit | None, *, keeps_roles: bool, as_of: dt.date) -> Effect:
    business = any(role.kind == RoleKind.BUSINESS for role in person.roles.all())
    gone = _("ends; asked for anew") if unit else _("no access")
    stays = _("keeps") if keeps_roles else gone
    rows = [
        EffectRow(
            what=_("Units seen"),
            where="",
            before=_sight(person.unit) if business else "—",
            after=_sight(unit) if business and unit else "—",
        ),
        *(
            EffectRow(what=role.name, where=_("Role"), before=_("holds"), after=stays)
            for role in person.roles.all()
        ),
        *_transferred_grants(person, unit, keeps_roles=keeps_roles, as_of=as_of),
    ]
    held = WorkItem.objects.filter(holder=person, finished_at__isnull=True)
    rows += [
        EffectRow(
            what=item.title,
            where=item.kind_word,
            before=_("holds"),
            after=_("passes to the successor or the team"),
        )
        for item in held.order_by("pk")
    ]
    return _effect(rows, [])


def _transferred_grants(
    person: Staff, unit: Unit | None, *, keeps_roles: bool, as_of: dt.date
) -> Iterable[EffectRow]:
    roles = [role.pk for role in person.roles.all()]
    grants = in_force_on(AuthorityGrant.objects.filter(role__in=roles), as_of=as_of)
    for grant in grants.select_related("unit", "role").order_by("pk"):
        before = _reach(grant, person.unit)
        after = _reach(grant, unit) if unit and keeps_roles else ""
        if before or after:
            yield EffectRow(
                what=_holder(grant),
                where=_("Authority"),
                before=before or _("nowhere"),
                after=after or _("nowhere"),
            )


def _reach(grant: AuthorityGrant, unit: Unit) -> str:
    """Where a role's grant works for somebody of the unit: below both."""
    if unit.path.startswith(grant.unit.path):
        return unit.name
    return grant.unit.name if grant.unit.path.startswith(unit.path) else ""


def _business() -> QuerySet[Staff]:
    ids = Staff.objects.filter(is_active=True, roles__kind=RoleKind.BUSINESS).values("pk")
    return Staff.objects.filter(pk__in=ids).select_related("unit")


def _sight_rows(unit: Unit, paths: set[str], *, has_now: bool) -> Iterable[EffectRow]:
    words = _("sees %(unit)s and all below") % {"unit": unit.name}, _("sees nothing of it")
    before, after = words if has_now else words[::-1]
    for person in _business().filter(unit__path__in=paths).order_by("unit__path", "username"):
        yield EffectRow(
            what=f"{person.name} ({person.username})",
            where=person.unit.name,
            before=before,
            after=after,
        )


def _grant_rows(paths: set[str], as_of: dt.date, *, has_now: bool) -> Iterable[EffectRow]:
    words = _("may sign for it"), _("does not reach it")
    before, after = words if has_now else words[::-1]
    grants = in_force_on(AuthorityGrant.objects.filter(unit__path__in=paths), as_of=as_of)
    for grant in grants.select_related("unit", "role", "person").order_by("pk"):
        yield EffectRow(what=_holder(grant), where=grant.unit.name, before=before, after=after)


def _holder(grant: AuthorityGrant) -> str:
    holder = grant.role.name if grant.role else grant.person.name
    return _("Grant #%(number)s of %(holder)s") % {"number": grant.pk, "holder": holder}


def _sight(unit: Unit) -> str:
    below = Unit.objects.under(unit).open().count()
    return ngettext(
        "%(unit)s (%(number)s unit)", "%(unit)s with all below (%(number)s units)", below
    ) % {"unit": unit.name, "number": below}


def _within(unit: Unit) -> list[str]:
    inside = Unit.objects.under(unit).open().count()
    return [
        ngettext("%(number)s unit is concerned.", "%(number)s units are concerned.", inside)
        % {"number": inside}
    ]


def _effect(rows: list[EffectRow], notes: list[str]) -> Effect:
    return Effect(rows=tuple(rows[:SHOWN]), notes=tuple(notes), more=max(len(rows) - SHOWN, 0))
