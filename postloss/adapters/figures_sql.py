"""The figures of a month as SQL: one scan of the snapshot, every dimension by GROUPING SETS.

Source: POST-35d-m, POST-07c, F4-F10c, F13; HQ-04 (cohort migration beside the ratios).
"""

from __future__ import annotations

import datetime as dt

from django.db import connection

from core.months import month_index
from postloss.adapters.snapshot_sql import partition_of
from postloss.models import MonthEnd

_BY_KIND = {name: name for name in ("branch", "channel", "product", "grade", "obligor_type")}
_BY_TIME = {"vintage": "disbursed_month / 3", "mob": "%(month)s - disbursed_month"}
DIMENSIONS = (*_BY_KIND, *_BY_TIME)
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
SELECT s.id AS segment_id, s.lender_id, s.branch_id AS branch, s.channel_id AS channel,
    s.product_id AS product, s.grade, s.obligor_type, s.disbursed_month, s.disbursed_fen,
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
    """Return the statement that writes all figures of one snapshot table.

    One scan to (segment, bucket); from these many cells to two coarse sets, by what is sold and by
    when it was disbursed; from these few rows every dimension. A cell of bucket -1 holds what its
    segment disbursed. Amounts are bigint fen until the last step.
    """
    return f"""
    WITH cell AS (
        SELECT segment_id, bucket, count(*) AS n, sum(balance_fen)::bigint AS fen,
            count(*) FILTER (WHERE basis_differs) AS differs
        FROM {snapshot} GROUP BY segment_id, bucket
        UNION ALL
        SELECT segment_id, -1, 0, disbursed_fen, 0
        FROM segment_place WHERE disbursed_month <= %(month)s
    ), coarse AS MATERIALIZED (
        SELECT unit_id, lender_id, branch, channel, product, grade, obligor_type, disbursed_month,
            retained_share, bucket, grouping(disbursed_month) = 0 AS by_time,
            sum(n)::bigint AS n, sum(fen)::bigint AS fen, sum(differs)::bigint AS differs
        FROM cell JOIN segment_place USING (segment_id)
        GROUP BY GROUPING SETS (
            (unit_id, lender_id, retained_share, bucket, branch, channel, product, grade,
                obligor_type),
            (unit_id, lender_id, retained_share, bucket, disbursed_month))
    ), own AS (
        {_own(_BY_KIND, "NOT by_time", with_total=True)}
        UNION ALL
        {_own(_BY_TIME, "by_time", with_total=False)}
    ), rolled AS (
        SELECT above.id AS unit_id, own.lender_id, own.dimension, own.value, {_pivoted()}
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
    LEFT JOIN ({_denominators("one_before")}) one ON one.unit_id = f.unit_id
        AND one.lender = coalesce(f.lender_id, 0) AND one.dimension = f.dimension
        AND one.value = f.value
    LEFT JOIN ({_denominators("two_before")}) two ON two.unit_id = f.unit_id
        AND two.lender = coalesce(f.lender_id, 0) AND two.dimension = f.dimension
        AND two.value = f.value
    WHERE f.n0 + f.n1 + f.n2 + f.n3 + f.n4 + f.lost_n > 0
    """


def _own(dimensions: dict[str, str], rows: str, *, with_total: bool) -> str:
    """The coarse rows of each unit and lender by each of these dimensions, bucket by bucket."""
    first = ["(unit_id, lender_id, bucket)"] if with_total else []
    sets = ", ".join(
        first + [f"(unit_id, lender_id, bucket, {key})" for key in dimensions.values()]
    )
    cases = [(f"grouping({key}) = 0", name, key) for name, key in dimensions.items()]
    return f"""
        SELECT unit_id, lender_id, bucket,
            CASE {" ".join(f"WHEN {here} THEN '{name}'" for here, name, _ in cases)} ELSE 'total' END
                AS dimension,
            CASE {" ".join(f"WHEN {here} THEN ({key})::text" for here, _, key in cases)} ELSE '' END
                AS value,
            sum(n)::bigint AS n, sum(fen)::bigint AS fen, sum(differs)::bigint AS differs,
            sum(fen * retained_share) FILTER (WHERE bucket BETWEEN 0 AND 4) AS retained
        FROM coarse WHERE {rows} GROUP BY GROUPING SETS ({sets})"""


def _pivoted() -> str:
    """Buckets as columns, each a whole number of loans or fen."""
    places = {"0": "m0", "1": "m1", "2": "m2", "3": "m3", "4": "tail", "7": "lost_fen"}
    counts = {"0": "n0", "1": "n1", "2": "n2", "3": "n3", "4": "n4", "7": "lost_n"}
    columns = [("fen", bucket, name) for bucket, name in (places | {"-1": "disbursed"}).items()]
    columns += [("n", bucket, name) for bucket, name in counts.items()]
    sums = [
        f"coalesce(sum({what}) FILTER (WHERE bucket = {bucket}), 0) AS {name}"
        for what, bucket, name in columns
    ]
    return ", ".join([*sums, "sum(differs) AS differs", "coalesce(sum(retained), 0) AS retained"])


def _denominators(before: str) -> str:
    """M0 of every slice of a month-end before; the offset lets it be hashed, not looked up."""
    return f"""SELECT unit_id, coalesce(lender_id, 0) AS lender, dimension, value, m0
        FROM postloss_figure WHERE month_end_id = %({before})s OFFSET 0"""


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
