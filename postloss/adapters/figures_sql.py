"""The figures of a month as SQL: one scan of the snapshot, every dimension by GROUPING SETS.

Source: POST-35d-m, POST-07c, F4-F10c, F13; HQ-04 (cohort migration beside the ratios).
"""

from __future__ import annotations

import datetime as dt

from django.db import connection

from core.months import month_index
from postloss.adapters.snapshot_sql import partition_of
from postloss.models import MonthEnd

DIMENSIONS = ("branch", "channel", "product", "grade", "vintage", "mob", "obligor_type")
_SUMS = (
    "m0", "m1", "m2", "m3", "tail", "n0", "n1", "n2", "n3", "n4", "lost_n", "lost_fen", "differs",
    "retained", "disbursed",
)  # fmt: skip


def place_segments(day: dt.date) -> bool:
    """Note where every segment belongs on a day; tell whether any counts instalments.

    Fills the temporary table `segment_place`: unit (an unconfirmed branch name leads to the head
    office), overdue basis of the product version, own and ceded share (1 and 0 without a line).
    """
    with connection.cursor() as cursor:
        cursor.execute("DROP TABLE IF EXISTS segment_place")
        cursor.execute(_PLACE, {"day": day})
        cursor.execute("ANALYZE segment_place")
        cursor.execute("SELECT bool_or(by_instalments) FROM segment_place")
        return bool(cursor.fetchone()[0])


_PLACE = """
CREATE TEMPORARY TABLE segment_place ON COMMIT DROP AS
SELECT s.id AS segment_id,
    coalesce(branch.unit_id, (SELECT id FROM organization_unit WHERE kind = 'head_office'))
        AS unit_id,
    coalesce(version.bucket_basis = 'instalments', false) AS by_instalments,
    coalesce(share.own_share, 1) * (1 - coalesce(share.ceded_share, 0)) AS retained_share
FROM underwriting_segment s
LEFT JOIN LATERAL (
    SELECT m.unit_id FROM underwriting_namemapping m
    WHERE m.lender_id = s.lender_id AND m.book_name_id = s.branch_id
      AND m.confirmed_at IS NOT NULL AND m.valid_from <= %(day)s
      AND (m.valid_to IS NULL OR m.valid_to > %(day)s)
    ORDER BY m.valid_from DESC LIMIT 1) branch ON true
LEFT JOIN LATERAL (
    SELECT v.bucket_basis FROM underwriting_namemapping m
    JOIN products_productversion v ON v.id = m.product_version_id
    WHERE m.lender_id = s.lender_id AND m.book_name_id = s.product_id
      AND m.confirmed_at IS NOT NULL AND m.valid_from <= %(day)s
      AND (m.valid_to IS NULL OR m.valid_to > %(day)s)
    ORDER BY m.valid_from DESC LIMIT 1) version ON true
LEFT JOIN LATERAL (
    SELECT h.own_share, h.ceded_share FROM underwriting_shareline h
    WHERE h.lender_id = s.lender_id AND h.product_id = s.product_id AND h.valid_from <= %(day)s
      AND (h.valid_to IS NULL OR h.valid_to > %(day)s)
    ORDER BY h.valid_from DESC LIMIT 1) share ON true
"""


def write_figures(row: MonthEnd) -> None:
    """Compute and write the figures of every slice of a month-end, in the caller's transaction."""
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL work_mem = '256MB'")
        cursor.execute(
            figures_statement(partition_of(row.pk)),
            {
                "id": row.pk,
                "month": month_index(row.month),
                "one_before": row.one_before_id,
                "two_before": row.two_before_id,
            },
        )


