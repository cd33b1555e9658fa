"""Issue policies: number, terms, premium, and the entry of the book, in one transaction."""

from __future__ import annotations

import datetime as dt
import uuid
from collections import Counter
from collections.abc import Sequence
from decimal import Decimal

from django.db import connection, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from core.errors import RuleBroken
from core.row_security import past_the_wall
from core.selectors import figure
from core.services import audit_record, record_audits, take_numbers
from ledger.enums import LedgerEvent
from ledger.services import Part, post
from organization.enums import DecisionOutcome, Permission
from organization.models import Staff
from organization.selectors.recusal import traits_of
from organization.services.awaiting import align_work
from organization.services.decisions import (
    Subject,
    decision_of_key,
    fingerprint_of,
    sign_decision,
)
from partners.models import FunderLicence, Lender
from partners.selectors import funder_refusals, licences_on, why_no_funder
from products.services import mark_sold
from underwriting.enums import PolicyState
from underwriting.events import PoliciesIssued, policies_issued
from underwriting.models import Policy, PolicyDelivery, PolicyTerms, Quote
from underwriting.selectors.quotes import facts_of_quote
from underwriting.selectors.territory import territory_of
from underwriting.services.cessions import attach_cessions
from underwriting.services.controls import check_new_business
from underwriting.services.drafts import PolicyDraft, draft_of_quote
from underwriting.services.inclusive_flags import follow_obligors
from underwriting.services.instalments import taxed, write_instalments
from underwriting.services.obligor_notices import demand_notices, of_credit_insurance

CONTRACT_LOCK = 0x434F4E54  # "CONT": one issue for a contract at a time


@transaction.atomic
def issue_policy(
    *, quote: Quote, key: uuid.UUID, by: Staff, at: dt.datetime, reason: str
) -> Policy:
    """Issue the policy of a quote: the underwriting decision, signed on a dated grant.

    The same key returns the policy that it issued.

    Raises:
        NotPermitted: the person made the quote, is recused, or has no authority over it.
        WrongState: the quote was used or withdrawn.
        RuleBroken: it is out of date, has findings, its lender is no licensed funder of own money,
            new business of its slice is suspended, or the policyholder's place is neither the
            unit's territory nor authorised.
    Source: PRE-02k, PRE-02l, PRE-11c, PRE-24a, PRE-34a, POST-08b; safety.md R10, R11.
    """
    locked = (
        Quote.objects.select_for_update(of=("self",))
        .select_related("unit", "lender", "channel", "product_version__product", "made_by")
        .get(pk=quote.pk)
    )
    fingerprint = fingerprint_of(quote=locked.pk, by=by.pk, reason=reason)
    if decision_of_key(key=key, fingerprint=fingerprint):
        return locked.policy
    locked.step("issue")
    _hold_contract(locked)
    _check_quote(locked, timezone.localdate(at))
    territory = territory_of(unit=locked.unit, region=locked.region, as_of=timezone.localdate(at))
    if territory.is_outside:
        raise RuleBroken("outside_territory", territory.sentence, article="PRE-24a")
    facts = facts_of_quote(quote=locked)
    check_new_business(
        unit=locked.unit,
        lender=locked.lender,
        branch_name=None,
        channel=facts.channel,
        product=facts.product,
        grade=facts.grade,
        obligor_type=facts.obligor_type,
    )
    sign_decision(
        subject=Subject(
            row=locked,
            step=1,
            version=1,
            unit=locked.unit,
            maker=locked.made_by,
            facts=facts,
            traits=traits_of(subject=locked),
            permission=Permission.ISSUE_POLICIES,
        ),
        outcome=DecisionOutcome.SIGN,
        version=1,
        key=key,
        fingerprint=fingerprint,
        by=by,
        at=at,
        reason=reason,
    )
    locked.save(update_fields=["status"])
    draft = draft_of_quote(quote=locked, territory=territory)
    (policy,) = write_policies(drafts=[draft], key=f"issue:quote:{locked.pk}", by=by, at=at)
    align_work(subjects=[locked], by=by, at=at, outcome="issued")
    return policy


def _check_quote(quote: Quote, day: dt.date) -> None:
    findings = [f"{each['message']} ({each['article']})" for each in quote.findings]
    if day > quote.valid_until:
        findings.append(
            _("The quote ended on %(day)s; make a new one.") % {"day": quote.valid_until}
        )
    if _is_covered(quote):
        findings.append(_("This contract is covered already."))
    findings += why_no_funder(lender=quote.lender, day=day)
    if findings:
        raise RuleBroken("quote_refused", " ".join(findings), findings=findings)


def _hold_contract(quote: Quote) -> None:
    """Let nobody else issue for this contract of this lender until this transaction ends."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT pg_advisory_xact_lock(%s, hashtext(%s))",
            [CONTRACT_LOCK, f"{quote.lender_id}:{quote.contract_no}"],
        )


def _is_covered(quote: Quote) -> bool:
    """Tell whether any unit's policy covers the contract, also one that the person does not see."""
    with past_the_wall():
        return Policy.objects.filter(
            lender=quote.lender, contract_no=quote.contract_no, status=PolicyState.IN_FORCE
        ).exists()


