"""What the calendar brings to policies: each day, and before the books of a month are closed."""

from __future__ import annotations

import datetime as dt
import uuid
from decimal import Decimal

from django.db import transaction
from django.utils import timezone

from core.months import month_end
from core.row_security import past_the_wall
from ledger.selectors import balance_by_policy
from organization.models import Staff
from underwriting.services.ceded_money import set_ri_unearned
from underwriting.services.cessions import cede_premiums
from underwriting.services.endings import expire_policies
from underwriting.services.premiums import move_premiums, set_unearned_premiums, unearned_of_due

RI_UNEARNED = "121201"


@transaction.atomic
def run_day(*, today: dt.date, at: dt.datetime) -> None:
    """Let premiums fall due or become overdue, and end the policies whose cover ran out.

    Days on which nothing ran are made up for; run again, nothing moves. Source: PRE-41c.
    """
    move_premiums(through=today, by=None, at=at)
    expire_policies(through=today, by=None, at=at)


@transaction.atomic
def prepare_month(*, month: dt.date, by: Staff | None, at: dt.datetime) -> None:
    """Bring the premiums of a month to the book before it is closed; run again, the rest.

    What fell due by its last day (in a month that still runs, by today), what of it is ceded, what
    is unearned, and the reinsurers' part of that. Source: F1a, PRE-02b, PRE-41b.
    """
    last = month_end(month)
    today = min(last, timezone.localdate(at))
    move_premiums(through=today, by=by, at=at)
    cede_premiums(through=today, by=by, at=at)
    set_unearned_premiums(month=month, by=by, at=at)
    set_ri_unearned(
        unearned=_ceded_unearned(month),
        on=last,
        key=f"ri_unearned:{last}:{uuid.uuid4().hex}",
        by=by,
        at=at,
    )


def _ceded_unearned(month: dt.date) -> dict[str, Decimal]:
    """Return by policy what is unearned of what was ceded, where it is or still stands as such."""
    with past_the_wall():
        standing = balance_by_policy(account=RI_UNEARNED, through=month)
    unearned = dict.fromkeys(standing, Decimal(0)) | unearned_of_due(month=month)
    return {policy: amount for policy, amount in unearned.items() if amount or policy in standing}
