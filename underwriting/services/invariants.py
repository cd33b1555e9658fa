"""I8 of the safety rules for the journal of the premium sub-ledger."""

import datetime as dt

from django.db import connection

from core.invariants import Finding
from underwriting.models import PremiumMovement

_BROKEN = """
SELECT p.policy_no, i.n FROM underwriting_premiuminstalment i
JOIN underwriting_policy p ON p.id = i.policy_id
LEFT JOIN (
    SELECT policy_id, n,
        coalesce(sum(amount) FILTER (WHERE move = 'written'), 0) AS written,
        coalesce(sum(amount) FILTER (WHERE move = 'paid'), 0)
            - coalesce(sum(amount) FILTER (WHERE move = 'returned'), 0) AS paid,
        coalesce(sum(amount) FILTER (WHERE move = 'cancelled'), 0) AS cancelled,
        coalesce(sum(amount) FILTER (WHERE move = 'refunded'), 0) AS refunded,
        coalesce(sum(amount) FILTER (WHERE move = 'written_off'), 0) AS written_off
    FROM underwriting_premiummovement GROUP BY 1, 2
) m ON m.policy_id = i.policy_id AND m.n = i.n
WHERE (i.amount, i.paid, i.cancelled, i.refunded, i.written_off)
    IS DISTINCT FROM (m.written, m.paid, m.cancelled, m.refunded, m.written_off)
ORDER BY 1, 2
"""


def journal_ties(_at: dt.datetime) -> Finding:
    """Find instalments whose totals are not those of their movements. Source: I8."""
    with connection.cursor() as cursor:
        cursor.execute(_BROKEN)
        broken = cursor.fetchall()
    found = Finding(PremiumMovement.objects.count())
    for policy_no, n in broken:
        found.note(f"{policy_no} #{n}")
    return found
