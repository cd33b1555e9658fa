"""Month-ends and figures as a closing leaves them, without the closing."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from io import BytesIO

from core.months import add_months
from organization.selectors import head_office
from postloss.enums import Dimension, Measure, MonthEndState
from postloss.models import Figure, MonthEnd, RiskWarning
from postloss.services.warnings import (
    acknowledge_warning,
    close_warning,
    dispose_warning,
    raise_warnings,
    review_warning,
)
from tests.factories.authority import let_lift

AT = dt.datetime(2026, 3, 2, 9, 0, tzinfo=dt.UTC)
JANUARY = dt.date(2025, 1, 1)
N = 200


def closed_month(*, month: dt.date, version: int = 1) -> MonthEnd:
    def before(count: int) -> MonthEnd | None:
        return MonthEnd.objects.filter(month=add_months(month, -count)).order_by("-version").first()

    return MonthEnd.objects.create(
        month=month,
        version=version,
        state=MonthEndState.CLOSED,
        reason="" if version == 1 else "a correction",
        known_at=AT,
        one_before=before(1),
        two_before=before(2),
        has_snapshot=True,
        has_figures=True,
        closed_at=AT,
    )


def figure(
    month_end: MonthEnd,
    *,
    dimension: str = Dimension.TOTAL,
    value: str = "",
    overdue: str | None = "0.05",
    roll_1: str | None = "0.01",
    roll_2: str | None = "0.01",
    tail: str = "0",
    loans: int = N,
    unit=None,
    lender=None,
    not_reported: int = 0,
) -> Figure:
    """A slice of `loans` current loans of 100 yuan each; `tail` is the share over 180 days."""
    outstanding = Decimal(100 * loans)
    return Figure.objects.create(
        month_end=month_end,
        unit=unit or head_office(),
        lender=lender,
        dimension=dimension,
        value=value,
        m0=outstanding,
        m1=0,
        m2=0,
        m3=0,
        outstanding=outstanding,
        tail_over_180=(outstanding * Decimal(tail) / (1 - Decimal(tail))).quantize(Decimal("0.01")),
        n_m0=loans,
        n_m1=0,
        n_m2=0,
        n_m3=0,
        n_tail=0,
        roll_m0_1=roll_1 if month_end.one_before_id else None,
        roll_m0_2=roll_2 if month_end.two_before_id else None,
        overdue_rate=overdue,
        disbursed_amount=0,
        retained_exposure=0,
        n_not_reported=not_reported,
        not_reported_balance=0,
        n_basis_differs=0,
    )


def watched_month(*, month: dt.date, version: int = 1, slices=(), at=AT, **total):
    """Close a month with a total and more slices, and judge it; return (month-end, counts)."""
    month_end = closed_month(month=month, version=version)
    figure(month_end, **total)
    for each in slices:
        figure(month_end, **each)
    return month_end, raise_warnings(month_end=month_end, at=at)


def red_month(month: dt.date = JANUARY, **total) -> RiskWarning:
    """A month whose total overdue rate is red; return its warning."""
    watched_month(month=month, **{"overdue": "0.30", **total})
    return RiskWarning.objects.exclude(state="closed").get(
        indicator="overdue_rate", dimension=Dimension.TOTAL
    )


def good_months(*, after: dt.date, count: int = 2) -> None:
    for number in range(1, count + 1):
        watched_month(month=add_months(after, number))


def evidence() -> BytesIO:
    return BytesIO("逾期客户已全部联系".encode())


def through_the_loop(warning: RiskWarning, *, handler, reviewer, until: str = "closed", at=AT):
    """Walk a warning along its loop until it is in this state."""
    steps = [
        ("acknowledged", lambda: acknowledge_warning(warning=warning, by=handler, at=at)),
        (
            "disposed",
            lambda: dispose_warning(
                warning=warning,
                measure=Measure.COLLECT,
                remark="Called every obligor",
                evidence=evidence(),
                evidence_name="calls.txt",
                by=handler,
                at=at,
            ),
        ),
        (
            "reviewed",
            lambda: review_warning(
                warning=warning, is_accepted=True, remark="Seen", by=reviewer, at=at
            ),
        ),
        ("closed", lambda: close_warning(warning=warning, remark="Good", by=reviewer, at=at)),
    ]
    if until in {"reviewed", "closed"}:
        let_lift(reviewer, at=at)
    for state, step in steps:
        if until == "open":
            break
        step()
        if state == until:
            break
    warning.refresh_from_db()
    return warning
