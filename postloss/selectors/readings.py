"""What a month-end says of every slice that has thresholds, and which unit answers for it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection
from dataclasses import dataclass
from decimal import Decimal

from django.db.models import Count, Q, Sum

from core.months import add_months, month_index
from core.months import month_end as last_day
from organization.enums import Permission, UnitKind
from organization.models import Staff, Unit
from organization.selectors import head_office
from postloss.enums import Bucket, Dimension, Indicator, MonthEndState
from postloss.models import Figure, MonthEnd, Snapshot
from postloss.rules.warnings import Reading, is_expected_undefined
from underwriting.enums import NameKind
from underwriting.models import NameMapping

SliceKey = tuple[int, str, str]
_FIELDS = (
    "month_end_id", "unit_id", "dimension", "value", "outstanding", "tail_over_180", "m0",
    "n_m0", "n_m1", "n_m2", "n_m3", "n_tail", "n_not_reported", "roll_m0_1",
    "roll_m0_2", "overdue_rate",
)  # fmt: skip


@dataclass(frozen=True, kw_only=True)
class SliceReading:
    """One indicator of one slice: a reading to judge, or why there is none."""

    indicator: str
    unit_id: int
    dimension: str
    value: str
    reading: Reading | None
    why_undefined: str = ""


@dataclass(frozen=True, kw_only=True)
class UnreportedGroup:
    """The loans of a lender's branch that were not reported in a month. Balance in yuan."""

    lender_id: int
    branch: str
    loans: int
    balance: Decimal


@dataclass(frozen=True)
class Responsibility:
    """Which unit answers for a lender's branch name, and who there handles warnings."""

    head_office: Unit
    by_lender_name: dict[tuple[int, str], int]
    by_name: dict[str, set[int]]
    handlers: dict[int, int]

    def unit_for(self, *, name: str, lender_id: int | None = None) -> int:
        """Return the unit that a name is confirmed to lead to; head office where it is unsure."""
        if lender_id is not None:
            return self.by_lender_name.get((lender_id, name), self.head_office.pk)
        units = self.by_name.get(name, set())
        return next(iter(units)) if len(units) == 1 else self.head_office.pk

    def handler_in(self, *, unit_id: int) -> int | None:
        """Return who handles the unit's warnings, else who handles head office's."""
        return self.handlers.get(unit_id, self.handlers.get(self.head_office.pk))


def slice_readings(
    *, month_end: MonthEnd, tests: Collection[tuple[str, str]], months: int
) -> list[SliceReading]:
    """Return a reading per (indicator, dimension) under test and slice, in three queries.

    Slices are those of head office over all lenders, and the total of every branch. `past` holds
    up to `months` calendar months, each in its newest closed version. A ratio that the book is too
    young for is left out. Source: HQ-28, F10a-b, POST-07c.
    """
    past_ids = _past_month_ends(month_end.month, months)
    ends = {month_end.pk, month_end.one_before_id, month_end.two_before_id, *past_ids}
    figures = _figures(ends - {None}, {dimension for _, dimension in tests})
    present = figures.get(month_end.pk, {})
    book = next(
        (row for key, row in present.items() if key[1:] == (Dimension.TOTAL, "") and row["is_hq"]),
        None,
    )
    age = _months_of_book(month_end.month)
    readings = []
    for indicator, dimension in sorted(tests):
        if is_expected_undefined(indicator=indicator, months_of_book=age):
            continue
        before_id = _denominator_month(indicator, month_end)
        for key, row in present.items():
            if key[1] != dimension:
                continue
            before = figures.get(before_id, {}).get(key)
            past = [
                _value(indicator, figures.get(each, {}).get(key)) if each else None
                for each in past_ids
            ]
            value = _value(indicator, row)
            readings.append(
                SliceReading(
                    indicator=indicator,
                    unit_id=key[0],
                    dimension=key[1],
                    value=key[2],
                    reading=None
                    if value is None
                    else Reading(
                        value=value,
                        sample=_sample(indicator, row, before),
                        book=_value(indicator, book),
                        past=past,
                    ),
                    why_undefined="" if value is not None else _why(row, before_id, before),
                )
            )
    return readings


def unreported_groups(*, month_end: MonthEnd) -> list[UnreportedGroup]:
    """Return the loans of the month without a row, by lender and branch name, in one scan."""
    rows = (
        Snapshot.objects.filter(month_end=month_end, bucket=Bucket.NOT_REPORTED)
        .values("segment__lender_id", "segment__branch__name")
        .annotate(loans=Count("loan_id"), balance=Sum("balance_fen"))
        .order_by("segment__lender_id", "segment__branch__name")
    )
    return [
        UnreportedGroup(
            lender_id=row["segment__lender_id"],
            branch=row["segment__branch__name"],
            loans=row["loans"],
            balance=Decimal(row["balance"]).scaleb(-2),
        )
        for row in rows
    ]


