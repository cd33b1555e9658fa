"""Reads of warnings: lists by scope, one warning with its story, counts and trends."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable
from decimal import Decimal

from django.db.models import (
    Case,
    Count,
    F,
    IntegerField,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    Value,
    When,
)
from django.utils.translation import gettext as _

from core.errors import Missing
from core.months import add_months
from organization.models import Staff
from organization.selectors import units_in_scope
from organization.selectors.work import has_sight
from partners.models import LenderFile
from postloss.enums import Bucket, Indicator, WarningKind, WarningLevel, WarningState
from postloss.models import (
    Figure,
    MonthEnd,
    RiskWarning,
    Snapshot,
    WarningObservation,
    WarningStep,
)

LEVELS = (*WarningLevel.values, "data_quality")


def warnings_in_scope(*, staff: Staff | None) -> QuerySet[RiskWarning]:
    """Return the warnings of the units that the person sees, with unit, lender and people."""
    return RiskWarning.objects.filter(unit__in=units_in_scope(staff=staff)).select_related(
        "unit", "slice_unit", "lender", "assigned_to", "raised_in", "last_seen_in"
    )


def standing_warnings(
    *, staff: Staff | None, month_end: MonthEnd | None = None
) -> QuerySet[RiskWarning]:
    """Return what stands in the person's scope: reds first, then the oldest clock.

    With a month-end version: what was in breach in it, whatever became of it since; `seen_level`
    and `seen_value` are those of that version. Without one they are the warning's own.
    """
    warnings = warnings_in_scope(staff=staff)
    if month_end is None:
        warnings = warnings.exclude(state=WarningState.CLOSED).annotate(
            seen_level=F("level"), seen_value=F("figure_value")
        )
    else:
        warnings = warnings.filter(
            observations__month_end=month_end, observations__is_breach=True
        ).annotate(seen_level=F("observations__level"), seen_value=F("observations__figure_value"))
    return warnings.order_by(_level_order("seen_level"), F("due_at").asc(nulls_last=True), "pk")


def overdue_first(*, warnings: QuerySet[RiskWarning], at: dt.datetime) -> QuerySet[RiskWarning]:
    """Order a list of warnings: missed clocks first, then by level, then by clock."""
    return warnings.annotate(
        seen_level=F("level"),
        is_late=Q(due_at__lt=at) & ~Q(state=WarningState.CLOSED),
    ).order_by(
        F("is_late").desc(nulls_last=True),
        _level_order("level"),
        F("due_at").asc(nulls_last=True),
        "-pk",
    )


def open_warning_counts(
    *, staff: Staff | None, month_end: MonthEnd | None = None
) -> dict[str, int]:
    """Return how many warnings stand in the scope: `red orange yellow data_quality`; one query."""
    rows = (
        standing_warnings(staff=staff, month_end=month_end)
        .order_by()
        .values("seen_level")
        .annotate(count=Count("pk"))
        .values_list("seen_level", "count")
    )
    return _by_level(rows)


def open_warnings_held(*, people: Iterable[Staff]) -> dict[int, int]:
    """Return how many warnings that stand each of the people holds, by number; one query."""
    rows = RiskWarning.objects.filter(assigned_to__in=list(people)).exclude(
        state=WarningState.CLOSED
    )
    return dict(
        rows.order_by()
        .values("assigned_to")
        .annotate(n=Count("pk"))
        .values_list("assigned_to", "n")
    )


def state_counts(*, warnings: QuerySet[RiskWarning]) -> dict[str, int]:
    """Return how many of these warnings are in each state; one query."""
    counts = dict.fromkeys(WarningState.values, 0)
    rows = warnings.select_related(None).order_by().values("state").annotate(count=Count("pk"))
    counts.update(rows.values_list("state", "count"))
    return counts


def warning_trend(*, staff: Staff | None, months: int = 12) -> list[dict[str, object]]:
    """Return per month how many slices were in breach, by level, in its newest version.

    At most `months` months, oldest first: `{"month", "red", "orange", "yellow", "data_quality"}`.
    Two queries.
    """
    newest = (
        MonthEnd.objects.filter(month=OuterRef("month"), closed_at__isnull=False)
        .order_by("-version")
        .values("pk")[:1]
    )
    ends = list(
        MonthEnd.objects.filter(pk=Subquery(newest))
        .order_by("-month")
        .values("pk", "month")[:months]
    )
    counts: dict[int, dict[str, int]] = defaultdict(dict)
    for end_id, level, count in (
        WarningObservation.objects.filter(
            month_end_id__in=[end["pk"] for end in ends],
            is_breach=True,
            warning__unit__in=units_in_scope(staff=staff),
        )
        .values("month_end_id", "level")
        .annotate(count=Count("pk"))
        .values_list("month_end_id", "level", "count")
    ):
        counts[end_id][level] = count
    return [{"month": end["month"], **_by_level(counts[end["pk"]].items())} for end in ends[::-1]]


def warning_counts(*, month_end: MonthEnd) -> dict[str, int]:
    """Return what `close_month` prints of a version: standing by level, new, and closed by it.

    Standing are the warnings with an observation in this version that are not closed.
    """
    standing = (
        RiskWarning.objects.filter(observations__month_end=month_end)
        .exclude(state=WarningState.CLOSED)
        .order_by()
        .values("level")
        .annotate(count=Count("pk"))
        .values_list("level", "count")
    )
    return _by_level(standing) | {
        "new": RiskWarning.objects.filter(raised_in=month_end).count(),
        "closed": RiskWarning.objects.filter(closed_in=month_end).count(),
    }


def warning_of(*, staff: Staff | None, pk: int, at: dt.datetime | None = None) -> RiskWarning:
    """Return one warning of the person's scope, or one on which they hold open work at `at`.

    Raises:
        Missing: it does not exist or is another unit's.
    """
    names = ("acknowledged_by", "handled_by", "reviewed_by", "closed_by", "continues")
    found = warnings_in_scope(staff=staff).select_related(*names).filter(pk=pk).first()
    if (
        found is None
        and at is not None
        and staff is not None
        and has_sight(staff=staff, subject=RiskWarning(pk=pk), at=at)
    ):
        found = warnings_in_scope(staff=None).select_related(*names).filter(pk=pk).first()
    if found is None:
        raise Missing("warning_missing", _("There is no such warning."))
    return found


def steps_of(*, warning: RiskWarning) -> QuerySet[WarningStep]:
    """Return the story of a warning, oldest first, with authors and evidence."""
    return warning.steps.select_related("by", "evidence").order_by("at", "pk")


def step_with_evidence(*, warning: RiskWarning, pk: int) -> WarningStep:
    """Return a step of the warning that carries a file.

    Raises:
        Missing: there is none.
    """
    step = steps_of(warning=warning).filter(pk=pk, evidence__isnull=False).first()
    if step is None:
        raise Missing("evidence_missing", _("There is no such file."))
    return step


def observations_of(*, warning: RiskWarning) -> QuerySet[WarningObservation]:
    """Return what each month-end version said of the slice, newest month and version first."""
    return warning.observations.select_related("month_end").order_by(
        "-month_end__month", "-month_end__version"
    )


def slice_trend(*, warning: RiskWarning, months: int = 24) -> list[dict[str, object]]:
    """Return the indicator of a risk's slice over the newest versions of the months, oldest first.

    Up to `months` months that end with the newest closed one; `{"month", "version", "value"}`
    where `value` is a fraction, or `None` where it is undefined. Two queries.
    """
    if not warning.is_risk:
        return []
    newest = (
        MonthEnd.objects.filter(closed_at__isnull=False)
        .order_by("month", "-version")
        .distinct("month")
        .values_list("pk", flat=True)
    )
    last = max(warning.last_seen_in.month, warning.month)
    rows = (
        Figure.objects.filter(
            month_end_id__in=list(newest.filter(month__gt=add_months(last, -months))),
            unit_id=warning.slice_unit_id,
            lender_id=warning.lender_id,
            dimension=warning.dimension,
            value=warning.value,
        )
        .select_related("month_end")
        .order_by("month_end__month")
    )
    return [
        {
            "month": row.month_end.month,
            "version": row.month_end.version,
            "value": _value_of(row, warning.indicator),
        }
        for row in rows
    ]


def unreported_loans(*, warning: RiskWarning) -> QuerySet[Snapshot]:
    """Return the loans that a not-reported warning speaks of, largest last balance first."""
    return (
        Snapshot.objects.filter(
            month_end_id=warning.last_seen_in_id,
            bucket=Bucket.NOT_REPORTED,
            segment__lender_id=warning.lender_id,
            segment__branch__name=warning.value,
        )
        .annotate(
            loan_no=F("loan__loan_no"),
            file_name=Subquery(
                LenderFile.objects.filter(pk=OuterRef("file_id")).values("name")[:1]
            ),
        )
        .order_by("-balance_fen", "loan_id")
    )


def siblings_on_slice(*, warning: RiskWarning) -> QuerySet[RiskWarning]:
    """Return the other risks that stand on the same slice, whatever their indicator."""
    return (
        RiskWarning.objects.select_related("last_seen_in")
        .filter(
            kind=WarningKind.RISK,
            slice_unit=warning.slice_unit_id,
            lender=warning.lender_id,
            dimension=warning.dimension,
            value=warning.value,
        )
        .exclude(Q(pk=warning.pk) | Q(state=WarningState.CLOSED))
    )


def _value_of(row: Figure, indicator: str) -> Decimal | None:
    if indicator == Indicator.TAIL_SHARE:
        whole = row.outstanding + row.tail_over_180
        return row.tail_over_180 / whole if whole else None
    return getattr(row, indicator)


def _level_order(name: str) -> Case:
    return Case(
        *(
            When(**{name: level}, then=Value(rank))
            for rank, level in enumerate(WarningLevel.values)
        ),
        default=Value(len(WarningLevel.values)),
        output_field=IntegerField(),
    )


def _by_level(rows: Iterable[tuple[str, int]]) -> dict[str, int]:
    counts = dict.fromkeys(LEVELS, 0)
    for level, count in rows:
        counts[level or "data_quality"] += count
    return counts
