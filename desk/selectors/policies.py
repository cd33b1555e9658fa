"""A policy from all sides: parties, money, loan, papers, what happened. Source: PRE-41, PRE-24."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from core.audit_words import action_word
from core.models import AuditRecord
from ledger.models import EntryLine
from organization.enums import Permission
from organization.models import Staff
from organization.permissions import may
from underwriting.enums import DocumentKind, EndorsementStatus, PolicyState
from underwriting.models import Endorsement, ObligorNotice, Policy
from underwriting.selectors.corrections import corrections_of, may_decide, receipts_of
from underwriting.selectors.policies import (
    PremiumSum,
    cover_days_left,
    parties_of_policy,
    premium_sum,
)
from underwriting.services.endings import refund_owed

MOST_ENTRIES = 40


@dataclass(frozen=True, kw_only=True)
class Moment:
    """Something that happened to a policy."""

    at: dt.datetime
    words: str
    by: str


def policy_story(*, policy: Policy, staff: Staff, as_of: dt.date) -> dict[str, Any]:
    """Return everything that the page of a policy shows to this person."""
    instalments = list(policy.instalments.order_by("n"))
    endorsements = list(
        policy.endorsements.select_related(
            "new_insured", "agreement", "requested_by", "decided_by"
        ).order_by("-number")
    )
    corrections = corrections_of(policy=policy)
    premium = premium_sum(instalments)
    notices = list(policy.obligor_notices.select_related("insured", "proof").order_by("number"))
    may_see_books = may(staff, Permission.VIEW_BOOKS)
    return {
        "policy": policy,
        "premium": premium,
        "days_left": cover_days_left(policy=policy, as_of=as_of),
        "parties": parties_of_policy(policy=policy),
        "instalments": instalments,
        "rows": policy.terms.order_by("-number").first().schedule,
        "entries": _entries(policy),
        "entry_urls": may_see_books,
        "endorsements": [(each, _steps(each, policy, staff)) for each in endorsements],
        "papers": _papers(policy, endorsements, notices, staff),
        "notices": _notices(policy, notices, staff, as_of),
        "deliveries": _deliveries(policy, staff),
        "timeline": _timeline(policy, endorsements, notices),
        "actions": _actions(policy, staff, premium),
        "receipts": receipts_of(policy=policy, corrections=corrections, staff=staff),
        "corrections": [(each, may_decide(correction=each, staff=staff)) for each in corrections],
        "loan_url": reverse("postloss:loan", args=[policy.loan_id]) if policy.loan_id else "",
    }


def _entries(policy: Policy) -> list[EntryLine]:
    return list(
        EntryLine.objects.filter(policy_no=policy.policy_no)
        .select_related("entry", "account")
        .order_by("-entry__business_on", "-entry_id", "no")[:MOST_ENTRIES]
    )


def _steps(endorsement: Endorsement, policy: Policy, staff: Staff) -> list[tuple[str, str]]:
    address = [policy.pk, endorsement.number]
    is_waiting = endorsement.status == EndorsementStatus.REQUESTED
    if (
        is_waiting
        and endorsement.requested_by_id != staff.pk
        and may(staff, Permission.ISSUE_POLICIES, unit=policy.unit)
    ):
        return [
            (
                reverse("underwriting:endorsement_decision", args=address),
                _("Decide on the endorsement"),
            )
        ]
    if endorsement.status == EndorsementStatus.UNCONFIRMED and may(
        staff, Permission.QUOTE_POLICIES, unit=policy.unit
    ):
        return [
            (
                reverse("underwriting:endorsement_confirmation", args=address),
                _("Confirm assignment and account"),
            )
        ]
    return []


def _papers(
    policy: Policy, endorsements: list[Endorsement], notices: list[ObligorNotice], staff: Staff
) -> list[tuple[str, str]]:
    if not may(staff, Permission.QUOTE_POLICIES):
        return []
    found = [
        (reverse("underwriting:policy_paper", args=[policy.pk, kind]), str(kind.label))
        for kind in (DocumentKind.POLICY, DocumentKind.CERTIFICATE)
    ]
    for each in endorsements:
        if each.status == EndorsementStatus.IN_FORCE:
            address = [policy.pk, DocumentKind.ENDORSEMENT, each.number]
            words = f"{DocumentKind.ENDORSEMENT.label} #{each.number}"
            found.append((reverse("underwriting:endorsement_paper", args=address), words))
    for each in notices:
        address = [policy.pk, DocumentKind.DEMAND, each.number]
        words = f"{DocumentKind.DEMAND.label}{f' #{each.number}' if each.number else ''}"
        found.append((reverse("underwriting:endorsement_paper", args=address), words))
    return found


@dataclass(frozen=True, kw_only=True)
class NoticeLine:
    """A notice to the obligor, whether it is late, and where its proof is recorded."""

    notice: ObligorNotice
    is_late: bool
    may_open: bool
    url: str


def _notices(
    policy: Policy, notices: list[ObligorNotice], staff: Staff, as_of: dt.date
) -> list[NoticeLine]:
    may_record = may(staff, Permission.QUOTE_POLICIES, unit=policy.unit)
    is_open = policy.status == PolicyState.IN_FORCE
    return [
        NoticeLine(
            notice=each,
            is_late=is_open and each.is_late(as_of),
            may_open=may_record,
            url=reverse("underwriting:notice_proof", args=[policy.pk, each.number])
            if may_record and each.notified_on is None
            else "",
        )
        for each in notices
    ]


def _deliveries(policy: Policy, staff: Staff) -> list[tuple[Any, str]]:
    may_record = may(staff, Permission.QUOTE_POLICIES, unit=policy.unit)
    return [
        (
            each,
            reverse("underwriting:policy_delivery", args=[policy.pk, each.to])
            if may_record
            else "",
        )
        for each in policy.deliveries.order_by("to")
    ]


def _timeline(
    policy: Policy, endorsements: list[Endorsement], notices: list[ObligorNotice]
) -> list[Moment]:
    records = AuditRecord.objects.filter(
        object_type="underwriting.policy", object_id=str(policy.pk)
    )
    for label, rows in (("endorsement", endorsements), ("obligornotice", notices)):
        records |= AuditRecord.objects.filter(
            object_type=f"underwriting.{label}", object_id__in=[str(each.pk) for each in rows]
        )
    return [
        Moment(
            at=record.at,
            words=action_word(record.action),
            by=record.by.name if record.by else "",
        )
        for record in records.select_related("by").order_by("-at", "-pk")
    ]


def _actions(policy: Policy, staff: Staff, premium: PremiumSum) -> list[tuple[str, str, str]]:
    found = []

    def offer(permission: Permission, name: str, icon: str, words: str) -> None:
        if may(staff, permission, unit=policy.unit):
            found.append((reverse(f"underwriting:{name}", args=[policy.pk]), icon, words))

    if premium.open:
        offer(Permission.RECEIVE_PREMIUMS, "premium_receipt", "coin-yuan", _("Record a premium"))
    if premium.overdue:
        offer(Permission.RECEIVE_PREMIUMS, "write_off", "eraser", _("Write off overdue premium"))
    if policy.status == PolicyState.IN_FORCE:
        offer(
            Permission.QUOTE_POLICIES,
            "endorsement_create",
            "file-pencil",
            _("Ask for an endorsement"),
        )
        offer(Permission.ISSUE_POLICIES, "policy_end", "shield-off", _("End the policy"))
    elif refund_owed(policy=policy) > 0:
        offer(Permission.RECEIVE_PREMIUMS, "refund_payment", "cash", _("Pay the refund"))
    return found
