"""What was read of a unit at a month-end, as lines, curves and a matrix; asks no more questions.

Source: POST-06b-c, POST-09d, HQ-04.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _

from core.months import month_index
from organization.models import Unit
from partners.models import Lender
from postloss.enums import Dimension, Indicator, ThresholdTest
from postloss.models import Figure, MonthEnd, ThresholdSet
from postloss.rules.portfolio import (
    MigrationCell,
    VintageCurve,
    VintagePoint,
    change,
    vintage_curves,
    why_undefined,
)
from postloss.rules.warnings import Limit
from postloss.selectors.calendar import Calendar
from postloss.selectors.warnings import LEVELS

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
    levels: dict[tuple[int, str, str], str] = field(default_factory=dict)

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
            level=self.levels.get((unit.pk, figure.dimension, figure.value), ""),
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
        """Return the slices whose overdue rate rose most, small samples after the others.

        A slice that is the whole unit under another name is left out.
        """
        lines = [
            line
            for dimension in Dimension
            if dimension not in (Dimension.TOTAL, Dimension.LENDER, Dimension.MOB)
            for line in self.lines(dimension)
        ]
        if len(self.lenders) > 1 and self.lender is None:
            lines += self.lines(Dimension.LENDER)
        total = self.total()
        risen = [
            line
            for line in lines
            if line.change is not None
            and line.change > 0
            and not (total and line.figure.outstanding == total.figure.outstanding)
        ]
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
