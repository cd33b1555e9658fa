"""What the book says was ceded of policies: to whom how much, and when last. Yuan."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Mapping, Sequence
from decimal import Decimal

from django.db import connection
from django.db.models import Sum

from core.money import round_fen
from ledger.enums import LedgerEvent
from ledger.models import EntryLine
from underwriting.models import Policy
from underwriting.rules.cessions import CededPolicy
from underwriting.selectors.cessions import Coinsurance

NOUGHT = Decimal(0)
PREMIUM_CEDED = "6541"
_TO_CEDE = """
WITH later AS (
    SELECT policy_id, n, bool_or(move = 'written') AS is_new,
        sum(amount) FILTER (WHERE move IN ('cancelled', 'refunded')) AS back
    FROM underwriting_premiummovement WHERE "on" > %(last)s GROUP BY 1, 2
), fell_due AS (
    SELECT i.policy_id, sum(round((i.amount - i.vat)
        * (i.amount - i.cancelled - i.refunded + coalesce(since.back, 0)) / i.amount, 2)) AS net
    FROM underwriting_premiuminstalment i
    LEFT JOIN later since ON since.policy_id = i.policy_id AND since.n = i.n
    WHERE i.due_on <= %(last)s AND NOT coalesce(since.is_new, false) GROUP BY 1
), ceded AS (
    SELECT policy_no, sum(premium) AS net FROM underwriting_bordereaupremium GROUP BY 1
)
SELECT p.id, f.net - coalesce(c.net, 0)
FROM fell_due f JOIN underwriting_policy p ON p.id = f.policy_id
LEFT JOIN ceded c ON c.policy_no = p.policy_no
WHERE f.net <> coalesce(c.net, 0)
"""


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


def ceded_policies_of(
    *, policies: Sequence[Policy], premiums: Mapping[int, Decimal]
) -> list[CededPolicy]:
    """Return policies as cessions need them, with our own premium in yuan by policy id.

    The sum insured of a policy is our part; the whole is that divided by our share at the cover's
    start, HALF_UP to the fen.
    """
    coinsurance = Coinsurance()
    found = []
    for policy in policies:
        words = policy.dimensions
        own = coinsurance.own_share_on(
            policy.policy_no, words["lender_code"], words["product_code"], policy.cover_from
        )
        found.append(
            CededPolicy(
                **words,
                sum_insured=round_fen(policy.sum_insured / own),
                premium=premiums.get(policy.pk, NOUGHT),
                cover_from=policy.cover_from,
                cover_to=policy.cover_to,
            )
        )
    return found


def ceded_policy_of(*, policy: Policy, premium: Decimal = NOUGHT) -> CededPolicy:
    """Return one policy as cessions need it, with our own premium in yuan."""
    (found,) = ceded_policies_of(policies=[policy], premiums={policy.pk: premium})
    return found


def premiums_to_cede(*, through: dt.date) -> dict[int, Decimal]:
    """Return by policy id what fell due by a day and is not ceded yet, yuan without tax.

    Below zero: cancelled or given back since it was ceded. What is dated after the day does not
    count. Source: PRE-02b.
    """
    with connection.cursor() as cursor:
        cursor.execute(_TO_CEDE, {"last": through})
        return dict(cursor.fetchall())
