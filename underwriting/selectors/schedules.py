"""The loan's repayment under a policy: as issued, and after its endorsements."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from products.selectors import (
    Effect,
    PremiumPart,
    PricingTerms,
    Schedule,
    change_rate,
    extend,
    premium_on_schedule,
    prepay,
    price,
)
from underwriting.enums import EndorsementKind, EndorsementStatus
from underwriting.models import Policy
from underwriting.selectors.quotes import pricing_terms


def schedule_of(*, policy: Policy) -> Schedule:
    """Return the schedule in force: that of the issue, changed by each endorsement in turn."""
    schedule = price(version=policy.product_version, terms=terms_of(policy=policy)).schedule
    changes = policy.endorsements.filter(status=EndorsementStatus.IN_FORCE).order_by("number")
    for each in changes.exclude(kind=EndorsementKind.CHANGE_OF_INSURED):
        schedule = changed_schedule(schedule, each.kind, each.effective_on, each.changes)
    return schedule


def terms_of(*, policy: Policy) -> PricingTerms:
    """Return the terms that a policy was priced by at its issue."""
    return pricing_terms(policy.terms.get(number=0).worksheet["terms"])


def changed_schedule(
    schedule: Schedule, kind: str, on: dt.date, changes: Mapping[str, Any]
) -> Schedule:
    """Return a schedule after one change of a policy.

    Raises:
        RuleBroken: the change can not be.
    """
    if kind == EndorsementKind.PREPAYMENT:
        amount, effect = Decimal(changes["amount"]), Effect(changes["effect"])
        return prepay(schedule, on=on, amount=amount, effect=effect)
    if kind == EndorsementKind.EXTENSION:
        return extend(schedule, on=on, periods=int(changes["periods"]))
    return change_rate(schedule, on=on, annual_rate=Decimal(changes["annual_rate"]))


def parts_of(*, policy: Policy, schedule: Schedule) -> tuple[PremiumPart, ...]:
    """Return the premium parts that the filed terms make of a schedule."""
    worksheet = policy.terms.get(number=0).worksheet
    return premium_on_schedule(
        version=policy.product_version,
        terms=pricing_terms(worksheet["terms"]),
        schedule=schedule,
        rate=Decimal(worksheet["rate"]),
    )