@transaction.atomic
def write_policies(
    *,
    drafts: Sequence[PolicyDraft],
    key: str,
    by: Staff | None,
    at: dt.datetime,
    on: dt.date | None = None,
) -> list[Policy]:
    """Write policies with terms, instalments and deliveries, and post their premium as one entry.

    For services that have decided already. `on` is the business date, the day of `at` unless said.
    A fixed number of statements, whatever the number of policies. Each keeps the licence by which
    its lender was a funder on that date (PRE-02k).

    Raises:
        RuleBroken: a lender is not licensed and active on that date, or lends entrusted funds.
    """
    day = on or timezone.localdate(at)
    licences = _licences_of(drafts, day)
    for version in {draft.version.pk: draft.version for draft in drafts}.values():
        mark_sold(version=version, at=at)
    policies = Policy.objects.bulk_create(
        [
            _policy(draft, number, licences[draft.lender_id], by, at)
            for draft, number in zip(drafts, _numbers(drafts, day), strict=True)
        ]
    )
    pairs = list(zip(policies, drafts, strict=True))
    PolicyTerms.objects.bulk_create([_terms(policy, draft, at) for policy, draft in pairs])
    PolicyDelivery.objects.bulk_create(
        [
            PolicyDelivery(policy=policy, to=to, mode=mode, agreed_at=at)
            for policy, draft in pairs
            for to, mode in draft.deliveries.items()
        ]
    )
    rate = figure(name="premium.vat_rate", as_of=day)
    lines = {policy.pk: taxed(draft.parts, rate) for policy, draft in pairs}
    write_instalments(lines=lines, on=day)
    post(
        event=LedgerEvent.POLICY_ISSUED,
        on=day,
        parts=[
            Part(
                amounts={
                    "premium": sum((line.net for line in lines[policy.pk]), Decimal(0)),
                    "vat": sum((line.vat for line in lines[policy.pk]), Decimal(0)),
                },
                **policy.dimensions,
            )
            for policy, _draft in pairs
        ],
        key=key,
        summary=_("Premium of %(count)s policies") % {"count": len(policies)},
        by=by,
        at=at,
    )
    attach_cessions(policies=policies, on=day, key=f"{key}:cession"[:120], by=by, at=at)
    record_audits(
        records=[
            audit_record(
                action="underwriting.policy_issued",
                subject=policy,
                by=by,
                at=at,
                policy_no=policy.policy_no,
                sum_insured=str(policy.sum_insured),
                premium=str(policy.premium),
                territory=draft.territory.basis if draft.territory else "",
                territory_rows=list(draft.territory.rows) if draft.territory else [],
            )
            for policy, draft in pairs
        ]
    )
    demand_notices(policies=of_credit_insurance(policies), by=by, at=at)
    event = PoliciesIssued(policy_ids=tuple(policy.pk for policy in policies), at=at)
    policies_issued.send(sender=Policy, event=event)
    follow_obligors(policies=event.policy_ids, as_of=day, at=at)
    return policies


def _numbers(drafts: Sequence[PolicyDraft], day: dt.date) -> list[str]:
    counts = Counter(draft.unit.code for draft in drafts)
    taken = {
        code: iter(take_numbers(prefix=f"XB{code}{day:%Y}", count=count))
        for code, count in sorted(counts.items())
    }
    return [next(taken[draft.unit.code]) for draft in drafts]


def _licences_of(drafts: Sequence[PolicyDraft], day: dt.date) -> dict[int, FunderLicence]:
    """Return the licence by which each lender is a funder on the day; refuse the others."""
    lenders = Lender.objects.in_bulk({draft.lender_id for draft in drafts})
    licences = licences_on(lenders=lenders, day=day)
    findings = [
        sentence
        for pk, lender in sorted(lenders.items())
        for sentence in funder_refusals(lender=lender, licence=licences.get(pk), day=day)
    ]
    if findings:
        raise RuleBroken("funder_refused", " ".join(findings), field="lender", findings=findings)
    return licences


def _policy(
    draft: PolicyDraft, number: str, licence: FunderLicence, by: Staff | None, at: dt.datetime
) -> Policy:
    return Policy(
        policy_no=number,
        quote_id=draft.quote_id,
        loan_id=draft.loan_id,
        product_version=draft.version,
        unit=draft.unit,
        lender_id=draft.lender_id,
        insured_id=draft.lender_id,
        licence=licence,
        channel_id=draft.channel_id,
        policyholder_id=draft.policyholder_id,
        obligor_id=draft.obligor_id,
        underlying_obligor_id=draft.underlying_obligor_id,
        contract_no=draft.contract_no,
        transfers_before=draft.transfers_before,
        cover_from=draft.cover_from,
        cover_to=draft.cover_to,
        sum_insured=draft.sum_insured,
        premium=sum((part.amount for part in draft.parts), Decimal(0)),
        grade=draft.grade,
        territory=draft.territory.basis if draft.territory else "",
        issued_by=by,
        issued_at=at,
    )


def _terms(policy: Policy, draft: PolicyDraft, at: dt.datetime) -> PolicyTerms:
    return PolicyTerms(
        policy=policy,
        number=0,
        effective_on=policy.cover_from,
        cover_to=policy.cover_to,
        sum_insured=policy.sum_insured,
        premium=policy.premium,
        schedule=draft.schedule,
        worksheet=draft.worksheet,
        recorded_at=at,
    )
