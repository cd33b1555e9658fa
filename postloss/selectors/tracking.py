"""What lenders' files know of the loans under a version of a product. Source: PRE-33c."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from decimal import Decimal

from django.db import connection

from postloss.enums import Bucket, MonthEndState
from products.enums import FigureReason, ProductFigure
from products.models import ProductVersion
from products.selectors import TrackedFigure


def overdue_of_version(
    version: ProductVersion, period_from: dt.date, period_to: dt.date
) -> Iterator[TrackedFigure]:
    """Report the overdue rate (F10c) of the loans under a version at each closed month-end.

    That of the period is the last one: M1 to M3 by M0 to M3, an unrounded fraction of what is owed.
    The latest closed version of a month counts. One statement. Source: PRE-33c, POST-35.
    """
    words = {
        "version": version.pk,
        "begin": period_from.replace(day=1),
        "end": period_to,
        "closed": MonthEndState.CLOSED.value,
        "good": Bucket.M0.value,
        "late": [Bucket.M1.value, Bucket.M2.value, Bucket.M3.value],
    }
    with connection.cursor() as cursor:
        cursor.execute(_OVERDUE, words)
        rows = cursor.fetchall()
    rate, reason = None, FigureReason.NO_LOANS.value
    for month, late, owed in rows:
        rate = Decimal(late) / Decimal(owed) if owed else None
        reason = "" if owed else FigureReason.NO_BALANCE.value
        yield TrackedFigure(code=ProductFigure.OVERDUE_RATE, value=rate, month=month)
    yield TrackedFigure(code=ProductFigure.OVERDUE_RATE, value=rate, reason=reason)


_OVERDUE = """
    WITH ends AS (
        SELECT DISTINCT ON (month) id, month FROM postloss_monthend
        WHERE state = %(closed)s AND month >= %(begin)s
            AND month + interval '1 month' <= %(end)s
        ORDER BY month, version DESC
    )
    SELECT m.month,
        coalesce(sum(s.balance_fen) FILTER (WHERE s.bucket = ANY(%(late)s)), 0),
        coalesce(sum(s.balance_fen)
            FILTER (WHERE s.bucket = %(good)s OR s.bucket = ANY(%(late)s)), 0)
    FROM ends m
    JOIN postloss_snapshot s ON s.month_end_id = m.id
    JOIN underwriting_policy p ON p.loan_id = s.loan_id AND p.product_version_id = %(version)s
    GROUP BY 1 ORDER BY 1
"""
