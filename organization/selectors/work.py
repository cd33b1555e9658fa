"""Reads of work: my lists, my team's inbox, one item, who is loaded, and what a holder may see."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection

from django.core.exceptions import EmptyResultSet
from django.db import connection
from django.db.models import BigIntegerField, Count, F, Model, Q, QuerySet
from django.db.models.functions import Cast
from django.utils.translation import gettext as _

from core.selectors import parameter
from organization.enums import HEAD_OFFICE_ONLY, Permission, UnitKind, WorkAction
from organization.errors import Missing
from organization.models import Staff, WorkItem, WorkStep
from organization.permissions import permissions_of
from organization.rules import load_level

TABS = ("todo", "team", "done", "started", "copied")


def has_sight(*, staff: Staff, subject: Model, at: dt.datetime, kind: str = "") -> bool:
    """Tell whether the person holds open work on exactly this subject, and may therefore see it.

    The sight ends when the item is finished or passed on. Source: architecture.md rule 4.
    """
    held = _held(staff, type(subject)).filter(subject_id=str(subject.pk), opened_at__lte=at)
    return staff.is_active and (held.filter(kind=kind) if kind else held).exists()


def seen_through_work(*, staff: Staff, model: type[Model]) -> Q:
    """Return the rows of a table on which the person holds open work: to see those, and no others.

    For selectors of one object; lists show the scope alone. Source: architecture.md rule 4.
    """
    ids = _held(staff, model).annotate(row=Cast("subject_id", BigIntegerField())).values("row")
    return Q(pk__in=ids) if staff.is_active else Q(pk__in=[])


def _held(staff: Staff, model: type[Model]) -> QuerySet[WorkItem]:
    return WorkItem.objects.filter(
        holder=staff, subject_type=model._meta.label_lower, finished_at__isnull=True
    )


def work_of(*, staff: Staff, tab: str) -> QuerySet[WorkItem]:
    """Return the items of one tab of the workbench; a closed account has none.

    `todo` what the person holds, `team` what waits for one like them, `done` what they finished or
    passed on, `started` what they set going, `copied` what they were told of.
    """
    items = WorkItem.objects.select_related("unit", "holder", "initiator", "finished_by")
    if not staff.is_active:
        return items.none()
    return items.filter(_of_tab(staff, tab))


def _of_tab(staff: Staff, tab: str) -> Q:
    is_open = Q(finished_at__isnull=True)
    if tab == "todo":
        return is_open & Q(holder=staff)
    if tab == "team":
        return is_open & Q(
            ~Q(is_by_another=True, initiator=staff),
            holder__isnull=True,
            permission__in=_team_permissions(staff),
            unit__path__startswith=staff.unit.path,
        )
    if tab == "done":
        steps = WorkStep.objects.filter(Q(by=staff) | Q(from_holder=staff))
        passed = steps.exclude(action=WorkAction.COPY).values("item_id")
        mine = Q(finished_by=staff) | Q(pk__in=passed)
        return mine & ~(is_open & Q(holder=staff))
    if tab == "started":
        return Q(initiator=staff)
    return Q(copies__staff=staff)


def _team_permissions(staff: Staff) -> list[str]:
    codes = permissions_of(staff)
    if staff.unit.kind != UnitKind.HEAD_OFFICE:
        codes = codes - {str(each) for each in HEAD_OFFICE_ONLY}
    return sorted(codes)


def narrowed(
    items: QuerySet[WorkItem], *, kind: str = "", text: str = "", is_late: bool, at: dt.datetime
) -> QuerySet[WorkItem]:
    """Keep the items of a kind, with a text in the title, whose clock ran out."""
    if kind:
        items = items.filter(kind=kind)
    if text:
        items = items.filter(title__icontains=text)
    if is_late:
        items = items.filter(due_at__lt=at, finished_at__isnull=True)
    return items


def in_order(items: QuerySet[WorkItem], *, tab: str) -> QuerySet[WorkItem]:
    """Order a tab: open ones by their clock, which puts the late first; the others newest first."""
    if tab in ("todo", "team"):
        return items.order_by(F("due_at").asc(nulls_last=True), "pk")
    if tab == "done":
        return items.order_by(F("finished_at").desc(nulls_first=True), "-pk")
    return items.order_by("-opened_at", "-pk")


def work_counts(*, staff: Staff, at: dt.datetime) -> dict[str, int]:
    """Return how many items each tab holds, and how many of the open ones are late (`todo_late`).

    One query, each part of it along its own index.
    """
    lists = {tab: work_of(staff=staff, tab=tab) for tab in TABS}
    lists |= {f"{tab}_late": narrowed(lists[tab], is_late=True, at=at) for tab in ("todo", "team")}
    parts, words = [], []
    for name, found in lists.items():
        items = found.select_related(None).order_by()
        try:
            sql, params = items.values("pk").query.sql_with_params()
        except EmptyResultSet:
            sql, params = "SELECT 1 WHERE false", ()
        parts.append(f"(SELECT count(*) FROM ({sql}) AS {name}_items)")  # noqa: S608 (own names)
        words += params
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {', '.join(parts)}", words)
        return dict(zip(lists, cursor.fetchone(), strict=True))


def item_of(*, staff: Staff, pk: int) -> WorkItem:
    """Return one item that is the person's to see: by one of the tabs, or of the team by whomever
    it is held.

    Raises:
        Missing: there is none, or it is not theirs.
    """
    items = WorkItem.objects.select_related("unit", "holder", "initiator", "finished_by")
    mine = Q(pk__in=WorkItem.objects.filter(_any_tab(staff)).values("pk"))
    of_team = Q(permission__in=_team_permissions(staff), unit__path__startswith=staff.unit.path)
    found = items.filter(mine | of_team, pk=pk).first() if staff.is_active else None
    if found is None:
        raise Missing("work_missing", _("There is no such work."))
    return found


def _any_tab(staff: Staff) -> Q:
    any_tab = Q()
    for tab in TABS:
        any_tab |= _of_tab(staff, tab)
    return any_tab


def next_item(*, staff: Staff) -> WorkItem | None:
    """Return what the person does next: the most urgent of what they hold."""
    return in_order(work_of(staff=staff, tab="todo"), tab="todo").first()


def steps_of(*, item: WorkItem) -> QuerySet[WorkStep]:
    """Return every step of an item, oldest first, with the people of it."""
    return item.steps.select_related("by", "from_holder", "to_holder").order_by("at", "pk")


def work_subjects(*, item_ids: Collection[int], kind: str) -> list[str]:
    """Return the ids of what items of a kind are about."""
    items = WorkItem.objects.filter(pk__in=item_ids, kind=kind)
    return list(items.values_list("subject_id", flat=True))


def open_items_of_subject(*, subject: Model, kinds: Collection[str]) -> QuerySet[WorkItem]:
    """Return the open items of a subject."""
    return WorkItem.objects.filter(
        subject_type=subject._meta.label_lower,
        subject_id=str(subject.pk),
        kind__in=kinds,
        finished_at__isnull=True,
    )


def workload(*, staff: Staff, at: dt.datetime, as_of: dt.date) -> dict[str, object]:
    """Return how many open cases each person of the scope holds, and each unit per qualified one.

    Qualified is who may decide cases. The limit is `staffing.cases_per_underwriter`. Four queries,
    however many people. Source: PRE-12c.
    """
    limit = int(parameter(name="staffing.cases_per_underwriter", as_of=as_of).value)
    scope = Q(unit__path__startswith=staff.unit.path)
    is_open = Q(work__finished_at__isnull=True, work__pk__isnull=False)
    people = list(
        Staff.objects.filter(scope, is_active=True)
        .filter(roles__kind="business")
        .select_related("unit")
        .annotate(
            cases=Count("work", filter=is_open, distinct=True),
            late=Count("work", filter=is_open & Q(work__due_at__lt=at), distinct=True),
        )
        .order_by("-cases", "unit__path", "username")
    )
    qualified = set(
        Staff.objects.filter(
            scope, is_active=True, roles__permissions__contains=[Permission.SIGN_CASES]
        ).values_list("pk", flat=True)
    )
    waiting = (
        WorkItem.objects.filter(unit__path__startswith=staff.unit.path, finished_at__isnull=True)
        .values("unit_id", "unit__name")
        .annotate(cases=Count("pk"))
        .order_by("unit__path")
    )
    by_unit: dict[int, int] = {}
    for person in people:
        if person.pk in qualified:
            by_unit[person.unit_id] = by_unit.get(person.unit_id, 0) + 1
    return {
        "limit": limit,
        "people": [
            {
                "person": person,
                "is_qualified": person.pk in qualified,
                "level": load_level(cases=person.cases, limit=limit),
            }
            for person in people
        ],
        "units": [_unit_load(row, by_unit.get(row["unit_id"], 0), limit) for row in waiting],
    }


def _unit_load(row: dict, qualified: int, limit: int) -> dict[str, object]:
    return {
        "name": row["unit__name"],
        "cases": row["cases"],
        "qualified": qualified,
        "level": load_level(cases=row["cases"], limit=limit * qualified)
        if qualified
        else "unknown",
    }
