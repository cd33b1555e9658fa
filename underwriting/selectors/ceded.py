"""What the book says was ceded of policies: to whom how much, and when last. Yuan."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection
from decimal import Decimal

from django.db.models import Sum

from core.money import round_fen
from ledger.enums import LedgerEvent
from ledger.models import EntryLine
from underwriting.models import Policy
from underwriting.rules.cessions import CededPolicy
from underwriting.selectors.cessions import Coinsurance

NOUGHT = Decimal(0)
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


def ceded_policy_of(*, policy: Policy, premium: Decimal = NOUGHT) -> CededPolicy:
    """Return a policy as cessions need it, with our own premium in yuan.

    Its sum insured is our part; the whole is that divided by our share at the cover's start,
    HALF_UP to the fen.
    """
    code = policy.product_version.product.code
    own = Coinsurance().own_share_on(policy.policy_no, policy.lender.code, code, policy.cover_from)
    return CededPolicy(
        policy_no=policy.policy_no,
        product_code=code,
        lender_code=policy.lender.code,
        unit_path=policy.unit.path,
        sum_insured=round_fen(policy.sum_insured / own),
        premium=premium,
        cover_from=policy.cover_from,
        cover_to=policy.cover_to,
    )
