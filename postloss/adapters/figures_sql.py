"""The figures of a month as SQL: one scan of the snapshot, every dimension by GROUPING SETS.

Source: POST-35d-m, POST-07c, F4-F10c, F13; HQ-04 (cohort migration beside the ratios).
"""

from __future__ import annotations

import datetime as dt

from django.db import connection

from core.months import month_index
from postloss.adapters.snapshot_sql import cells_of
from postloss.models import MonthEnd

_BY_KIND = {name: name for name in ("branch", "channel", "product", "grade", "obligor_type")}
_BY_TIME = {"vintage": "disbursed_month / 3", "mob": "%(month)s - disbursed_month"}
DIMENSIONS = (*_BY_KIND, *_BY_TIME)
_FEN = {0: "m0", 1: "m1", 2: "m2", 3: "m3", 4: "tail", 7: "lost_fen"}
_COUNTS = {0: "n0", 1: "n1", 2: "n2", 3: "n3", 4: "n4", 7: "lost_n"}
_SUMS = (*_FEN.values(), *_COUNTS.values(), "differs")


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
WITH mapped AS (
    SELECT DISTINCT ON (lender_id, book_name_id) * FROM underwriting_namemapping
    WHERE confirmed_at IS NOT NULL AND valid_from <= %(day)s
      AND (valid_to IS NULL OR valid_to > %(day)s)
    ORDER BY lender_id, book_name_id, valid_from DESC
)
SELECT s.id AS segment_id, s.lender_id, s.branch_id AS branch, s.channel_id AS channel,
    s.product_id AS product, s.grade, s.obligor_type, s.disbursed_month, s.disbursed_fen,
    coalesce(branch.unit_id, (SELECT id FROM organization_unit WHERE kind = 'head_office'))
        AS unit_id,
    coalesce(version.bucket_basis = 'instalments', false) AS by_instalments,
    coalesce(share.own_share, 1) * (1 - coalesce(share.ceded_share, 0)) AS retained_share
FROM underwriting_segment s
LEFT JOIN mapped branch ON branch.lender_id = s.lender_id AND branch.book_name_id = s.branch_id
LEFT JOIN mapped product ON product.lender_id = s.lender_id AND product.book_name_id = s.product_id
LEFT JOIN products_productversion version ON version.id = product.product_version_id
LEFT JOIN (
    SELECT DISTINCT ON (lender_id, product_id) * FROM underwriting_shareline
    WHERE valid_from <= %(day)s AND (valid_to IS NULL OR valid_to > %(day)s)
    ORDER BY lender_id, product_id, valid_from DESC
) share ON share.lender_id = s.lender_id AND share.product_id = s.product_id
"""


def write_figures(row: MonthEnd) -> None:
    """Compute and write the figures of every slice of a month-end, in the caller's transaction."""
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL work_mem = '256MB'")
        cursor.execute(
            "SET LOCAL enable_sort = off"
        )  # it thinks of few rows; hashing is twice as fast
        cursor.execute(
            figures_statement(cells_of(row.pk)),
            {
                "id": row.pk,
                "month": month_index(row.month),
                "one_before": row.one_before_id,
                "two_before": row.two_before_id,
            },
        )


