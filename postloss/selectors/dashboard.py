"""The manager's dashboard: one unit, one lender or all, one month-end version; few queries.

Everything comes from frozen figures, so nothing here grows with the number of loans.
Source: POST-06b-c, POST-09d, HQ-04, HQ-44.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from django.db.models import Q
from django.utils.translation import gettext as _

from core.errors import Missing
from core.months import month_end as last_day
from core.months import month_index, parse_month
from organization.enums import Permission
from organization.models import Staff, Unit
from organization.permissions import may
from organization.selectors import units_in_scope
from partners.models import Lender
from postloss.enums import Dimension, Indicator, ThresholdTest
from postloss.models import Figure, MonthEnd, ThresholdSet
from postloss.rules.portfolio import (
    MigrationCell,
    VintageCurve,
    VintagePoint,
    change,
    migration_matrix,
    vintage_curves,
    why_undefined,
)
from postloss.rules.warnings import Limit
from postloss.selectors.month_ends import closed_month_ends, migrations_of
from postloss.selectors.thresholds import limits_of, threshold_set_in_force
from postloss.selectors.warnings import LEVELS, standing_warnings

TREND_MONTHS = 36
HEAT_MONTHS = 12
UNITS_BELOW = "unit"
RATIOS = ("overdue_rate", "roll_m0_1", "roll_m0_2")
ADDED = (
    "m0", "m1", "m2", "m3", "tail_over_180", "outstanding", "n_m0", "n_m1", "n_m2", "n_m3",
    "n_tail", "disbursed_amount", "retained_exposure", "n_not_reported", "not_reported_balance",
    "n_basis_differs",
)  # fmt: skip
SliceKey = tuple[int, int, str, str]  # month-end, unit, dimension, value
_WARNING_FIELDS = (
    "pk", "seen_level", "seen_value", "kind", "indicator", "dimension", "value", "state",
    "slice_unit_id", "slice_unit__name", "unit__name", "sample", "due_at",
)  # fmt: skip


def may_see_portfolio(staff: Staff) -> bool:
    """Tell whether the person sees dashboard, month-ends and loans of the own unit and below."""
    return may(staff, Permission.VIEW_PORTFOLIO)


def unit_choice(*, staff: Staff, code: str = "") -> tuple[Unit, list[Unit]]:
    """Return the unit asked for (by default the own one) and all units in scope, in tree order.

    Raises:
        Missing: the unit does not exist or lies outside the person's scope.
    """
    units = list(units_in_scope(staff=staff).order_by("path"))
    wanted = code or staff.unit.code
    unit = next((each for each in units if each.code == wanted), None)
    if unit is None:
        raise Missing("unit_missing", _("There is no such unit, or it is not yours to see."))
    return unit, units


def unit_in_scope(*, staff: Staff, code: str = "") -> Unit:
    """Return the unit asked for, by default the own one, which costs no query.

    Raises:
        Missing: the unit does not exist or lies outside the person's scope.
    """
    if code in ("", staff.unit.code):
        return staff.unit
    return unit_choice(staff=staff, code=code)[0]


@dataclass(frozen=True)
class Calendar:
    """Every closed version of every month, newest month and version first."""

    versions: list[MonthEnd]

    def pick(self, *, month: dt.date | None = None, version: int | None = None) -> MonthEnd:
        """Return a version, by default the latest of the newest month.

        Raises:
            Missing: it is not closed.
        """
        for row in self.versions:
            if (month is None or row.month == month) and version in (None, row.version):
                return row
        raise Missing("month_end_missing", _("This month or version is not closed."))

    def of_month(self, month: dt.date) -> list[MonthEnd]:
        """Return the versions of a month, newest first."""
        return [row for row in self.versions if row.month == month]

    def latest(self) -> list[MonthEnd]:
        """Return the latest version of every month, newest month first."""
        newest: dict[dt.date, MonthEnd] = {}
        for row in self.versions:
            newest.setdefault(row.month, row)
        return list(newest.values())

    def up_to(self, chosen: MonthEnd) -> list[MonthEnd]:
        """Return every month up to the chosen one, oldest first: that one as chosen, the others
        in their latest version.
        """
        earlier = [row for row in self.latest() if row.month < chosen.month]
        return [*reversed(earlier), chosen]


def calendar() -> Calendar:
    """Return the closed months with who closed them; one query."""
    rows = closed_month_ends().select_related("closed_by", "one_before", "two_before")
    return Calendar(list(rows.order_by("-month", "-version")))


@dataclass(frozen=True, kw_only=True)
class SliceLine:
    """A slice at the chosen month-end beside the same slice the month before. Yuan, fractions."""

    name: str
    figure: Figure
    before: Figure | None
    two_before: Figure | None
    month_end: MonthEnd
    unit: Unit
    level: str = ""
    is_rest: bool = False

    @property
    def loans(self) -> int:
        """Number of live loans."""
        return live_loans(self.figure)

    @property
    def change(self) -> Decimal | None:
        """Change of the overdue rate since the month before, as a fraction."""
        return self.change_of("overdue_rate")

    def change_of(self, name: str) -> Decimal | None:
        """Return the change of a figure since the month before, in its unit; `None` unknown."""
        before = getattr(self.before, name) if self.before else None
        return change(getattr(self.figure, name), before)

    def why(self, name: str) -> str:
        """Return the code of the reason why a ratio is undefined; empty where it is defined."""
        if getattr(self.figure, name) is not None:
            return ""
        end_id, base = self.month_end.one_before_id, self.before
        if name == "roll_m0_2":
            end_id, base = self.month_end.two_before_id, self.two_before
        return why_undefined(
            is_roll=name != "overdue_rate",
            has_month_before=end_id is not None,
            balance_before=base.m0 if base else None,
        )


@dataclass(frozen=True, kw_only=True)
class Portfolio:
    """What the dashboard of a unit shows; `figures` holds every slice that any part of it needs."""

    unit: Unit
    units: list[Unit]
    calendar: Calendar
    month_end: MonthEnd
    lender: Lender | None
    lenders: list[Lender]
    figures: dict[SliceKey, Figure]
    warnings: list[dict[str, Any]]
    matrix: dict[int, dict[int, MigrationCell]]
    threshold_set: ThresholdSet
    limits: dict[tuple[str, str], list[Limit]]
    _levels: dict[tuple[int, str, str], str] = field(default_factory=dict)

    @property
    def children(self) -> list[Unit]:
        """The units directly below."""
        return [each for each in self.units if each.parent_id == self.unit.pk]

    @property
    def counts(self) -> dict[str, int]:
        """How many warnings stood at this version, by level."""
        counts = dict.fromkeys(LEVELS, 0)
        for warning in self.warnings:
            counts[warning["seen_level"] or "data_quality"] += 1
        return counts

    @property
    def trend_ends(self) -> list[MonthEnd]:
        """The months of the trend, oldest first."""
        return self.calendar.up_to(self.month_end)[-TREND_MONTHS:]

    def total(self) -> SliceLine | None:
        """Return the whole of the unit; `None` without a live or unreported loan."""
        return next(iter(self.lines(Dimension.TOTAL)), None)

    def lines(self, by: str) -> list[SliceLine]:
        """Return the slices of a dimension, or the units below with what none of them holds."""
        if by == UNITS_BELOW:
            return self._unit_lines()
        figures = [
            figure
            for (end, unit, dimension, _value), figure in self.figures.items()
            if (end, unit, dimension) == (self.month_end.pk, self.unit.pk, by)
        ]
        return [self._line(self.unit, figure, figure.value) for figure in figures]

    def _unit_lines(self) -> list[SliceLine]:
        lines = [
            self._line(child, figure, child.name)
            for child in self.children
            if (figure := self.figure(self.month_end.pk, child))
        ]
        total = self.figure(self.month_end.pk, self.unit)
        rest = self._rest(total, [line.figure for line in lines]) if total and lines else None
        if rest is not None:
            name = _("Placed at %(unit)s itself") % {"unit": self.unit.name}
            lines.append(
                SliceLine(
                    name=name, figure=rest, before=None, two_before=None,
                    month_end=self.month_end, unit=self.unit, is_rest=True,
                )
            )  # fmt: skip
        return lines

    def figure(
        self, end_id: int | None, unit: Unit, dimension: str = Dimension.TOTAL, value: str = ""
    ) -> Figure | None:
        """Return a figure that was read, if there is one."""
        return self.figures.get((end_id or 0, unit.pk, dimension, value))

    def _line(self, unit: Unit, figure: Figure, name: str) -> SliceLine:
        key = (unit, figure.dimension, figure.value)
        return SliceLine(
            name=name,
            figure=figure,
            before=self.figure(self.month_end.one_before_id, *key),
            two_before=self.figure(self.month_end.two_before_id, *key),
            month_end=self.month_end,
            unit=unit,
            level=self._levels.get((unit.pk, figure.dimension, figure.value), ""),
        )

    @staticmethod
    def _rest(total: Figure, parts: Iterable[Figure]) -> Figure | None:
        parts = list(parts)
        rest = Figure(
            dimension=Dimension.TOTAL,
            **{name: getattr(total, name) - sum(getattr(p, name) for p in parts) for name in ADDED},
        )
        late = rest.m1 + rest.m2 + rest.m3
        rest.overdue_rate = late / rest.outstanding if rest.outstanding else None
        return rest if live_loans(rest) or rest.n_not_reported else None

    def vintages(self) -> list[VintageCurve]:
        """Return the vintage curves of every month up to the chosen one."""
        months = {row.pk: month_index(row.month) for row in self.calendar.up_to(self.month_end)}
        return vintage_curves(
            VintagePoint(
                vintage=value,
                month=months[end],
                late_balance=figure.m2 + figure.m3 + figure.tail_over_180,
                disbursed=figure.disbursed_amount,
            )
            for (end, unit, dimension, value), figure in self.figures.items()
            if unit == self.unit.pk and dimension == Dimension.VINTAGE and end in months
        )

    def movers(self, count: int) -> list[SliceLine]:
        """Return the slices whose overdue rate rose most, small samples after the others."""
        lines = [
            line
            for dimension in Dimension
            if dimension not in (Dimension.TOTAL, Dimension.LENDER, Dimension.MOB)
            for line in self.lines(dimension)
        ]
        if len(self.lenders) > 1 and self.lender is None:
            lines += self.lines(Dimension.LENDER)
        risen = [line for line in lines if line.change is not None and line.change > 0]
        risen.sort(key=lambda line: (self.is_small(line), -(line.change or 0)))
        return risen[:count]

    def is_small(self, line: SliceLine) -> bool:
        """Tell whether a slice has too few loans for its rate to say much."""
        sample = self.min_sample(line.figure.dimension)
        return sample is not None and line.loans < sample

    def min_sample(self, dimension: str) -> int | None:
        """Return below how many loans a rate of this dimension is a small sample, if set."""
        limits = self.limits.get((Indicator.OVERDUE_RATE, dimension), [])
        return max((limit.min_sample for limit in limits), default=None)

    def threshold_lines(self, indicator: str) -> list[Limit]:
        """Return the limits of the unit's own total that a chart can draw."""
        limits = self.limits.get((indicator, Dimension.TOTAL), [])
        return [limit for limit in limits if limit.test == ThresholdTest.ABSOLUTE]


