"""The sub-ledger of premium receivables, for the closing of the books. Source: I8."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from decimal import Decimal

from ledger.selectors import balance_by_policy
from underwriting.selectors.policies import open_by_stage

LAST_MONTH = dt.date(9999, 12, 1)


def premium_subledger(*, stage: str, account: str) -> Callable[[dt.date], dict[str, Decimal]]:
    """Return what tells the open premium of a stage by policy at a month's end, in yuan.

    Instalments stand as they are now, so what the book moved since is taken back: where the two
    agree now, they agree at the month's end.
    """

    def figures(day: dt.date) -> dict[str, Decimal]:
        found = dict(open_by_stage(stage=stage))
        month = day.replace(day=1)
        now = balance_by_policy(account=account, through=LAST_MONTH)
        then = balance_by_policy(account=account, through=month)
        for policy in now.keys() | then.keys():
            since = now.get(policy, Decimal(0)) - then.get(policy, Decimal(0))
            found[policy] = found.get(policy, Decimal(0)) - since
        return {policy: amount for policy, amount in found.items() if amount}

    return figures
