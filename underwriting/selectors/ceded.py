"""What the book says was ceded of policies: to whom how much, and when last. Yuan."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection
from decimal import Decimal

from django.db.models import Sum

from ledger.enums import LedgerEvent
from ledger.models import EntryLine

PREMIUM_CEDED = "6541"


def premium_ceded(*, policies: Collection[str]) -> dict[tuple[str, str], Decimal]:
    """Return the premium ceded of policies net of what was given back, by policy and treaty."""
    lines = EntryLine.objects.filter(
        account=PREMIUM_CEDED,
        policy_no__in=policies,
        entry__event=LedgerEvent.CEDED_PREMIUM,
    )
    rows = lines.values_list("policy_no", "treaty_code").annotate(net=Sum("debit") - Sum("credit"))
    return {(policy_no, treaty): net for policy_no, treaty, net in rows}


def last_ceded(*, policies: Collection[str]) -> dict[str, tuple[dt.date, dt.datetime]]:
    """Return the business date and the instant at which premium of each policy was last ceded."""
    lines = EntryLine.objects.filter(
        account=PREMIUM_CEDED,
        policy_no__in=policies,
        debit__gt=0,
        entry__event=LedgerEvent.CEDED_PREMIUM,
        entry__reverses__isnull=True,
    )
    rows = lines.order_by("policy_no", "-entry__business_on", "-entry_id").distinct("policy_no")
    found = rows.values_list("policy_no", "entry__business_on", "entry__posted_at")
    return {policy_no: (day, at) for policy_no, day, at in found}
