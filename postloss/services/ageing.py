"""Count the book by bucket every day, between the month-ends. Source: POST-09c, HQ-01, HQ-02."""

from __future__ import annotations

import datetime as dt

from django.db import connection, transaction

from core.selectors import parameter
from postloss.adapters.figures_sql import place_segments
from postloss.adapters.snapshot_sql import BUCKET_BY_DAYS, partition_of
from postloss.models import DailyAgeing
from postloss.selectors.history import files_in_order
from postloss.selectors.month_ends import latest_month_end


@transaction.atomic
def age_book(*, day: dt.date) -> int:
    """Count live loans by unit and bucket as lenders last stated them; return the live loans.

    Starts from the newest month-end and lays over it what came in since. Buckets by days past
    due. A day is counted once more when called again.
    """
    stale_days = parameter(name="feed.stale_days", as_of=day).value
    place_segments(day)
    closed = latest_month_end()
    since = files_in_order()
    if closed is not None:
        since = since.filter(month__gt=closed.month)
    DailyAgeing.objects.filter(day=day).delete()
    with connection.cursor() as cursor:
        cursor.execute(
            _age(partition_of(closed.pk) if closed else None),
            {
                "day": day,
                "since": list(since.values_list("pk", flat=True)),
                "stale_before": day - dt.timedelta(days=stale_days),
            },
        )
        cursor.execute(
            "SELECT coalesce(sum(a.loans), 0) FROM postloss_dailyageing a"
            " JOIN organization_unit u ON u.id = a.unit_id AND u.kind = 'head_office'"
            " WHERE a.day = %s",
            [day],
        )
        return int(cursor.fetchone()[0])


def _age(closed: str | None) -> str:
    base = ""
    if closed is not None:
        base = f"""
        UNION ALL
        SELECT s.segment_id, s.as_of, s.days_overdue, s.balance_fen
        FROM {closed} s WHERE (s.bucket <= 4 OR s.bucket = 7)
          AND NOT EXISTS (SELECT FROM newest n WHERE n.loan_id = s.loan_id)
        """
    return f"""
    WITH newest AS (
        SELECT DISTINCT ON (v.loan_id) v.* FROM (
            SELECT DISTINCT ON (loan_id, as_of) loan_id, as_of, status, days_overdue,
                outstanding_fen
            FROM postloss_loanstatus
            WHERE as_of <= %(day)s AND file_id = ANY(%(since)s::bigint[])
            ORDER BY loan_id, as_of, array_position(%(since)s::bigint[], file_id) DESC
        ) v WHERE v.status > 0 ORDER BY v.loan_id, v.as_of DESC
    ), live AS (
        SELECT l.segment_id, n.as_of, n.days_overdue, n.outstanding_fen AS balance_fen
        FROM newest n JOIN underwriting_loan l ON l.id = n.loan_id WHERE n.status <= 2
        {base}
    ), cell AS (
        SELECT r.segment_id, {BUCKET_BY_DAYS} AS bucket, count(*) AS n,
            sum(r.balance_fen) AS fen, count(*) FILTER (WHERE r.as_of < %(stale_before)s) AS stale
        FROM live r GROUP BY 1, 2
    )
    INSERT INTO postloss_dailyageing (day, unit_id, bucket, loans, balance, stale)
    SELECT %(day)s, above.id, c.bucket, sum(c.n), sum(c.fen) / 100.0, sum(c.stale)
    FROM cell c JOIN segment_place p ON p.segment_id = c.segment_id
    JOIN organization_unit below ON below.id = p.unit_id
    JOIN organization_unit above ON starts_with(below.path, above.path)
    GROUP BY above.id, c.bucket
    """