def responsibility(*, month: dt.date) -> Responsibility:
    """Return who answers for what on the last day of a month, by confirmed mappings only."""
    as_of = last_day(month)
    mappings = (
        NameMapping.objects.filter(
            book_name__kind=NameKind.BRANCH,
            unit__isnull=False,
            confirmed_at__isnull=False,
            valid_from__lte=as_of,
        )
        .filter(Q(valid_to__isnull=True) | Q(valid_to__gt=as_of))
        .order_by("valid_from")
        .values_list("lender_id", "book_name__name", "unit_id")
    )
    by_lender_name = {(lender, name): unit for lender, name, unit in mappings}
    by_name: dict[str, set[int]] = {}
    for (_, name), unit in by_lender_name.items():
        by_name.setdefault(name, set()).add(unit)
    handlers: dict[int, int] = {}
    people = Staff.objects.filter(
        is_active=True, roles__permissions__contains=[Permission.HANDLE_WARNINGS]
    ).order_by("-username")
    handlers.update(people.values_list("unit_id", "pk"))
    return Responsibility(head_office(), by_lender_name, by_name, handlers)


def newest_months(*, beside: dt.date, count: int) -> list[dt.date]:
    """Return the newest closed months and the one given, newest first, `count` at most."""
    closed = (
        MonthEnd.objects.filter(state=MonthEndState.CLOSED)
        .order_by("-month")
        .values_list("month", flat=True)
        .distinct()[:count]
    )
    return sorted({*closed, beside}, reverse=True)[:count]


def _past_month_ends(month: dt.date, months: int) -> list[int | None]:
    wanted = [add_months(month, -back) for back in range(1, months + 1)]
    newest = dict(
        MonthEnd.objects.filter(state=MonthEndState.CLOSED, month__in=wanted)
        .order_by("version")
        .values_list("month", "pk")
    )
    return [newest.get(each) for each in wanted]


def _months_of_book(month: dt.date) -> int:
    first = (
        MonthEnd.objects.filter(state=MonthEndState.CLOSED)
        .order_by("month")
        .values_list("month", flat=True)
        .first()
    )
    return 0 if first is None else max(0, month_index(month) - month_index(first))


def _figures(ends: Collection[int], dimensions: Collection[str]) -> dict[int, dict[SliceKey, dict]]:
    rows = (
        Figure.objects.filter(month_end_id__in=ends, lender__isnull=True)
        .exclude(n_m0=0, n_m1=0, n_m2=0, n_m3=0, n_tail=0, n_not_reported=0)
        .filter(
            Q(
                unit__kind=UnitKind.HEAD_OFFICE,
                dimension__in={*dimensions, Dimension.TOTAL},
            )
            | Q(unit__kind=UnitKind.BRANCH, dimension=Dimension.TOTAL)
        )
        .order_by("unit_id", "dimension", "value")
        .values(*_FIELDS, "unit__kind")
    )
    figures: dict[int, dict[SliceKey, dict]] = {}
    for row in rows:
        row["is_hq"] = row["unit__kind"] == UnitKind.HEAD_OFFICE
        key = (row["unit_id"], row["dimension"], row["value"])
        figures.setdefault(row["month_end_id"], {})[key] = row
    return figures


def _denominator_month(indicator: str, month_end: MonthEnd) -> int | None:
    if indicator == Indicator.ROLL_M0_1:
        return month_end.one_before_id
    return month_end.two_before_id if indicator == Indicator.ROLL_M0_2 else month_end.pk


def _value(indicator: str, row: dict | None) -> Decimal | None:
    if row is None:
        return None
    if indicator == Indicator.TAIL_SHARE:
        whole = row["outstanding"] + row["tail_over_180"]
        return row["tail_over_180"] / whole if whole else None
    return row[str(indicator)]


def _sample(indicator: str, row: dict, before: dict | None) -> int:
    if indicator in (Indicator.ROLL_M0_1, Indicator.ROLL_M0_2):
        return before["n_m0"] if before else 0
    return _live(row) if indicator == Indicator.TAIL_SHARE else _live(row) - row["n_tail"]


def _live(row: dict) -> int:
    return row["n_m0"] + row["n_m1"] + row["n_m2"] + row["n_m3"] + row["n_tail"]


def _why(row: dict, before_id: int | None, before: dict | None) -> str:
    if not _live(row):
        return "not_reported"
    if before_id is None:
        return "month_not_closed"
    return "new_slice" if before is None else "zero_denominator"
