"""What underwriting and the book know of a version of a product in a period. Source: PRE-33c."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from decimal import Decimal

from django.db import connection

from core.months import add_months
from ledger.enums import ClaimBasis, FinanceLine, LedgerEvent, PeriodStatus, RecoveryWindow
from ledger.models import LedgerPeriod
from ledger.selectors import Exposure, figure_lines, ratios_of_month
from products.enums import FigureReason, ProductFigure
from products.models import ProductVersion
from products.selectors import TrackedFigure
from underwriting.enums import PolicyState

ZERO = Decimal(0)
OF_BOOK = (
    ProductFigure.PREMIUM,
    ProductFigure.REFUNDED,
    ProductFigure.EARNED,
    ProductFigure.CLAIMS,
    ProductFigure.LOSS_RATIO,
)


def policies_of_version(
    version: ProductVersion, period_from: dt.date, period_to: dt.date
) -> Iterator[TrackedFigure]:
    """Report how many policies of a version were sold, are in force and were surrendered.

    Sold is counted on the day of issue, in force at the end of the period's last day. The surrender
    rate is what was surrendered in the period by what was in force when it began or was sold in it,
    an unrounded fraction. One statement. Source: PRE-33c.
    """
    words = {
        "version": version.pk,
        "begin": period_from,
        "end": period_to,
        "surrendered": PolicyState.SURRENDERED.value,
    }
    with connection.cursor() as cursor:
        cursor.execute(_POLICIES, words)
        rows = cursor.fetchall()
    sums: dict[str, int] = {}
    for what, month, number in rows:
        sums[what] = sums.get(what, 0) + number
        if month is not None:
            yield TrackedFigure(code=what, value=number, month=month)
    sold, gone = sums.get("policies", 0), sums.get("surrendered", 0)
    yield TrackedFigure(code=ProductFigure.POLICIES, value=sold)
    yield TrackedFigure(code=ProductFigure.IN_FORCE, value=sums["in_force"])
    yield TrackedFigure(code=ProductFigure.SURRENDERED, value=gone)
    base = sums["at_start"] + sold
    yield TrackedFigure(
        code=ProductFigure.SURRENDER_RATE,
        value=Decimal(gone) / base if base else None,
        reason="" if base else FigureReason.NO_POLICIES.value,
    )


def book_of_version(
    version: ProductVersion, period_from: dt.date, period_to: dt.date
) -> Iterator[TrackedFigure]:
    """Report premium written, given back and earned, claims, and the loss ratio (F1) of a version.

    Yuan net of tax, from the lines of the book that carry a policy of the version; the ratio is an
    unrounded fraction over the closed months. Which accounts make up a line is read as in force in
    the last month. Where the book holds money of the product without a policy, it cannot be given
    to a version: earned premium, claims and ratio are unknown. Source: PRE-33c, F1.
    """
    if period_from.day != 1 or period_to.day != 1:
        for code in OF_BOOK:
            yield _unknown(code, FigureReason.PART_MONTHS)
        return
    months, is_whole = _moves(version, period_from, period_to)
    closed = set(
        LedgerPeriod.objects.filter(
            status=PeriodStatus.CLOSED, month__gte=period_from, month__lt=period_to
        ).values_list("month", flat=True)
    )
    for month, each in sorted(months.items()):
        yield TrackedFigure(code=ProductFigure.PREMIUM, value=each.written, month=month)
        yield TrackedFigure(code=ProductFigure.REFUNDED, value=each.refunded, month=month)
        if is_whole and month in closed:
            yield from _earned(month, each.lines, month=month)
    yield TrackedFigure(code=ProductFigure.PREMIUM, value=_sum(months, "written"))
    yield TrackedFigure(code=ProductFigure.REFUNDED, value=_sum(months, "refunded"))
    reason = FigureReason.NOT_BY_POLICY if not is_whole else FigureReason.BOOKS_OPEN
    if not is_whole or not closed:
        for code in (ProductFigure.EARNED, ProductFigure.CLAIMS, ProductFigure.LOSS_RATIO):
            yield _unknown(code, reason)
        return
    total: dict[str, Decimal] = dict.fromkeys(figure_lines(month=max(closed)), ZERO)
    for month, each in months.items():
        if month in closed:
            total = {code: total.get(code, ZERO) + each.lines[code] for code in each.lines}
    is_partial = len(closed) < _months_between(period_from, period_to)
    mark = FigureReason.OPEN_MONTHS.value if is_partial else ""
    yield from _earned(period_from, total, mark=mark)


@dataclass
class _Month:
    """What moved for a version in a month: the lines of finance, premium written and given back."""

    lines: dict[str, Decimal] = field(default_factory=dict)
    written: Decimal = ZERO
    refunded: Decimal = ZERO


def _moves(
    version: ProductVersion, period_from: dt.date, period_to: dt.date
) -> tuple[dict[dt.date, _Month], bool]:
    words = {
        "version": version.pk,
        "product": version.product.code,
        "begin": period_from,
        "end": period_to,
    }
    with connection.cursor() as cursor:
        cursor.execute(_BOOK, words)
        rows = cursor.fetchall()
    terms = figure_lines(month=add_months(period_to, -1))
    months: dict[dt.date, _Month] = {}
    for month, account, event, net, _without in rows:
        each = months.setdefault(month, _Month(dict.fromkeys(terms, ZERO)))
        for code, parts in terms.items():
            moved = sum((one.sign * net for one in parts if one.takes(account, event)), ZERO)
            each.lines[code] += moved
            if code == FinanceLine.PREMIUM_INCOME and event == LedgerEvent.POLICY_CANCELLED:
                each.refunded -= moved
            elif code == FinanceLine.PREMIUM_INCOME:
                each.written += moved
    return months, not any(row[-1] for row in rows)


def _earned(
    at: dt.date,
    lines: Mapping[str, Decimal],
    *,
    month: dt.date | None = None,
    mark: str = "",
) -> Iterator[TrackedFigure]:
    """Report earned premium, claims and F1 of some lines; the ratio is that of the ledger."""
    nothing = Exposure(before=None, now=ZERO, by_month={}, in_force_since=at)
    found = ratios_of_month(
        month=at,
        finance={at: dict(lines)},
        exposure=nothing,
        window=RecoveryWindow.MONTH,
        basis=ClaimBasis.GROSS,
    )["comprehensive_loss_ratio"]
    for code, line in (
        (ProductFigure.EARNED, FinanceLine.EARNED_PREMIUM),
        (ProductFigure.CLAIMS, FinanceLine.CLAIMS_PAID),
    ):
        yield TrackedFigure(code=code, value=lines.get(line), reason=mark, month=month)
    reason = mark if found.value is not None else FigureReason.NO_EARNED_PREMIUM.value
    yield TrackedFigure(
        code=ProductFigure.LOSS_RATIO, value=found.value, reason=reason, month=month
    )


def _unknown(code: str, reason: FigureReason) -> TrackedFigure:
    return TrackedFigure(code=code, value=None, reason=reason.value)


def _sum(months: Mapping[dt.date, _Month], name: str) -> Decimal:
    return sum((getattr(each, name) for each in months.values()), ZERO)


def _months_between(begin: dt.date, end: dt.date) -> int:
    return (end.year - begin.year) * 12 + end.month - begin.month


_POLICIES = """
    WITH p AS (
        SELECT (issued_at AT TIME ZONE 'Asia/Shanghai')::date AS issued_on, cover_from, status,
            ended_on, coalesce(ended_on, cover_to) AS until
        FROM underwriting_policy WHERE product_version_id = %(version)s
    )
    SELECT 'policies', date_trunc('month', issued_on)::date, count(*) FROM p
    WHERE issued_on >= %(begin)s AND issued_on < %(end)s GROUP BY 2
    UNION ALL
    SELECT 'surrendered', date_trunc('month', ended_on)::date, count(*) FROM p
    WHERE status = %(surrendered)s AND ended_on >= %(begin)s AND ended_on < %(end)s GROUP BY 2
    UNION ALL
    SELECT 'at_start', NULL, count(*) FROM p
    WHERE issued_on < %(begin)s AND cover_from < %(begin)s AND until > %(begin)s
    UNION ALL
    SELECT 'in_force', NULL, count(*) FROM p WHERE cover_from < %(end)s AND until >= %(end)s
"""
_BOOK = """
    SELECT l.month, l.account_id, e.event,
        coalesce(sum(l.debit - l.credit) FILTER (WHERE p.id IS NOT NULL), 0),
        bool_or(l.policy_no = '')
    FROM ledger_entryline l
    JOIN ledger_entry e ON e.id = l.entry_id
    LEFT JOIN underwriting_policy p
        ON p.policy_no = l.policy_no AND p.product_version_id = %(version)s
    WHERE l.month >= %(begin)s AND l.month < %(end)s AND l.product_code = %(product)s
    GROUP BY 1, 2, 3
"""
