"""What one month-end version says of every slice, by the thresholds in force on its last day."""

from __future__ import annotations

import dataclasses
import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal

from core.months import month_end as last_day
from postloss.enums import Dimension, WarningKind, WarningState
from postloss.models import MonthEnd, RiskWarning, WarningObservation
from postloss.rules.warnings import Limit, Verdict, judge
from postloss.selectors.readings import (
    Responsibility,
    SliceReading,
    slice_readings,
    unreported_groups,
)
from postloss.selectors.thresholds import limits_of, threshold_set_in_force

Limits = Mapping[tuple[str, str], list[Limit]]


@dataclass(frozen=True, kw_only=True)
class WarningKey:
    """What makes two sightings speak of the same warning."""

    kind: str
    indicator: str
    slice_unit_id: int
    lender_id: int | None
    dimension: str
    value: str
    for_month: dt.date | None = None


@dataclass(frozen=True, kw_only=True)
class Sighting:
    """What one month-end version says of one slice."""

    unit_id: int
    is_breach: bool
    is_good: bool
    level: str = ""
    figure_value: Decimal | None = None
    sample: int | None = None
    test: dict = field(default_factory=dict)
    note: str = ""


def warning_key(warning: RiskWarning) -> WarningKey:
    """Return the key under which a warning is seen."""
    return WarningKey(
        kind=warning.kind,
        indicator=warning.indicator,
        slice_unit_id=warning.slice_unit_id,
        lender_id=warning.lender_id,
        dimension=warning.dimension,
        value=warning.value,
        for_month=warning.for_month,
    )


def sightings_of(
    *, month_end: MonthEnd, answers: Responsibility, standing: Iterable[RiskWarning]
) -> dict[WarningKey, Sighting]:
    """Return what the month-end says of every slice under test, and of every standing warning.

    An undefined ratio is one sighting per indicator and dimension that lists its slices; loans
    not reported are one per lender and branch name. Source: HQ-28, contract (month-end).
    """
    limits = limits_of(threshold_set=threshold_set_in_force(as_of=last_day(month_end.month)))
    seen = _see_slices(month_end, answers, limits) | _see_unreported(month_end, answers)
    return _see_what_is_gone(month_end, seen, standing, limits)


def dealt_with(*, month: dt.date) -> dict[WarningKey, tuple[RiskWarning, str]]:
    """Return closed warnings whose newest observation of the month is a breach, with its level.

    A restatement that finds the same again, or less, does not open it anew. Source: HQ-44.
    """
    newest: dict[int, WarningObservation] = {}
    for seen in (
        WarningObservation.objects.filter(
            month_end__month=month, warning__state=WarningState.CLOSED
        )
        .select_related("warning")
        .order_by("month_end__version", "pk")
    ):
        newest[seen.warning_id] = seen
    return {
        warning_key(seen.warning): (seen.warning, seen.level)
        for seen in newest.values()
        if seen.is_breach
    }


def _see_slices(
    month_end: MonthEnd, answers: Responsibility, limits: Limits
) -> dict[WarningKey, Sighting]:
    months = max((limit.months or 0 for each in limits.values() for limit in each), default=0)
    readings = slice_readings(month_end=month_end, tests=limits.keys(), months=months)
    sightings: dict[WarningKey, Sighting] = {}
    undefined: dict[tuple[str, str], list[SliceReading]] = {}
    for each in readings:
        if each.reading is None:
            undefined.setdefault((each.indicator, each.dimension), []).append(each)
        sightings[_risk_key(each)] = _judged(answers, each, limits[each.indicator, each.dimension])
    for (indicator, dimension), slices in undefined.items():
        key = _undefined_key(answers, indicator, dimension)
        sightings[key] = Sighting(
            unit_id=answers.head_office.pk,
            is_breach=True,
            is_good=False,
            test={
                "values": [
                    {"unit": s.unit_id, "value": s.value, "why": s.why_undefined} for s in slices
                ]
            },
            sample=len(slices),
            note="undefined",
        )
    return sightings


def _see_unreported(month_end: MonthEnd, answers: Responsibility) -> dict[WarningKey, Sighting]:
    return {
        WarningKey(
            kind=WarningKind.NOT_REPORTED,
            indicator="",
            slice_unit_id=answers.head_office.pk,
            lender_id=group.lender_id,
            dimension=Dimension.BRANCH,
            value=group.branch,
            for_month=month_end.month,
        ): Sighting(
            unit_id=answers.unit_for(name=group.branch, lender_id=group.lender_id),
            is_breach=True,
            is_good=False,
            sample=group.loans,
            test={"loans": group.loans, "balance": str(group.balance)},
            note="not_reported",
        )
        for group in unreported_groups(month_end=month_end)
    }


def _risk_key(each: SliceReading) -> WarningKey:
    return WarningKey(
        kind=WarningKind.RISK,
        indicator=each.indicator,
        slice_unit_id=each.unit_id,
        lender_id=None,
        dimension=each.dimension,
        value=each.value,
    )


def _undefined_key(answers: Responsibility, indicator: str, dimension: str) -> WarningKey:
    return WarningKey(
        kind=WarningKind.UNDEFINED,
        indicator=indicator,
        slice_unit_id=answers.head_office.pk,
        lender_id=None,
        dimension=dimension,
        value="",
    )


def _judged(answers: Responsibility, each: SliceReading, limits: list[Limit]) -> Sighting:
    unit_id = each.unit_id
    if each.dimension == Dimension.BRANCH:
        unit_id = answers.unit_for(name=each.value)
    if each.reading is None:
        return Sighting(unit_id=unit_id, is_breach=False, is_good=False, note="undefined")
    verdict = judge(each.reading, limits)
    return Sighting(
        unit_id=unit_id,
        is_breach=bool(verdict.level),
        is_good=verdict.is_good,
        level=verdict.level,
        figure_value=each.reading.value,
        sample=each.reading.sample,
        test=_test_as_it_stood(verdict),
        note="small_sample" if verdict.is_small_sample else "",
    )


def _test_as_it_stood(verdict: Verdict) -> dict:
    if verdict.limit is None:
        return {}
    return {
        **{
            name: str(value) if isinstance(value, Decimal) else value
            for name, value in dataclasses.asdict(verdict.limit).items()
        },
        "measure": str(verdict.measure),
        "base": str(verdict.base),
    }


def _see_what_is_gone(
    month_end: MonthEnd,
    sightings: dict[WarningKey, Sighting],
    standing: Iterable[RiskWarning],
    limits: Limits,
) -> dict[WarningKey, Sighting]:
    """A slice without a figure has no loan left; a cause that is not seen any more is gone."""
    for warning in standing:
        key = warning_key(warning)
        if key in sightings or warning.month > month_end.month:
            continue
        note = _why_gone(month_end, key, sightings, limits)
        sightings[key] = Sighting(
            unit_id=warning.unit_id, is_breach=False, is_good=note != "continued", note=note
        )
    return sightings


def _why_gone(
    month_end: MonthEnd, key: WarningKey, sightings: Mapping[WarningKey, Sighting], limits: Limits
) -> str:
    if key.kind == WarningKind.NOT_REPORTED:
        now = dataclasses.replace(key, for_month=month_end.month)
        return "continued" if now in sightings else "gone"
    watched = key.kind == WarningKind.UNDEFINED or (key.indicator, key.dimension) in limits
    return "gone" if watched else "not_watched"