def live_loans(figure: Figure) -> int:
    """Return the number of live loans of a figure."""
    return figure.n_m0 + figure.n_m1 + figure.n_m2 + figure.n_m3 + figure.n_tail


def portfolio_of(
    *,
    staff: Staff,
    month: str = "",
    version: int | None = None,
    unit_code: str = "",
    lender_code: str = "",
) -> Portfolio | None:
    """Return what the dashboard shows, in seven queries; `None` while no month is closed.

    Raises:
        Missing: unit, month, version or lender is not there for this person.
    """
    unit, units = unit_choice(staff=staff, code=unit_code)
    closed = calendar()
    if not closed.versions and not month:
        return None
    row = closed.pick(month=parse_month(month) if month else None, version=version)
    figures, lenders = _figures(closed, row, unit, units, lender_code)
    lender = next((each for each in lenders if each.code == lender_code), None)
    if lender_code and lender is None:
        raise Missing("lender_missing", _("This lender has no loans here in this month."))
    warnings = list(
        standing_warnings(staff=staff, month_end=row)
        .filter(unit__path__startswith=unit.path)
        .values(*_WARNING_FIELDS)
    )
    threshold_set = threshold_set_in_force(as_of=last_day(row.month))
    migrations = migrations_of(month_end=row, unit=unit).values_list(
        "before_bucket", "bucket", "loans", "before_balance", "balance"
    )
    return Portfolio(
        unit=unit,
        units=units,
        calendar=closed,
        month_end=row,
        lender=lender,
        lenders=lenders,
        figures=figures,
        warnings=warnings,
        matrix={} if lender else migration_matrix(migrations),
        threshold_set=threshold_set,
        limits=limits_of(threshold_set=threshold_set),
        _levels={} if lender else _worst_levels(warnings),
    )


