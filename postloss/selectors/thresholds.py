"""Reads of thresholds: the set in force on a day, and the register of all sets."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable

from django.db.models import Count, Q, QuerySet
from django.utils.translation import gettext as _

from core.enums import ApprovalStatus
from core.errors import Missing
from postloss.models import Threshold, ThresholdSet
from postloss.rules.thresholds import LEVELS, ThresholdLine
from postloss.rules.warnings import Limit


def threshold_set_in_force(*, as_of: dt.date) -> ThresholdSet:
    """Return the approved set that covers the day, else the starter set.

    Raises:
        Missing: there is neither.
    Source: contract (a starter set serves until an approved one exists).
    """
    covering = (
        ThresholdSet.objects.filter(Q(status=ApprovalStatus.APPROVED) | Q(is_starter=True))
        .filter(valid_from__lte=as_of)
        .filter(Q(valid_to__isnull=True) | Q(valid_to__gt=as_of))
        .select_related("proposed_by", "approved_by")
        .order_by("is_starter", "-valid_from")
        .first()
    )
    if covering is None:
        raise Missing(
            "threshold_set_missing", _("No thresholds are in force on %(day)s.") % {"day": as_of}
        )
    return covering


def threshold_sets() -> QuerySet[ThresholdSet]:
    """Return every set, newest first, with its people and the number of its limits."""
    return (
        ThresholdSet.objects.select_related("proposed_by", "approved_by")
        .annotate(limits=Count("thresholds"))
        .order_by("-pk")
    )


def threshold_set_of(*, pk: int) -> ThresholdSet:
    """Return one set.

    Raises:
        Missing: it does not exist.
    """
    found = threshold_sets().filter(pk=pk).first()
    if found is None:
        raise Missing("threshold_set_missing", _("There is no such set of thresholds."))
    return found


def limits_of(*, threshold_set: ThresholdSet) -> dict[tuple[str, str], list[Limit]]:
    """Return the limits of a set by (indicator, dimension), in one query."""
    limits: dict[tuple[str, str], list[Limit]] = {}
    for row in Threshold.objects.filter(threshold_set=threshold_set).order_by("pk"):
        limits.setdefault((row.indicator, row.dimension), []).append(
            Limit(
                level=row.level,
                test=row.test,
                limit=row.limit,
                min_sample=row.min_sample,
                hysteresis=row.hysteresis,
                base_floor=row.base_floor,
                months=row.months,
                min_history=row.min_history,
            )
        )
    return limits


def lines_of(*, threshold_set: ThresholdSet) -> dict[tuple[str, str, str], ThresholdLine]:
    """Return a set as lines of three limits, by (indicator, dimension, test), in one query."""
    groups: dict[tuple[str, str, str], list[Threshold]] = {}
    for row in Threshold.objects.filter(threshold_set=threshold_set).order_by("pk"):
        groups.setdefault((row.indicator, row.dimension, row.test), []).append(row)
    return {key: _line(key, rows) for key, rows in groups.items()}


def _line(key: tuple[str, str, str], rows: Iterable[Threshold]) -> ThresholdLine:
    by_level = {row.level: row for row in rows}
    shared = next(iter(by_level.values()))
    yellow, orange, red = (by_level[level].limit if level in by_level else None for level in LEVELS)
    return ThresholdLine(
        indicator=key[0],
        dimension=key[1],
        test=key[2],
        limits=(yellow, orange, red),
        min_sample=shared.min_sample,
        hysteresis=shared.hysteresis,
        base_floor=shared.base_floor,
        months=shared.months,
        min_history=shared.min_history,
    )