def figures_statement(snapshot: str) -> str:
    """Return the statement that writes all figures of one snapshot table."""
    sums = ", ".join(f"sum({name}) AS {name}" for name in _SUMS)
    sets = ", ".join(f"(unit_id, lender_id, {name})" for name in DIMENSIONS)
    dimension = " ".join(f"WHEN grouping({name}) = 0 THEN '{name}'" for name in DIMENSIONS)
    value = " ".join(f"WHEN grouping({name}) = 0 THEN {name}::text" for name in DIMENSIONS)
    return f"""
    WITH cell AS (
        SELECT segment_id, bucket, count(*) AS n, sum(balance_fen)::bigint AS fen,
            count(*) FILTER (WHERE basis_differs) AS differs
        FROM {snapshot} GROUP BY segment_id, bucket
    ), wide AS (
        SELECT segment_id,
            {
        ", ".join(
            f"coalesce(sum(fen) FILTER (WHERE bucket = {b}), 0) AS {name}"
            for b, name in enumerate(("m0", "m1", "m2", "m3", "tail"))
        )
    },
            {
        ", ".join(f"coalesce(sum(n) FILTER (WHERE bucket = {b}), 0) AS n{b}" for b in range(5))
    },
            coalesce(sum(n) FILTER (WHERE bucket = 7), 0) AS lost_n,
            coalesce(sum(fen) FILTER (WHERE bucket = 7), 0) AS lost_fen, sum(differs) AS differs
        FROM cell GROUP BY segment_id
    ), slice AS (
        SELECT p.unit_id, s.lender_id, s.branch_id AS branch, s.channel_id AS channel,
            s.product_id AS product, s.grade, s.obligor_type, s.disbursed_month / 3 AS vintage,
            %(month)s - s.disbursed_month AS mob,
            w.m0, w.m1, w.m2, w.m3, w.tail, w.n0, w.n1, w.n2, w.n3, w.n4, w.lost_n, w.lost_fen,
            w.differs, (w.m0 + w.m1 + w.m2 + w.m3 + w.tail) * p.retained_share AS retained,
            CASE WHEN s.disbursed_month <= %(month)s THEN s.disbursed_fen ELSE 0 END AS disbursed
        FROM underwriting_segment s JOIN segment_place p ON p.segment_id = s.id
        LEFT JOIN wide w ON w.segment_id = s.id
    ), own AS (
        SELECT unit_id, lender_id, CASE {dimension} ELSE 'total' END AS dimension,
            CASE {value} ELSE '' END AS value, {sums}
        FROM slice GROUP BY GROUPING SETS ((unit_id, lender_id), {sets})
    ), rolled AS (
        SELECT above.id AS unit_id, own.lender_id, own.dimension, own.value, {sums}
        FROM own JOIN organization_unit below ON below.id = own.unit_id
        JOIN organization_unit above ON starts_with(below.path, above.path)
        GROUP BY GROUPING SETS ((above.id, own.dimension, own.value),
                                (above.id, own.dimension, own.value, own.lender_id))
    ), named AS (
        SELECT r.unit_id, r.lender_id, r.dimension, CASE r.dimension
                WHEN 'vintage' THEN (r.value::int / 4) || 'Q' || (r.value::int %% 4 + 1)
                WHEN 'branch' THEN name.name WHEN 'channel' THEN name.name
                WHEN 'product' THEN name.name ELSE r.value END AS value,
            {", ".join(f"r.{name}" for name in _SUMS)}
        FROM rolled r LEFT JOIN underwriting_bookname name
            ON r.dimension IN ('branch', 'channel', 'product') AND name.id::text = r.value
        UNION ALL
        SELECT r.unit_id, NULL, 'lender', lender.code, {", ".join(f"r.{name}" for name in _SUMS)}
        FROM rolled r JOIN partners_lender lender ON lender.id = r.lender_id
        WHERE r.dimension = 'total'
    )
    INSERT INTO postloss_figure (month_end_id, unit_id, lender_id, dimension, value, m0, m1, m2,
        m3, tail_over_180, outstanding, n_m0, n_m1, n_m2, n_m3, n_tail, roll_m0_1, roll_m0_2,
        overdue_rate, disbursed_amount, retained_exposure, n_not_reported, not_reported_balance,
        n_basis_differs)
    SELECT %(id)s, f.unit_id, f.lender_id, f.dimension, f.value, f.m0 / 100.0, f.m1 / 100.0,
        f.m2 / 100.0, f.m3 / 100.0, f.tail / 100.0, (f.m0 + f.m1 + f.m2 + f.m3) / 100.0,
        f.n0, f.n1, f.n2, f.n3, f.n4,
        (f.m1 / 100.0)::numeric(40, 20) / nullif(one.m0, 0),
        (f.m2 / 100.0)::numeric(40, 20) / nullif(two.m0, 0),
        (f.m1 + f.m2 + f.m3)::numeric(40, 20) / nullif(f.m0 + f.m1 + f.m2 + f.m3, 0),
        f.disbursed / 100.0, f.retained / 100.0, f.lost_n, f.lost_fen / 100.0, f.differs
    FROM named f
    LEFT JOIN postloss_figure one ON one.month_end_id = %(one_before)s
        AND one.unit_id = f.unit_id AND coalesce(one.lender_id, 0) = coalesce(f.lender_id, 0)
        AND one.dimension = f.dimension AND one.value = f.value
    LEFT JOIN postloss_figure two ON two.month_end_id = %(two_before)s
        AND two.unit_id = f.unit_id AND coalesce(two.lender_id, 0) = coalesce(f.lender_id, 0)
        AND two.dimension = f.dimension AND two.value = f.value
    WHERE f.n0 + f.n1 + f.n2 + f.n3 + f.n4 + f.lost_n > 0
    """


def write_migrations(row: MonthEnd) -> None:
    """Write the cohort matrix: from last month's bucket to this month's, by unit."""
    with connection.cursor() as cursor:
        cursor.execute(
            f"""
            WITH cell AS (
                SELECT segment_id, before_bucket, bucket, count(*) AS n,
                    sum(before_fen) AS before_fen, sum(balance_fen) AS fen
                FROM {partition_of(row.pk)} WHERE before_bucket IS NOT NULL
                GROUP BY segment_id, before_bucket, bucket
            )
            INSERT INTO postloss_migration (month_end_id, unit_id, before_bucket, bucket, loans,
                before_balance, balance)
            SELECT %s, above.id, c.before_bucket, c.bucket, sum(c.n), sum(c.before_fen) / 100.0,
                sum(c.fen) / 100.0
            FROM cell c JOIN segment_place p ON p.segment_id = c.segment_id
            JOIN organization_unit below ON below.id = p.unit_id
            JOIN organization_unit above ON starts_with(below.path, above.path)
            GROUP BY above.id, c.before_bucket, c.bucket
            """,
            [row.pk],
        )
