"""Everything that a report says, read from exactly the versions that it was made from."""

import datetime as dt
from dataclasses import dataclass, field, fields
from decimal import Decimal

from django.utils.translation import gettext as _

from core.months import add_months, month_text
from ledger import selectors as ledger
from ledger.enums import ClaimBasis, RecoveryWindow
from ledger.models import FinanceBatch
from organization.models import Unit
from organization.selectors import head_office
from postloss.enums import Dimension
from postloss.models import Figure, Migration, MonthEnd, WarningObservation
from reporting.errors import RuleBroken
from reporting.models import QuarterlyReport
from reporting.rules.rows import (
    TOTAL_SLICE,
    Denominators,
    FigureRow,
    Slice,
    SliceFigures,
    in_order,
    ratio_row,
    slice_rows,
)

_FIELDS = tuple(each.name for each in fields(SliceFigures))


@dataclass(frozen=True)
class MonthContent:
    """One month of the quarter: its version, its slices in order, F1 to F3."""

    month_end: MonthEnd
    slices: list[SliceFigures]
    ratios: dict[str, ledger.Ratio]
    before: Denominators

    @property
    def period(self) -> str:
        """Print the month as in the file."""
        return month_text(self.month_end.month)

    @property
    def total(self) -> SliceFigures:
        """Return the whole book."""
        return _whole_book(self.slices, self.month_end)

    def of(self, dimension: str) -> list[SliceFigures]:
        """Return the slices of a dimension."""
        return [figures for figures in self.slices if figures.dimension == dimension]


@dataclass(frozen=True)
class TrendPoint:
    """The whole book at a month-end, and its vintages."""

    month_end: MonthEnd
    total: SliceFigures
    vintages: list[SliceFigures]


@dataclass(frozen=True)
class Migrated:
    """Loans and last month's balance (yuan) that went from one bucket to another; share of it."""

    before_bucket: int
    bucket: int
    loans: int
    before_balance: Decimal
    share: Decimal | None


@dataclass(frozen=True)
class WarningCount:
    """How many slices a month-end version found in the zone of a level; empty level: bad data."""

    month: dt.date
    level: str
    slices: int


@dataclass(frozen=True)
class ReportContent:
    """What the pack is printed from."""

    report: QuarterlyReport
    insurer: Unit
    months: list[MonthContent]
    rows: list[FigureRow]
    trend: list[TrendPoint]
    migrations: list[Migrated]
    finance_batches: list[FinanceBatch]
    warnings: list[WarningCount]

    @property
    def versions(self) -> dict[str, int]:
        """Return the month-end version used by month of the quarter."""
        return {month.period: month.month_end.version for month in self.months}

    @property
    def last(self) -> MonthContent:
        """Return the last month of the quarter."""
        return self.months[-1]


def report_content(*, report: QuarterlyReport) -> ReportContent:
    """Read a report's figures from the month-end versions and finance batches that it names.

    The same report gives the same rows whatever was restated or signed off since. Source: HQ-44.
    """
    insurer = head_office()
    used = list(report.months.select_related("month_end").order_by("month_end__month"))
    trend = _trend(insurer, [row.month_end for row in used])
    batches = list(report.finance_batches.select_related("signed_off_by", "stored").order_by("pk"))
    months = _months(
        report,
        insurer,
        [row.month_end for row in used if row.is_of_quarter],
        trend,
        [batch.pk for batch in batches],
    )
    return ReportContent(
        report=report,
        insurer=insurer,
        months=months,
        rows=[row for month in months for row in _rows(month)],
        trend=trend,
        migrations=_migrations(insurer, months[-1].month_end),
        finance_batches=batches,
        warnings=_warnings([month.month_end for month in months]),
    )


def _whole_book(slices: list[SliceFigures], month_end: MonthEnd) -> SliceFigures:
    for figures in slices:
        if figures.key == TOTAL_SLICE:
            return figures
    raise RuleBroken(
        "figures_missing",
        _("%(month)s holds no loan; there is nothing to report.")
        % {"month": month_text(month_end.month)},
    )


def _rows(month: MonthContent) -> list[FigureRow]:
    at = {"period": month.period, "version": month.month_end.version}
    rows = [
        ratio_row(code, ratio.value, ratio.reason, **at) for code, ratio in month.ratios.items()
    ]
    for figures in month.slices:
        rows += slice_rows(figures, month.before, **at)
    return rows


