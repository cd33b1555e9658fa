"""Reads of policies: the list, one with all that belongs to it, what the book says of it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.db.models import F, Q, QuerySet, Sum
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from core.errors import Missing
from organization.enums import Permission
from organization.models import Staff
from organization.permissions import check
from organization.selectors import units_in_scope
from organization.selectors.work import seen_through_work
from parties.selectors import masked_identity
from underwriting.enums import PremiumStage
from underwriting.models import Endorsement, ObligorNotice, Policy, PremiumInstalment


def policies_in_scope(*, staff: Staff) -> QuerySet[Policy]:
    """Return the policies of the person's units, newest first, with what a list shows.

    Raises:
        NotPermitted: the person does not see the portfolio.
    """
    check(staff, Permission.VIEW_PORTFOLIO)
    return (
        Policy.objects.filter(unit__in=units_in_scope(staff=staff))
        .select_related("unit", "insured", "lender", "product_version__product", "obligor")
        .order_by("-issued_at", "-pk")
    )


def found_policies(*, staff: Staff, words: str = "", status: str = "") -> QuerySet[Policy]:
    """Return the policies of the scope by number or contract, and by status."""
    found = policies_in_scope(staff=staff)
    if words:
        found = found.filter(Q(policy_no__istartswith=words) | Q(contract_no__iexact=words))
    return found.filter(status=status) if status else found


def policy_of(*, staff: Staff, pk: int) -> Policy:
    """Return one policy of the scope, or one on whose endorsement the person holds open work.

    Raises:
        Missing: it does not exist or is not the person's to see.
    """
    sight = Q(endorsements__in=Endorsement.objects.filter(_sight(staff)))
    policy = (
        Policy.objects.filter(Q(unit__in=units_in_scope(staff=staff)) | sight)
        .select_related(
            "unit",
            "insured",
            "lender",
            "channel",
            "product_version__product",
            "obligor",
            "underlying_obligor",
            "policyholder",
            "quote",
            "loan",
            "issued_by",
        )
        .filter(pk=pk)
        .distinct()
        .first()
    )
    if policy is None:
        raise Missing("policy_missing", _("There is no such insurance policy."))
    return policy


def _sight(staff: Staff) -> Q:
    return seen_through_work(staff=staff, model=Endorsement)


def endorsement_of(*, staff: Staff, policy: Policy, number: int) -> Endorsement:
    """Return one endorsement of a policy that the person sees.

    Raises:
        Missing: there is none.
    """
    found = policy.endorsements.filter(number=number).first()
    if found is None:
        raise Missing("endorsement_missing", _("There is no such endorsement."))
    found.policy = policy
    return found


def notice_of(*, policy: Policy, number: int) -> ObligorNotice:
    """Return one notice to the obligor of a policy that the person sees.

    Raises:
        Missing: none was asked for.
    """
    found = policy.obligor_notices.select_related("insured", "proof").filter(number=number).first()
    if found is None:
        raise Missing("notice_missing", _("There is no such notice."))
    found.policy = policy
    return found


@dataclass(frozen=True, kw_only=True)
class PremiumSum:
    """A policy's premium in yuan, tax included: what became of it."""

    amount: Decimal
    paid: Decimal
    due: Decimal
    overdue: Decimal
    not_due: Decimal
    cancelled: Decimal
    refunded: Decimal
    written_off: Decimal

    @property
    def open(self) -> Decimal:
        """Return what is still to be paid, in yuan."""
        return self.not_due + self.due + self.overdue


def premium_sum(instalments: Sequence[PremiumInstalment]) -> PremiumSum:
    """Add up the instalments of a policy."""

    def open_at(stage: str) -> Decimal:
        return sum(
            (
                each.amount - each.paid - each.cancelled - each.written_off
                for each in instalments
                if each.stage == stage
            ),
            Decimal(0),
        )

    def total(name: str) -> Decimal:
        return sum((getattr(each, name) for each in instalments), Decimal(0))

    return PremiumSum(
        amount=total("amount"),
        paid=total("paid"),
        due=open_at(PremiumStage.DUE),
        overdue=open_at(PremiumStage.OVERDUE),
        not_due=open_at(PremiumStage.NOT_DUE),
        cancelled=total("cancelled"),
        refunded=total("refunded"),
        written_off=total("written_off"),
    )


def parties_of_policy(*, policy: Policy) -> list[tuple[str, str, str, int]]:
    """Return (part, masked name, masked document, id) of each person of a policy. PRE-02a."""
    rows = [
        (pgettext("insurance", "Policyholder"), policy.policyholder),
        (_("Obligor"), policy.obligor),
        (_("Underlying obligor"), policy.underlying_obligor),
    ]
    return [(part, *masked_identity(party), party.pk) for part, party in rows if party]


def open_by_stage(*, stage: str) -> dict[str, Decimal]:
    """Return what is open on instalments of a stage by policy number: the sub-ledger, in yuan."""
    rows = (
        PremiumInstalment.objects.filter(stage=stage)
        .values("policy__policy_no")
        .annotate(open=Sum(F("amount") - F("paid") - F("cancelled") - F("written_off")))
        .filter(open__gt=0)
    )
    return {row["policy__policy_no"]: row["open"] for row in rows}


def policy_figures(*, policies: QuerySet[Policy]) -> dict[str, Any]:
    """Return count, sum insured and premium (yuan) of what a list shows."""
    return policies.order_by().aggregate(sum_insured=Sum("sum_insured"), premium=Sum("premium"))


def cover_days_left(*, policy: Policy, as_of: dt.date) -> int:
    """Return the days of cover from a day on; none once it ended."""
    return max(0, ((policy.ended_on or policy.cover_to) - max(policy.cover_from, as_of)).days)
