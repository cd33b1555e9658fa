"""The manager's dashboard: one unit, one lender or all, one month-end version; few queries.

Everything comes from frozen figures, so nothing here grows with the number of loans.
Source: POST-06b-c, POST-09d, HQ-04, HQ-44.
"""

from __future__ import annotations

from typing import Any

from django.db.models import Q
from django.utils.translation import gettext as _

from core.errors import Missing
from core.months import month_end as last_day
from core.months import parse_month
from organization.models import Staff, Unit
from partners.models import Lender
from postloss.enums import Dimension
from postloss.models import Figure, MonthEnd
from postloss.rules.portfolio import migration_matrix
from postloss.selectors.calendar import Calendar, calendar
from postloss.selectors.month_ends import migrations_of
from postloss.selectors.portfolio import HEAT_MONTHS, Portfolio, SliceKey
from postloss.selectors.scope import unit_choice
from postloss.selectors.thresholds import limits_of, threshold_set_in_force
from postloss.selectors.warnings import standing_warnings

_WARNING_FIELDS = (
    "pk", "seen_level", "seen_value", "kind", "indicator", "dimension", "value", "state",
    "slice_unit_id", "slice_unit__name", "unit__name", "sample", "due_at",
)  # fmt: skip


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
        levels={} if lender else _worst_levels(warnings),
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
