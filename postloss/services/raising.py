"""The month-end's part of the warning loop: see, raise, follow, and control new business."""

from __future__ import annotations

import dataclasses
import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass

from django.db import transaction

from core.bulk import update_rows
from core.months import month_end as last_day
from core.months import month_text
from core.services import record_audit
from postloss.enums import (
    WarningAction,
    WarningKind,
    WarningState,
)
from postloss.models import MonthEnd, RiskWarning, WarningObservation, WarningStep
from postloss.rules.warnings import is_worse, may_be_closed, standing_level
from postloss.selectors.readings import Responsibility, newest_months, responsibility
from postloss.selectors.sightings import Sighting, WarningKey, dealt_with, sightings_of, warning_key
from postloss.selectors.terms import WarningTerms, warning_terms
from postloss.selectors.warnings import warning_counts
from postloss.services.warning_controls import control_order
from postloss.services.warning_work import follow_raising
from underwriting.services import tighten_controls

UPDATED = (
    "level", "peak_level", "may_close", "month", "last_seen_in", "figure_value", "sample", "test",
    "unit", "assigned_to", "state", "due_at", "escalated_at", "acknowledged_by", "handled_by",
    "reviewed_by", "closed_at", "closed_in",
)  # fmt: skip


@dataclass(frozen=True, kw_only=True)
class _Run:
    month_end: MonthEnd
    at: dt.datetime
    terms: WarningTerms
    answers: Responsibility
    newest: list[dt.date]

    @property
    def is_newest(self) -> bool:
        return self.newest[0] == self.month_end.month


@transaction.atomic
def raise_warnings(*, month_end: MonthEnd, at: dt.datetime) -> dict[str, int]:
    """Judge a month-end version by the thresholds of its last day; raise and follow warnings.

    Runs once per version, in a fixed number of statements; again it only counts. A standing
    warning gets an observation, a breach without one a warning; levels rise at once; a risk is
    never closed here, only marked `may_close`; data-quality warnings close when their cause is
    gone. A breach of the newest month controls new business on its slice.

    Returns the numbers `red orange yellow data_quality` of warnings of this month that stand, of
    `new` ones raised and of those `closed` by this version.
    Source: POST-07, POST-08b-i, POST-09f, HQ-27 to HQ-29, HQ-44.
    """
    MonthEnd.objects.select_for_update().get(pk=month_end.pk)
    if WarningObservation.objects.filter(month_end=month_end).exists():
        return warning_counts(month_end=month_end)
    terms = warning_terms(as_of=last_day(month_end.month))
    run = _Run(
        month_end=month_end,
        at=at,
        terms=terms,
        answers=responsibility(month=month_end.month),
        newest=newest_months(beside=month_end.month, count=terms.close_good_months),
    )
    standing = _standing()
    sightings = sightings_of(month_end=month_end, answers=run.answers, standing=standing.values())
    covered = dealt_with(month=month_end.month)
    raised = _raise(run, sightings, standing, covered)
    _observe(run, sightings, standing | raised, covered)
    worsened, closed, moved = _follow(run, sightings, standing, raised)
    follow_raising(
        raised=list(raised.values()), worsened=worsened, closed=closed, moved=moved, at=at
    )
    _control(run, sightings, standing | raised)
    counts = warning_counts(month_end=month_end)
    record_audit(
        action="postloss.warnings_raised", subject=month_end, by=None, at=at, counts=counts
    )
    return counts


def _standing() -> dict[WarningKey, RiskWarning]:
    warnings = (
        RiskWarning.objects.select_for_update(of=("self",))
        .exclude(state=WarningState.CLOSED)
        .order_by("pk")
    )
    return {warning_key(warning): warning for warning in warnings}


def _raise(
    run: _Run,
    sightings: dict[WarningKey, Sighting],
    standing: dict[WarningKey, RiskWarning],
    covered: dict[WarningKey, tuple[RiskWarning, str]],
) -> dict[WarningKey, RiskWarning]:
    fresh = {
        key: seen
        for key, seen in sightings.items()
        if seen.is_breach
        and key not in standing
        and (key not in covered or is_worse(seen.level, covered[key][1]))
    }
    warnings = RiskWarning.objects.bulk_create(
        _warning(run, key, seen, standing) for key, seen in fresh.items()
    )
    _step(run, warnings, WarningAction.RAISE)
    return dict(zip(fresh, warnings, strict=True))


def _warning(
    run: _Run, key: WarningKey, seen: Sighting, standing: dict[WarningKey, RiskWarning]
) -> RiskWarning:
    return RiskWarning(
        kind=key.kind,
        indicator=key.indicator,
        slice_unit_id=key.slice_unit_id,
        lender_id=key.lender_id,
        dimension=key.dimension,
        value=key.value,
        for_month=key.for_month,
        unit_id=seen.unit_id,
        assigned_to_id=run.answers.handler_in(unit_id=seen.unit_id),
        level=seen.level,
        peak_level=seen.level,
        month=run.month_end.month,
        raised_in=run.month_end,
        last_seen_in=run.month_end,
        figure_value=seen.figure_value,
        sample=seen.sample,
        test=seen.test,
        continues=_predecessor(key, standing),
        raised_at=run.at,
        due_at=run.terms.acknowledge_by(level=seen.level, at=run.at),
    )


def _predecessor(key: WarningKey, standing: dict[WarningKey, RiskWarning]) -> RiskWarning | None:
    if key.for_month is None:
        return None
    earlier = [
        warning
        for other, warning in standing.items()
        if other.for_month is not None
        and other.for_month < key.for_month
        and dataclasses.replace(other, for_month=key.for_month) == key
    ]
    return max(earlier, key=lambda warning: warning.for_month, default=None)


