"""When identities and lender files have ended, out of the history of the loans.

A loan has ended when its lender reported it settled, or when it matured with nothing left to pay,
on the earlier of the two days. Overdue, written off (recovery runs), not reported, or never
reported is open; so is everything of a person with an open loan, or with a policy in force or
ended by a claim (recovery runs). Source: HQ-23, PRE-10a.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator

from django.db import connection

from postloss.enums import Bucket
from postloss.selectors.month_ends import latest_month_end, latest_versions
from underwriting.enums import PolicyState

_LOANS = f"""
settled AS (
    SELECT loan_id, max(as_of) AS on_day FROM postloss_snapshot
    WHERE month_end_id IN %(ends)s AND bucket = {Bucket.SETTLED.value} GROUP BY loan_id
), written_off AS (
    SELECT DISTINCT loan_id FROM postloss_snapshot
    WHERE month_end_id IN %(ends)s AND bucket = {Bucket.WRITTEN_OFF.value}
), newest AS (
    SELECT loan_id, bucket, balance_fen, as_of FROM postloss_snapshot
    WHERE month_end_id = %(newest)s
), ended AS (
    SELECT l.id, l.obligor_id, l.lender_id, l.term, CASE
        WHEN w.loan_id IS NOT NULL THEN NULL
        WHEN n.bucket = {Bucket.M0.value} AND n.balance_fen = 0 AND l.maturity_on <= n.as_of
            THEN l.maturity_on
        WHEN s.loan_id IS NOT NULL AND (n.loan_id IS NULL OR n.bucket = {Bucket.SETTLED.value})
            THEN LEAST(s.on_day, l.maturity_on)
        END AS on_day
    FROM underwriting_loan l
    LEFT JOIN settled s ON s.loan_id = l.id
    LEFT JOIN written_off w ON w.loan_id = l.id
    LEFT JOIN newest n ON n.loan_id = l.id
)
"""
_PARTIES = f"""
WITH {_LOANS}, contracts AS (
    SELECT obligor_id AS party_id, on_day, term FROM ended
    UNION ALL
    SELECT person.party_id,
        CASE WHEN p.status NOT IN ('{PolicyState.IN_FORCE.value}', '{PolicyState.CLAIMED.value}')
            THEN p.ended_on END,
        (date_part('year', p.cover_to) - date_part('year', p.cover_from))::int * 12
            + (date_part('month', p.cover_to) - date_part('month', p.cover_from))::int
            + (date_part('day', p.cover_to) > date_part('day', p.cover_from))::int
    FROM underwriting_policy p CROSS JOIN LATERAL
        (VALUES (p.obligor_id), (p.underlying_obligor_id), (p.policyholder_id)) AS person (party_id)
    WHERE person.party_id IS NOT NULL
)
SELECT party_id, max(on_day), max(term) FROM contracts GROUP BY party_id
HAVING bool_and(on_day IS NOT NULL) AND max(on_day) <= %(day)s ORDER BY party_id
"""
_FILES = f"""
WITH {_LOANS}, lenders AS (
    SELECT e.lender_id, max(on_day) AS on_day, max(term) AS term FROM ended e GROUP BY e.lender_id
    HAVING bool_and(on_day IS NOT NULL) AND max(on_day) <= %(day)s
        AND NOT bool_or(EXISTS (SELECT 1 FROM parties_legalhold h
                                WHERE h.party_id = e.obligor_id AND h.lifted_at IS NULL))
)
SELECT f.stored_id, t.on_day, t.term
FROM partners_lenderfile f JOIN lenders t ON t.lender_id = f.lender_id ORDER BY f.stored_id
"""


def identities_ended(*, day: dt.date) -> Iterator[tuple[int, dt.date, int]]:
    """Yield (party, day of the last end, longest term in months) of persons whose every loan
    and policy ended.
    """
    yield from _rows(_PARTIES, day)


def lender_files_ended(*, day: dt.date) -> Iterator[tuple[int, dt.date, int]]:
    """Yield (stored file, day of the last end, longest term) of lenders without open loans.

    A file holds many persons: it stays as long as the last loan of its lender, and as long as one
    of the lender's persons is held.
    """
    yield from _rows(_FILES, day)


def _rows(query: str, day: dt.date) -> Iterator[tuple[int, dt.date, int]]:
    newest = latest_month_end()
    if newest is None:
        return
    ends = tuple(latest_versions().values_list("pk", flat=True))
    with connection.cursor() as cursor:
        cursor.execute(query, {"ends": ends, "newest": newest.pk, "day": day})
        while rows := cursor.fetchmany(2000):
            yield from rows