def figures_statement(cells: str) -> str:
    """Return the statement that writes all figures of a month-end from its cells.

    From cells to segments; from these to two coarse sets, by what is sold and by when it was
    disbursed; from these few rows every dimension. All sums are of bigint fen and counts.
    """
    sums = ", ".join(f"sum_whole({name}) AS {name}" for name in _SUMS)
    slice_sums = ", ".join(f"r.{name}" for name in (*_SUMS, "disbursed", "retained"))
    return f"""
    WITH cell AS (
        SELECT segment_id, {_pivoted()} FROM {cells} GROUP BY segment_id
    ), coarse AS MATERIALIZED (
        SELECT unit_id, lender_id, branch, channel, product, grade, obligor_type, disbursed_month,
            retained_share, grouping(disbursed_month) = 0 AS by_time, {sums},
            sum_whole(disbursed_fen) FILTER (WHERE disbursed_month <= %(month)s) AS disbursed
        FROM segment_place LEFT JOIN cell USING (segment_id)
        GROUP BY GROUPING SETS (
            (unit_id, lender_id, retained_share, branch, channel, product, grade, obligor_type),
            (unit_id, lender_id, retained_share, disbursed_month))
    ), own AS (
        {_own(_BY_KIND, "NOT by_time", total="(unit_id, lender_id), ")}
        UNION ALL
        {_own(_BY_TIME, "by_time")}
    ), rolled AS (
        SELECT above.id AS unit_id, own.lender_id, own.dimension, own.value, {sums},
            sum_whole(disbursed) AS disbursed, sum(retained) AS retained
        FROM own JOIN organization_unit below ON below.id = own.unit_id
        JOIN organization_unit above ON starts_with(below.path, above.path)
        GROUP BY GROUPING SETS ((above.id, own.dimension, own.value),
                                (above.id, own.dimension, own.value, own.lender_id))
    ), named AS (
        SELECT r.unit_id, r.lender_id, r.dimension, CASE r.dimension
                WHEN 'vintage' THEN (r.value::int / 4) || 'Q' || (r.value::int %% 4 + 1)
                WHEN 'branch' THEN name.name WHEN 'channel' THEN name.name
                WHEN 'product' THEN name.name ELSE r.value END AS value,
            {slice_sums}
        FROM rolled r LEFT JOIN underwriting_bookname name
            ON r.dimension IN ('branch', 'channel', 'product') AND name.id::text = r.value
        UNION ALL
        SELECT r.unit_id, NULL, 'lender', lender.code, {slice_sums}
        FROM rolled r JOIN partners_lender lender ON lender.id = r.lender_id
        WHERE r.dimension = 'total'
    )
    INSERT INTO postloss_figure (month_end_id, unit_id, lender_id, dimension, value, m0, m1, m2,
        m3, tail_over_180, outstanding, n_m0, n_m1, n_m2, n_m3, n_tail, roll_m0_1, roll_m0_2,
        overdue_rate, disbursed_amount, retained_exposure, n_not_reported, not_reported_balance,
        n_basis_differs)
    SELECT %(id)s, f.unit_id, f.lender_id, f.dimension, f.value, f.m0 * 0.01, f.m1 * 0.01,
        f.m2 * 0.01, f.m3 * 0.01, f.tail * 0.01, (f.m0 + f.m1 + f.m2 + f.m3) * 0.01,
        f.n0, f.n1, f.n2, f.n3, f.n4,
        (f.m1 * 0.01)::numeric(40, 20) / nullif(one.m0, 0),
        (f.m2 * 0.01)::numeric(40, 20) / nullif(two.m0, 0),
        (f.m1 + f.m2 + f.m3)::numeric(40, 20) / nullif(f.m0 + f.m1 + f.m2 + f.m3, 0),
        f.disbursed * 0.01, f.retained * 0.01, f.lost_n, f.lost_fen * 0.01, f.differs
    FROM named f
    LEFT JOIN ({_denominators("one_before")}) one ON one.unit_id = f.unit_id
        AND one.lender = coalesce(f.lender_id, 0) AND one.dimension = f.dimension
        AND one.value = f.value
    LEFT JOIN ({_denominators("two_before")}) two ON two.unit_id = f.unit_id
        AND two.lender = coalesce(f.lender_id, 0) AND two.dimension = f.dimension
        AND two.value = f.value
    WHERE f.n0 + f.n1 + f.n2 + f.n3 + f.n4 + f.lost_n > 0
    """


def _pivoted() -> str:
    """Counts and fen of a segment's loans, bucket by bucket."""
    sums = [f"sum_whole(balance_fen) FILTER (WHERE bucket = {b}) AS {m}" for b, m in _FEN.items()]
    counts = [f"sum_whole(loans) FILTER (WHERE bucket = {b}) AS {n}" for b, n in _COUNTS.items()]
    return ", ".join([*sums, *counts, "sum_whole(differs) AS differs"])


def _own(dimensions: dict[str, str], rows: str, total: str = "") -> str:
    """The coarse rows of each unit and lender by each of these dimensions."""
    sets = ", ".join(f"(unit_id, lender_id, {key})" for key in dimensions.values())
    names = " ".join(f"WHEN grouping({key}) = 0 THEN '{name}'" for name, key in dimensions.items())
    values = " ".join(f"WHEN grouping({k}) = 0 THEN ({k})::text" for k in dimensions.values())
    sums = ", ".join(f"coalesce(sum_whole({name}), 0) AS {name}" for name in (*_SUMS, "disbursed"))
    live = " + ".join(f"coalesce({name}, 0)" for name in ("m0", "m1", "m2", "m3", "tail"))
    return f"""
        SELECT unit_id, lender_id, CASE {names} ELSE 'total' END AS dimension,
            CASE {values} ELSE '' END AS value, {sums}, sum(({live}) * retained_share) AS retained
        FROM coarse WHERE {rows} GROUP BY GROUPING SETS ({total}{sets})"""


def _denominators(before: str) -> str:
    """M0 of every slice of a month-end before; the offset lets it be hashed, not looked up."""
    return f"""SELECT unit_id, coalesce(lender_id, 0) AS lender, dimension, value, m0
        FROM postloss_figure WHERE month_end_id = %({before})s OFFSET 0"""


def write_migrations(row: MonthEnd) -> None:
    """Write the cohort matrix: from last month's bucket to this month's, by unit."""
    with connection.cursor() as cursor:
        cursor.execute(
            f"""
            INSERT INTO postloss_migration (month_end_id, unit_id, before_bucket, bucket, loans,
                before_balance, balance)
            SELECT %s, above.id, c.before_bucket, c.bucket, sum(c.loans),
                sum(c.before_fen) / 100.0, sum(c.balance_fen) / 100.0
            FROM {cells_of(row.pk)} c JOIN segment_place p ON p.segment_id = c.segment_id
            JOIN organization_unit below ON below.id = p.unit_id
            JOIN organization_unit above ON starts_with(below.path, above.path)
            WHERE c.before_bucket IS NOT NULL
            GROUP BY above.id, c.before_bucket, c.bucket
            """,
            [row.pk],
        )