def _worst_levels(warnings: list[dict[str, Any]]) -> dict[tuple[int, str, str], str]:
    levels: dict[tuple[int, str, str], str] = {}
    for each in warnings:  # reds come first
        key = (each["slice_unit_id"], each["dimension"], each["value"])
        if each["seen_level"]:
            levels.setdefault(key, each["seen_level"])
    return levels


def _figures(
    closed: Calendar, row: MonthEnd, unit: Unit, units: list[Unit], lender_code: str
) -> tuple[dict[SliceKey, Figure], list[Lender]]:
    ends = [each.pk for each in closed.up_to(row)]
    near = [pk for pk in (row.pk, row.one_before_id, row.two_before_id) if pk]
    below = [each.pk for each in units if each.parent_id == unit.pk]
    of_lender = Q(lender__code=lender_code) if lender_code else Q(lender=None)
    own, recent = Q(unit=unit), [*ends[-HEAT_MONTHS:], *near]
    wanted = of_lender & (
        own & Q(month_end__in=ends, dimension__in=[Dimension.TOTAL, Dimension.VINTAGE])
        | own & Q(month_end__in=near)
        | own & Q(month_end__in=recent, dimension=Dimension.BRANCH)
        | Q(unit__in=below, month_end__in=recent, dimension=Dimension.TOTAL)
    )
    lenders_here = own & Q(month_end=row, dimension=Dimension.TOTAL, lender__isnull=False)
    lender_slices = own & Q(month_end__in=near, dimension=Dimension.LENDER)
    if lender_code:
        lender_slices &= Q(value=lender_code)
    found = Figure.objects.filter(wanted | lenders_here | lender_slices).select_related("lender")
    figures: dict[SliceKey, Figure] = {}
    lenders: dict[str, Lender] = {}
    for each in found.order_by("dimension", "value"):
        code = each.lender.code if each.lender else ""
        if each.month_end_id == row.pk and each.unit_id == unit.pk and each.lender:
            lenders.setdefault(code, each.lender)
        if code == lender_code or each.dimension == Dimension.LENDER:
            key = (each.month_end_id, each.unit_id, each.dimension, each.value)
            figures[key] = each
    return figures, sorted(lenders.values(), key=lambda lender: lender.code)
