"""What waits for somebody, declared once: the work items of a table follow its rows.

An app declares (`declare`, in `ready()`) for each of its tables which rows wait, for whom and until
when. A service that changed such a row calls `align_work` in its transaction; no service opens or
finishes items by itself. `everything_that_waits_is_work` compares both (`check_invariants`).
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.db.models import Model, Q
from django.utils import timezone

from core.errors import Missing
from core.invariants import Finding
from core.row_security import past_the_wall
from core.selectors import parameter
from organization.enums import Permission, Standing, WorkKind
from organization.models import Staff, WorkItem
from organization.selectors import head_office
from organization.services.work import NewWork, open_works

DUE_DAYS = "work.due_days"
Row = Any
Key = tuple[str, int | None]  # id of the subject; the person where each of several is asked


@dataclass(frozen=True, kw_only=True)
class Awaiting:
    """One kind of work on a table: which rows wait, for whom, until when, and where it is done.

    It waits for `holder`, or for whoever holds `permission` over `unit` (the head office where
    nothing is said), or for each person of `people` by themselves. Without a clock of its own
    (`due_at`) it is due after the days that the parameter `work.due_days` names for the kind.
    `title` holds no personal data. `is_by_another`: not by `initiator`, who set it going.
    """

    kind: WorkKind
    model: type[Model]
    waits: Q
    title: Callable[[Row], str]
    url: Callable[[Row], str]
    permission: Permission | None = None
    unit_id: Callable[[Row], int] | None = None
    holder_id: Callable[[Row], int | None] = lambda row: None
    people: Callable[[Row], Collection[int]] | None = None
    due_at: Callable[[Row], dt.datetime | None] | None = None
    initiator_id: Callable[[Row], int | None] | None = None
    is_by_another: bool = False
    related: tuple[str, ...] = ()

    def rows(self, pks: Collection[int] | None = None) -> list[Row]:
        """Return the rows that wait, all or those of these ids."""
        found = self.model._base_manager.filter(self.waits)
        if pks is not None:
            found = found.filter(pk__in=pks)
        return list(found.select_related(*self.related).order_by("pk"))

    def keys(self, row: Row) -> set[Key]:
        """Return what of a row waits: itself once, or each of its people."""
        pk = str(row.pk)
        return {(pk, person) for person in self.people(row)} if self.people else {(pk, None)}

    def key_of(self, item: WorkItem) -> Key:
        """Return what an item stands for, in the same terms."""
        return item.subject_id, item.holder_id if self.people else None


_declared: dict[type[Model], list[Awaiting]] = {}


def declare(*kinds: Awaiting) -> None:
    """Add kinds of work; each once, however often an app is made ready."""
    for each in kinds:
        known = _declared.setdefault(each.model, [])
        known[:] = [one for one in known if one.kind != each.kind] + [each]


def declared() -> Iterator[Awaiting]:
    """Go through every kind of work that was declared."""
    for kinds in _declared.values():
        yield from kinds


@transaction.atomic
def align_work(
    *, subjects: Sequence[Model], by: Staff | None, at: dt.datetime, outcome: str = ""
) -> None:
    """Bring the work items of rows of one table in line: open what waits, finish what does not.

    Called by the service that changed the rows, in its transaction; `outcome` says how what is
    finished ended. An item that stays keeps its holder and follows the clock of its row.
    """
    if subjects:
        with past_the_wall():
            for each in _declared[type(subjects[0])]:
                _align(each, [subject.pk for subject in subjects], by, at, outcome)


@transaction.atomic
def align_everything(*, at: dt.datetime) -> int:
    """Bring all work in line with its rows (after a release that knows more of it); say how many
    items were opened or finished.
    """
    return sum(_align(each, None, None, at, "aligned") for each in declared())


def everything_that_waits_is_work(_at: dt.datetime) -> Finding:
    """Find each row that waits without its item, and each item whose row does not wait (I6)."""
    count, bad, known = 0, [], {each.kind for each in declared()}
    for each in declared():
        label = each.model._meta.label_lower
        wanted = {key: row for row in each.rows() for key in each.keys(row)}
        items = {each.key_of(item): item for item in _open_items(each, None)}
        count += len(wanted)
        bad += [f"{label} {key[0]} waits and has no {each.kind}" for key in wanted.keys() - items]
        bad += [f"work item {items[key].pk} ({each.kind}): {label} {key[0]} does not wait"
                for key in items.keys() - wanted.keys()]  # fmt: skip
    strange = WorkItem.objects.filter(finished_at__isnull=True).exclude(kind__in=known)
    bad += [f"work item {item.pk} is of no declared kind ({item.kind})" for item in strange]
    found = Finding(count)
    for words in sorted(bad):
        found.note(words)
    return found


def _open_items(each: Awaiting, pks: Collection[int] | None) -> list[WorkItem]:
    items = WorkItem.objects.filter(
        kind=each.kind, subject_type=each.model._meta.label_lower, finished_at__isnull=True
    )
    return list(items if pks is None else items.filter(subject_id__in=[str(pk) for pk in pks]))


def _align(
    each: Awaiting,
    pks: Collection[int] | None,
    by: Staff | None,
    at: dt.datetime,
    outcome: str,
) -> int:
    wanted = {key: row for row in each.rows(pks) for key in each.keys(row)}
    items = {each.key_of(item): item for item in _open_items(each, pks)}
    over = [items[key].pk for key in items.keys() - wanted.keys()]
    if over:
        WorkItem.objects.filter(pk__in=over).update(finished_at=at, finished_by=by, outcome=outcome)
    fresh = sorted(wanted.keys() - items.keys(), key=str)
    if fresh:
        days = None if each.due_at else _due_days(each.kind, at)
        open_works(
            works=[_work(each, wanted[key], key, by=by, at=at, days=days) for key in fresh], at=at
        )
    if each.due_at:
        for key in wanted.keys() & items.keys():
            if items[key].due_at != (due := each.due_at(wanted[key])):
                WorkItem.objects.filter(pk=items[key].pk).update(due_at=due)
    return len(over) + len(fresh)


def _work(
    each: Awaiting,
    row: Row,
    key: Key,
    *,
    by: Staff | None,
    at: dt.datetime,
    days: int | None,
) -> NewWork:
    by_clock = at + dt.timedelta(days=days) if days else None
    return NewWork(
        kind=each.kind,
        subject=row,
        title=each.title(row),
        url=each.url(row),
        unit_id=each.unit_id(row) if each.unit_id else head_office().pk,
        permission=each.permission or "",
        holder_id=key[1] or _here(each.holder_id(row)),
        initiator_id=each.initiator_id(row) if each.initiator_id else by and by.pk,
        due_at=each.due_at(row) if each.due_at else by_clock,
        is_by_another=each.is_by_another,
        is_personal=each.people is not None,
    )


def _here(person_id: int | None) -> int | None:
    """Return the person if they work here; what waits for somebody gone waits for the team."""
    here = Staff.objects.filter(pk=person_id, is_active=True, standing=Standing.WORKING)
    return person_id if person_id is not None and here.exists() else None


def _due_days(kind: str, at: dt.datetime) -> int | None:
    """Return the days of a kind; unknown is no clock at all."""
    try:
        table = parameter(name=DUE_DAYS, as_of=timezone.localdate(at)).value
    except Missing:
        return None
    return int(table[kind]) if kind in table else None


def end_of(day: dt.date) -> dt.datetime:
    """Return the instant at which a day is over, in the house's time."""
    return timezone.make_aware(dt.datetime.combine(day + dt.timedelta(days=1), dt.time()))
