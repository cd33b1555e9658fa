"""Work items: open, take, hand over, copy, finish. One statement, however many there are.

Services do not open and finish by themselves: what waits is declared (`awaiting.py`) and follows
its rows. Warnings alone, which a month-end raises by the thousand, are written in bulk from here.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass
from functools import wraps
from typing import Any

from django.db import transaction
from django.db.models import Model, QuerySet
from django.utils.translation import gettext as _

from core.row_security import past_the_wall
from organization.enums import Permission, Standing, WorkAction
from organization.errors import Conflict, RuleBroken, WrongState
from organization.events import WorkHandedOver, work_handed_over
from organization.models import Staff, WorkCopy, WorkItem, WorkStep
from organization.permissions import check_hand_over, check_take, may
from organization.services.news import tell_handed_over
from organization.services.recusal import check_may_be_given, recusals_kept


def _by_the_house(write: Callable[..., Any]) -> Callable[..., Any]:
    """Let a write of work reach items that its person does not see (the second wall).

    What waits next after the step of a holder from elsewhere is no longer theirs to see.
    """

    @wraps(write)
    def written(**words: Any) -> Any:
        with past_the_wall():
            return write(**words)

    return written


@dataclass(frozen=True, kw_only=True)
class NewWork:
    """What is to wait for a holder, or for whoever of the unit holds the permission.

    Units and people by their ids. The title holds no personal data.
    """

    kind: str
    subject: Model
    title: str
    url: str
    unit_id: int
    permission: str = ""
    holder_id: int | None = None
    initiator_id: int | None = None
    due_at: dt.datetime | None = None
    is_by_another: bool = False
    is_personal: bool = False


@_by_the_house
def open_works(*, works: Sequence[NewWork], at: dt.datetime) -> None:
    """Let many things wait, in one statement; what waits already stays as it is."""
    WorkItem.objects.bulk_create(
        (
            WorkItem(
                kind=work.kind,
                subject_type=work.subject._meta.label_lower,
                subject_id=str(work.subject.pk),
                title=work.title[:200],
                url=work.url,
                unit_id=work.unit_id,
                permission=work.permission,
                holder_id=work.holder_id,
                initiator_id=work.initiator_id,
                opened_at=at,
                due_at=work.due_at,
                is_by_another=work.is_by_another,
                is_personal=work.is_personal,
            )
            for work in works
        ),
        ignore_conflicts=True,
    )


@_by_the_house
def finish_works(
    *,
    subjects: Sequence[Model],
    kinds: Collection[str] = (),
    by: Staff | None,
    at: dt.datetime,
    outcome: str = "",
) -> int:
    """End what waits of many subjects of one table, in one statement; return how many."""
    if not subjects:
        return 0
    return _open_items(subjects, kinds).update(finished_at=at, finished_by=by, outcome=outcome)


@_by_the_house
def follow_work(
    *, subject: Model, kind: str, due_at: dt.datetime | None, holder: Staff | None = None
) -> None:
    """Let an open item keep the clock of its subject, and its holder where one took it on."""
    words = {"due_at": due_at} | ({"holder": holder} if holder else {})
    _open_items([subject], [kind]).update(**words)


@_by_the_house
def move_works(*, subjects: Iterable[tuple[Model, int]]) -> None:
    """Let open items follow their subjects to another unit (subject, unit id)."""
    by_unit: dict[int, list[Model]] = {}
    for subject, unit_id in subjects:
        by_unit.setdefault(unit_id, []).append(subject)
    for unit_id, moved in by_unit.items():
        _open_items(moved, ()).exclude(unit_id=unit_id).update(unit_id=unit_id)


@recusals_kept
@transaction.atomic
def take_work(*, item: WorkItem, by: Staff, at: dt.datetime) -> WorkItem:
    """Take an item out of the team's inbox.

    Raises:
        NotPermitted: the person is not of its team, or must stay out of the matter (logged).
        WrongState: it is finished.
        Conflict: somebody else was faster.
    """
    locked = _locked(item)
    check_take(by, item=locked)
    _check_open(locked)
    check_may_be_given(person=by, item=locked, at=at)
    if locked.holder_id == by.pk:
        return locked
    if locked.holder_id is not None:
        raise Conflict("work_taken", _("Somebody else has taken this work on."))
    _step(locked, WorkAction.TAKE, by=by, at=at, to=by)
    return locked


@recusals_kept
@transaction.atomic
def hand_over_work(
    *, item: WorkItem, to: Staff | None, by: Staff, at: dt.datetime, remark: str = ""
) -> WorkItem:
    """Pass an item to another person, or back to its team (`to` is nobody).

    Whoever holds it sees its subject until it is finished, even outside their own scope.

    Raises:
        NotPermitted: the person neither holds it nor is of its team, or the other must stay out of
            the matter (logged).
        WrongState: it is finished.
        RuleBroken: the other is away, left or lacks the item's permission; nobody would do it.
    """
    locked = _locked(item)
    check_hand_over(by, item=locked)
    _check_open(locked)
    if to is not None and not may_hold(to, item=locked):
        raise RuleBroken(
            "cannot_hold",
            _("%(name)s is away or may not do this work.") % {"name": to.name},
            field="to",
        )
    if to is None and not locked.permission:
        raise RuleBroken("work_for_nobody", _("Say who is to do this work."), field="to")
    if to is not None:
        check_may_be_given(person=to, item=locked, at=at)
    action = WorkAction.HAND_OVER if to else WorkAction.TO_TEAM
    before = locked.holder_id
    _step(locked, action, by=by, at=at, to=to, remark=remark)
    announce_hand_over(items=[locked], from_staff_id=before, to=to, at=at)
    return locked


@transaction.atomic
def copy_to(
    *, item: WorkItem, people: Collection[Staff], by: Staff | None, at: dt.datetime
) -> None:
    """Tell people of an item. A copy widens nobody's sight.

    Raises:
        NotPermitted: the person neither holds it nor is of its team, nor opened it.
    """
    if by is not None and item.initiator_id != by.pk:
        check_hand_over(by, item=item)
    told = set(item.copies.values_list("staff_id", flat=True))
    fresh = [person for person in people if person.pk not in told]
    WorkCopy.objects.bulk_create(
        (WorkCopy(item=item, staff=person, by=by, at=at) for person in fresh),
        ignore_conflicts=True,
    )
    WorkStep.objects.bulk_create(
        WorkStep(item=item, action=WorkAction.COPY, by=by, at=at, to_holder=person)
        for person in fresh
    )


def may_hold(person: Staff, *, item: WorkItem) -> bool:
    """Tell whether a person is here and holds, somewhere, the permission that the item asks.

    Not who set it going, where another must do it; nobody but its holder, where it is personal.
    """
    is_here = person.is_active and person.standing == Standing.WORKING
    is_barred = item.is_by_another and item.initiator_id == person.pk
    if not is_here or is_barred or (item.is_personal and item.holder_id != person.pk):
        return False
    return not item.permission or may(person, Permission(item.permission))


def announce_hand_over(
    *, items: Sequence[WorkItem], from_staff_id: int | None, to: Staff | None, at: dt.datetime
) -> None:
    """Tell the apps above whose cases these are, and the new holder that they are."""
    event = WorkHandedOver(
        item_ids=tuple(item.pk for item in items),
        from_staff_id=from_staff_id,
        to_staff_id=to.pk if to else None,
        at=at,
    )
    with past_the_wall():  # whoever passes it on from elsewhere sees it no more
        work_handed_over.send(WorkItem, event=event)
    if to is not None and to.pk != from_staff_id:
        tell_handed_over(items=items, to=to, at=at)


def _open_items(subjects: Sequence[Model], kinds: Collection[str]) -> QuerySet[WorkItem]:
    items = WorkItem.objects.filter(
        subject_type=subjects[0]._meta.label_lower,
        subject_id__in=[str(subject.pk) for subject in subjects],
        finished_at__isnull=True,
    )
    return items.filter(kind__in=kinds) if kinds else items


def _locked(item: WorkItem) -> WorkItem:
    return WorkItem.objects.select_for_update(of=("self",)).select_related("unit").get(pk=item.pk)


def _check_open(item: WorkItem) -> None:
    if item.finished_at is not None:
        raise WrongState("work_finished", _("This work is finished already."))


def _step(
    item: WorkItem,
    action: str,
    *,
    by: Staff,
    at: dt.datetime,
    to: Staff | None,
    remark: str = "",
) -> None:
    WorkStep.objects.create(
        item=item,
        action=action,
        by=by,
        at=at,
        from_holder_id=item.holder_id,
        to_holder=to,
        remark=remark,
    )
    item.holder = to
    item.save(update_fields=["holder"])