def _observe(
    run: _Run,
    sightings: dict[WarningKey, Sighting],
    warnings: dict[WarningKey, RiskWarning],
    covered: dict[WarningKey, tuple[RiskWarning, str]],
) -> None:
    dealt_with = {key: warning for key, (warning, _) in covered.items() if key not in warnings}
    WarningObservation.objects.bulk_create(
        WarningObservation(
            warning=warning,
            month_end=run.month_end,
            level=seen.level,
            is_breach=seen.is_breach,
            is_good=seen.is_good,
            figure_value=seen.figure_value,
            sample=seen.sample,
            test=seen.test,
            note=seen.note,
        )
        for key, warning in (warnings | dealt_with).items()
        if (seen := sightings.get(key)) and (seen.is_breach or warning.month <= run.month_end.month)
    )


def _follow(
    run: _Run,
    sightings: dict[WarningKey, Sighting],
    standing: dict[WarningKey, RiskWarning],
    raised: dict[WarningKey, RiskWarning],
) -> tuple[list[RiskWarning], list[RiskWarning], list[RiskWarning]]:
    """Bring every standing warning up to what its newest month-ends say.

    Return those that worsened, those that closed, and those that another unit answers for now.
    """
    units = {warning.pk: warning.unit_id for warning in standing.values()}
    history = _newest_observations(run, standing.values())
    worsened, cleared, continued = [], [], []
    continued_ids = {warning.continues_id for warning in raised.values()} - {None}
    for key, warning in standing.items():
        seen = sightings.get(key)
        if seen is not None and (seen.is_breach or warning.month <= run.month_end.month):
            _note(run, warning, seen)
        if warning.kind == WarningKind.RISK:
            if _weigh(run, warning, history.get(warning.pk, {})):
                worsened.append(warning)
        elif warning.pk in continued_ids and run.is_newest:
            continued.append(warning)
        elif (
            seen is not None
            and not seen.is_breach
            and (run.is_newest or warning.for_month == run.month_end.month)
        ):
            cleared.append(warning)
    for warning in [*cleared, *continued]:
        warning.state, warning.due_at = WarningState.CLOSED, None
        warning.closed_at, warning.closed_in = run.at, run.month_end
    update_rows(rows=standing.values(), fields=UPDATED)
    _step(run, worsened, WarningAction.WORSEN)
    _step(run, cleared, WarningAction.CLEAR)
    _step(run, continued, WarningAction.CONTINUE)
    closed = [*cleared, *continued]
    moved = [each for each in standing.values() if each.unit_id != units[each.pk]]
    return worsened, closed, moved


def _newest_observations(
    run: _Run, warnings: Iterable[RiskWarning]
) -> dict[int, dict[dt.date, WarningObservation]]:
    history: dict[int, dict[dt.date, WarningObservation]] = {}
    for seen in (
        WarningObservation.objects.filter(
            warning_id__in=[warning.pk for warning in warnings],
            month_end__month__in=run.newest,
        )
        .select_related("month_end")
        .order_by("month_end__version")
    ):
        history.setdefault(seen.warning_id, {})[seen.month_end.month] = seen
    return history


def _note(run: _Run, warning: RiskWarning, seen: Sighting) -> None:
    warning.month = min(warning.month, run.month_end.month)
    if not run.is_newest and run.month_end.month not in run.newest:
        return
    warning.last_seen_in = run.month_end
    if warning.unit_id != seen.unit_id or warning.assigned_to_id is None:
        warning.unit_id = seen.unit_id
        warning.assigned_to_id = run.answers.handler_in(unit_id=seen.unit_id)
    if seen.is_breach:
        warning.figure_value, warning.sample, warning.test = (
            seen.figure_value,
            seen.sample,
            seen.test,
        )


def _weigh(run: _Run, warning: RiskWarning, seen: dict[dt.date, WarningObservation]) -> bool:
    """Set level and `may_close` from the newest month-ends; return whether the level rose."""
    newest = [seen[month] for month in run.newest if month in seen]
    goods = [month in seen and seen[month].is_good for month in run.newest]
    warning.may_close = may_be_closed(goods=goods, good_months=run.terms.close_good_months)
    before = warning.level
    warning.level = standing_level(
        present=before, newest=[each.level for each in newest if each.level]
    )
    if is_worse(warning.level, warning.peak_level):
        warning.peak_level = warning.level
    if not is_worse(warning.level, before):
        return False
    warning.state, warning.escalated_at = WarningState.OPEN, None
    warning.acknowledged_by = warning.handled_by = warning.reviewed_by = None
    warning.due_at = run.terms.acknowledge_by(level=warning.level, at=run.at)
    return True


def _step(run: _Run, warnings: Iterable[RiskWarning], action: str) -> None:
    WarningStep.objects.bulk_create(
        WarningStep(
            warning=warning,
            action=action,
            state=warning.state,
            at=run.at,
            remark=month_text(run.month_end.month),
        )
        for warning in warnings
    )


def _control(
    run: _Run,
    sightings: dict[WarningKey, Sighting],
    warnings: dict[WarningKey, RiskWarning],
) -> None:
    """Control new business where the newest month is in breach; old business (vintage) is not."""
    if not run.is_newest:
        return
    tighten_controls(
        orders=[
            order
            for key, warning in warnings.items()
            if (seen := sightings.get(key)) is not None
            and seen.level
            and (order := control_order(warning=warning, level=seen.level, terms=run.terms))
        ],
        at=run.at,
    )
