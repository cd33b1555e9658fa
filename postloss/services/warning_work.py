"""The work items of warnings: what waits follows the state of the loop, set by set."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence

from django.urls import reverse
from django.utils.text import format_lazy

from core.months import month_text
from organization.enums import Permission, WorkKind
from organization.models import Staff, Unit
from organization.services.work import NewWork, finish_works, follow_work, move_works, open_works
from postloss.enums import Dimension, Indicator, WarningAction, WarningKind
from postloss.models import RiskWarning

KINDS = (WorkKind.WARNING_HANDLING, WorkKind.WARNING_REVIEW, WorkKind.WARNING_CLOSING)


def open_handling(*, warnings: Sequence[RiskWarning], at: dt.datetime) -> None:
    """Let warnings wait in the inbox of their units; two statements, however many."""
    names = dict(
        Unit.objects.filter(pk__in={each.slice_unit_id for each in warnings}).values_list(
            "pk", "name"
        )
        if warnings
        else ()
    )
    open_works(
        works=[
            _work(
                each,
                WorkKind.WARNING_HANDLING,
                Permission.HANDLE_WARNINGS,
                names[each.slice_unit_id],
            )
            for each in warnings
        ],
        at=at,
    )


def follow_raising(
    *,
    raised: Sequence[RiskWarning],
    worsened: Sequence[RiskWarning],
    closed: Sequence[RiskWarning],
    moved: Iterable[RiskWarning],
    at: dt.datetime,
) -> None:
    """Bring work in line with what a month-end version did to warnings, in bulk."""
    finish_works(subjects=closed, by=None, at=at, outcome="closed")
    finish_works(
        subjects=worsened,
        kinds=[WorkKind.WARNING_REVIEW, WorkKind.WARNING_CLOSING],
        by=None,
        at=at,
        outcome="worsened",
    )
    move_works(subjects=[(each, each.unit_id) for each in moved])
    open_handling(warnings=[*raised, *worsened], at=at)


def follow_step(*, warning: RiskWarning, action: str, by: Staff, at: dt.datetime) -> None:
    """Bring work in line with a step that a person took: end what was done, open what follows."""
    if action == WarningAction.ACKNOWLEDGE:
        open_handling(warnings=[warning], at=at)
        follow_work(
            subject=warning, kind=WorkKind.WARNING_HANDLING, due_at=warning.due_at, holder=by
        )
        return
    finish_works(subjects=[warning], by=by, at=at, outcome=action)
    kind, permission, holder = {
        WarningAction.DISPOSE: (WorkKind.WARNING_REVIEW, Permission.REVIEW_WARNINGS, None),
        WarningAction.REVIEW: (WorkKind.WARNING_CLOSING, Permission.REVIEW_WARNINGS, by),
        WarningAction.RETURN: (
            WorkKind.WARNING_HANDLING,
            Permission.HANDLE_WARNINGS,
            warning.handled_by,
        ),
        WarningAction.CLOSE: ("", "", None),
    }[WarningAction(action)]
    if kind:
        name = warning.slice_unit.name
        open_works(works=[_work(warning, kind, permission, name, holder=holder, by=by)], at=at)


def title_of(*, warning: RiskWarning, unit_name: str) -> object:
    """Return what a warning is called, in the language of whoever reads it; no personal data."""
    matter = Indicator(warning.indicator) if warning.indicator else WarningKind(warning.kind)
    place = unit_name if warning.dimension == Dimension.TOTAL else warning.value
    words = (matter.label, place or unit_name, month_text(warning.month))
    return format_lazy("#{} {} · {} · {}", warning.pk, *words)


def _work(
    warning: RiskWarning,
    kind: str,
    permission: str,
    unit_name: str,
    *,
    holder: Staff | None = None,
    by: Staff | None = None,
) -> NewWork:
    return NewWork(
        kind=kind,
        subject=warning,
        title=str(title_of(warning=warning, unit_name=unit_name)),
        url=reverse("postloss:warning", args=[warning.pk]),
        unit_id=warning.unit_id,
        permission=permission,
        holder_id=holder.pk if holder else None,
        initiator_id=by.pk if by else None,
        due_at=warning.due_at,
    )