def _months(
    report: QuarterlyReport,
    insurer: Unit,
    month_ends: list[MonthEnd],
    trend: list[TrendPoint],
    batch_ids: list[int],
) -> list[MonthContent]:
    slices = _slices(insurer, month_ends)
    earlier = _earlier(insurer, month_ends)
    book = ledger.finance_figures(months=_finance_months(month_ends), batch_ids=batch_ids)
    by_month = {point.month_end.month: point.total.retained_exposure for point in trend}
    contents = []
    for month_end in month_ends:
        one = earlier.get(month_end.one_before_id)
        two = earlier.get(month_end.two_before_id)
        total = _whole_book(slices[month_end.pk], month_end)
        ratios = ledger.ratios_of_month(
            month=month_end.month,
            finance=book,
            exposure=ledger.Exposure(
                before=one.retained.get(TOTAL_SLICE) if one else None,
                now=total.retained_exposure,
                by_month=by_month,
                in_force_since=report.in_force_since,
            ),
            window=RecoveryWindow(report.parameters["alr.recovery_window"]["value"]),
            basis=ClaimBasis(report.parameters["alr.claim_basis"]["value"]),
        )
        before = Denominators(one.m0 if one else None, two.m0 if two else None)
        contents.append(MonthContent(month_end, slices[month_end.pk], ratios, before))
    return contents


def _finance_months(month_ends: list[MonthEnd]) -> list[dt.date]:
    first = month_ends[0].month.replace(month=1)
    return [add_months(first, count) for count in range(month_ends[-1].month.month)]


def _figures(insurer: Unit, month_ends: list[MonthEnd], **only: object) -> list[Figure]:
    return list(Figure.objects.filter(month_end__in=month_ends, unit=insurer, lender=None, **only))


def _slices(insurer: Unit, month_ends: list[MonthEnd]) -> dict[int, list[SliceFigures]]:
    found: dict[int, list[SliceFigures]] = {month_end.pk: [] for month_end in month_ends}
    for figure in _figures(insurer, month_ends):
        found[figure.month_end_id].append(_plain(figure))
    return {pk: in_order(slices, Dimension.values) for pk, slices in found.items()}


def _plain(figure: Figure) -> SliceFigures:
    return SliceFigures(**{name: getattr(figure, name) for name in _FIELDS})


def _trend(insurer: Unit, month_ends: list[MonthEnd]) -> list[TrendPoint]:
    kept = [Dimension.TOTAL, Dimension.VINTAGE]
    slices: dict[int, list[SliceFigures]] = {month_end.pk: [] for month_end in month_ends}
    for figure in _figures(insurer, month_ends, dimension__in=kept):
        slices[figure.month_end_id].append(_plain(figure))
    points = []
    for month_end in month_ends:
        ordered = in_order(slices[month_end.pk], Dimension.values)
        total = _whole_book(ordered, month_end)
        points.append(TrendPoint(month_end, total, [e for e in ordered if e is not total]))
    return points


@dataclass(frozen=True)
class _Earlier:
    """M0 by slice and retained exposure of the whole book, in yuan, of one earlier month-end."""

    m0: dict[Slice, Decimal] = field(default_factory=dict)
    retained: dict[Slice, Decimal] = field(default_factory=dict)


def _earlier(insurer: Unit, month_ends: list[MonthEnd]) -> dict[int | None, _Earlier]:
    wanted = {pk for each in month_ends for pk in (each.one_before_id, each.two_before_id) if pk}
    known: dict[int | None, _Earlier] = {pk: _Earlier() for pk in wanted}
    for month_end_id, dimension, value, m0, retained in Figure.objects.filter(
        month_end__in=wanted, unit=insurer, lender=None
    ).values_list("month_end_id", "dimension", "value", "m0", "retained_exposure"):
        known[month_end_id].m0[dimension, value] = m0
        known[month_end_id].retained[dimension, value] = retained
    return known


def _migrations(insurer: Unit, month_end: MonthEnd) -> list[Migrated]:
    rows = list(
        Migration.objects.filter(month_end=month_end, unit=insurer).order_by(
            "before_bucket", "bucket"
        )
    )
    whole: dict[int, Decimal] = {}
    for row in rows:
        whole[row.before_bucket] = whole.get(row.before_bucket, Decimal(0)) + row.before_balance
    return [
        Migrated(
            row.before_bucket,
            row.bucket,
            row.loans,
            row.before_balance,
            row.before_balance / whole[row.before_bucket] if whole[row.before_bucket] else None,
        )
        for row in rows
    ]


def _warnings(month_ends: list[MonthEnd]) -> list[WarningCount]:
    months = {month_end.pk: month_end.month for month_end in month_ends}
    counts: dict[tuple[dt.date, str], int] = {}
    for month_end_id, level in WarningObservation.objects.filter(
        month_end__in=month_ends, is_breach=True
    ).values_list("month_end_id", "level"):
        key = months[month_end_id], level
        counts[key] = counts.get(key, 0) + 1
    return [WarningCount(*key, number) for key, number in sorted(counts.items())]
