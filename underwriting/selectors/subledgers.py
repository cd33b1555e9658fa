"""The sub-ledger of premium receivables, for the closing of the books. Source: I8, PRE-41b."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from decimal import Decimal

from django.db import connection

from underwriting.enums import PremiumStage
from underwriting.selectors.policies import open_by_stage

FOLLOWS = {PremiumStage.NOT_DUE: "due", PremiumStage.DUE: "overdue", PremiumStage.OVERDUE: ""}
_LATER = """
SELECT p.policy_no, sum(CASE
    WHEN m.stage = %(stage)s THEN
        CASE WHEN m.move IN ('written', 'due', 'overdue', 'returned') THEN m.amount
        WHEN m.move IN ('paid', 'cancelled', 'written_off') THEN -m.amount ELSE 0 END
    WHEN m.move = %(follows)s THEN -m.amount ELSE 0 END)
FROM underwriting_premiummovement m JOIN underwriting_policy p ON p.id = m.policy_id
WHERE m."on" > %(day)s GROUP BY 1
"""


def premium_subledger(*, stage: PremiumStage) -> Callable[[dt.date], dict[str, Decimal]]:
    """Return what tells the open premium of a stage by policy at the end of a day, in yuan.

    It is what is open now less what moved since, by the journal of the sub-ledger.
    """

    def figures(day: dt.date) -> dict[str, Decimal]:
        found = dict(open_by_stage(stage=stage))
        with connection.cursor() as cursor:
            cursor.execute(_LATER, {"stage": stage, "follows": FOLLOWS[stage], "day": day})
            for policy_no, moved in cursor.fetchall():
                found[policy_no] = found.get(policy_no, Decimal(0)) - moved
        return {policy_no: amount for policy_no, amount in found.items() if amount}

    return figures
