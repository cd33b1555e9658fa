"""Quotes: priced by the filed version alone, with every finding kept."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import BinaryIO

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from core.enums import ContentKind
from core.errors import RuleBroken
from core.row_security import past_the_wall
from core.selectors import figure
from core.services import record_audit, take_numbers
from core.uploads import Purpose, accept
from organization.enums import Permission
from organization.models import Staff, Unit
from organization.permissions import check
from organization.services.awaiting import align_work
from parties.services import know_parties
from partners.models import Channel, Lender
from products.selectors import PricingTerms, price, sellable_version
from products.services import check_special_agreements
from underwriting.models import ClaimTransfer, Quote
from underwriting.rules.assignments import Transfer, assignment_findings

TRANSFER_PAPER = Purpose(name="claim_transfer")
PAPER_KINDS = frozenset({ContentKind.PDF, ContentKind.PNG, ContentKind.JPEG})


@dataclass(frozen=True, kw_only=True)
class Person:
    """A natural person or enterprise by its document number and name."""

    document: str
    name: str


@dataclass(frozen=True, kw_only=True)
class QuoteOrder:
    """What is to be insured, for whom, and how it reaches them.

    `history` is every assignment of the claim so far; `None`: nobody knows it, which blocks.
    `region` is the policyholder's (GB/T 2260 code); empty: not known.
    """

    product_code: str
    terms: PricingTerms
    unit: Unit
    lender: Lender
    channel: Channel | None
    obligor: Person
    underlying_obligor: Person | None
    contract_no: str
    original_creditor: str
    history: tuple[Transfer, ...] | None
    policyholder_delivery: str
    insured_delivery: str
    special_agreements: tuple[str, ...] = ()
    region: str = ""


@transaction.atomic
def make_quote(
    *,
    order: QuoteOrder,
    by: Staff,
    at: dt.datetime,
    papers: Sequence[tuple[str, BinaryIO]] = (),
) -> Quote:
    """Price a cover by the version on sale and keep worksheet and findings; nothing binds yet.

    A quote with findings is kept so that the person sees them all; no policy is issued from it.
    `papers` prove the assignments, in their order.

    Raises:
        NotPermitted: the person quotes nothing in this unit.
        RuleBroken: no version of the product is on sale, or the terms make no schedule.
    Source: PRE-02a, PRE-02f, PRE-34a-b, PRE-41a, PRE-12b.
    """
    check(by, Permission.QUOTE_POLICIES, unit=order.unit)
    day = timezone.localdate(at)
    version = sellable_version(product_code=order.product_code, on=day)
    worksheet = price(version=version, terms=order.terms)
    if worksheet.premium is None:
        raise RuleBroken(
            "not_priced",
            " ".join(f"{each.message} ({each.article})" for each in worksheet.findings),
            findings=worksheet.findings,
        )
    findings = [
        *worksheet.findings,
        *check_special_agreements(version=version, clause_codes=order.special_agreements),
    ]
    people = [person for person in (order.obligor, order.underlying_obligor) if person]
    with past_the_wall():  # one identity per person, whoever of us knew it first (PRE-40a)
        known = know_parties(
            names_by_document={person.document: person.name for person in people}, at=at
        )
    if order.underlying_obligor and order.underlying_obligor.document == order.obligor.document:
        raise RuleBroken(
            "same_obligor",
            _("The underlying obligor is somebody else."),
            field="underlying_document",
        )
    kept = worksheet.as_json()
    valid = int(figure(name="quote.valid_days", as_of=day))
    (number,) = take_numbers(prefix=f"Q{order.unit.code}{day:%Y}", count=1, digits=6)
    quote = Quote.objects.create(
        quote_no=number,
        product_version=version,
        unit=order.unit,
        lender=order.lender,
        channel=order.channel,
        obligor_id=known[order.obligor.document],
        underlying_obligor_id=(
            known[order.underlying_obligor.document] if order.underlying_obligor else None
        ),
        contract_no=order.contract_no,
        region=order.region,
        original_creditor=order.original_creditor,
        is_history_known=order.history is not None,
        policyholder_delivery=order.policyholder_delivery,
        insured_delivery=order.insured_delivery,
        special_agreements=list(order.special_agreements),
        terms=kept["terms"],
        worksheet=kept,
        findings=[_plain(each) for each in findings] + _history_findings(order),
        sum_insured=worksheet.sum_insured,
        premium=worksheet.premium,
        valid_until=day + dt.timedelta(days=valid),
        made_by=by,
        made_at=at,
    )
    _keep_history(quote, order, papers, by, at)
    record_audit(
        action="underwriting.quote_made",
        subject=quote,
        by=by,
        at=at,
        quote_no=number,
        premium=str(quote.premium),
        findings=[each["code"] for each in quote.findings],
    )
    align_work(subjects=[quote], by=by, at=at)
    return quote


def _plain(finding: object) -> dict[str, str]:
    return {
        "code": finding.code,
        "message": str(finding.message),
        "article": finding.article,
    }


def _history_findings(order: QuoteOrder) -> list[dict[str, str]]:
    found = assignment_findings(
        order.history, original_creditor=order.original_creditor, insured=order.lender.name
    )
    return [
        {"code": each.code, "message": assignment_sentence(each.code), "article": each.article}
        for each in found
    ]


def assignment_sentence(code: str) -> str:
    """Say why a claim can not be insured or its insured not be changed."""
    return {
        "history_unknown": _("Nobody knows whether the claim was assigned before: find out first."),
        "second_transfer": _("The claim was assigned more than once; only a first one is insured."),
        "not_by_original_creditor": _("The first to assign was not the original creditor."),
        "insured_holds_no_claim": _("The insured does not hold the claim."),
        "assigned_before_cover": _("The claim was assigned before cover: its insured stays."),
        "changed_already": _("The insured was changed already as often as it may."),
    }[code]


def _keep_history(
    quote: Quote,
    order: QuoteOrder,
    papers: Sequence[tuple[str, BinaryIO]],
    by: Staff,
    at: dt.datetime,
) -> None:
    for place, transfer in enumerate(order.history or ()):
        stored = None
        if place < len(papers):
            name, stream = papers[place]
            stored = accept(
                stream=stream,
                name=name,
                kinds=PAPER_KINDS,
                by=by,
                at=at,
                purpose=TRANSFER_PAPER,
            )
        ClaimTransfer.objects.create(
            quote=quote,
            sequence=transfer.sequence,
            from_name=transfer.from_name,
            to_name=transfer.to_name,
            contract_no=transfer.contract_no,
            transferred_on=transfer.transferred_on,
            document=stored,
        )


@transaction.atomic
def withdraw_quote(*, quote: Quote, by: Staff, at: dt.datetime, reason: str) -> Quote:
    """Withdraw a quote that is no longer wanted.

    Raises:
        NotPermitted: the person quotes nothing in its unit.
        WrongState: it was used or withdrawn.
    """
    locked = Quote.objects.select_for_update(of=("self",)).select_related("unit").get(pk=quote.pk)
    check(by, Permission.QUOTE_POLICIES, unit=locked.unit)
    locked.step("withdraw")
    locked.withdrawn_at = at
    locked.save(update_fields=["status", "withdrawn_at"])
    record_audit(action="underwriting.quote_withdrawn", subject=locked, by=by, at=at, reason=reason)
    align_work(subjects=[locked], by=by, at=at, outcome="withdrawn")
    return locked
