"""What an evidence pack of a policy holds: all that proves the cover. Source: EVID-03, EVID-15.

Papers, agreements and filed files hold names in clear or are long: of them the hash leaves, never
the bytes.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from decimal import Decimal
from itertools import chain
from typing import Any

from django.db.models import Model
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from core.evidence import PackContent, Section
from core.evidence.parts import document, instant_text, table
from core.masking import scrub
from core.models import StoredFile
from ledger.models import EntryLine
from organization.models import SignedDecision, Staff
from underwriting.models import ObligorNotice, Policy
from underwriting.selectors.policies import parties_of_policy, policy_of

Row = Sequence[str]


def provable_policy(person: Staff, pk: int, _as_of: dt.date) -> Policy:
    """Return a policy of the person's scope. Raises `Missing` as `policy_of` does."""
    return policy_of(staff=person, pk=pk)


def policy_title(policy: Policy) -> str:
    """Name a policy in one line."""
    return f"{pgettext('insurance', 'Policy')} {policy.policy_no} · {policy.insured.name}"


def policy_pack(policy: Policy) -> PackContent:
    """Return a policy with its price, filing, terms, money, papers, endorsements and end."""
    endorsements = list(
        policy.endorsements.select_related("new_insured", "agreement").order_by("number")
    )
    notices = list(policy.obligor_notices.select_related("insured", "proof").order_by("number"))
    issued, decisions = policy.terms.get(number=0), _signed(policy)
    tables = [
        ("parties", _("Parties"), _parties(policy)),
        ("steps", _("How the price came about"), _steps(issued.worksheet)),
        ("terms", _("Terms"), _terms(policy)),
        ("premium", _("Premium schedule"), _instalments(policy)),
        ("receipts", _("Premiums received"), _receipts(policy)),
        ("endorsements", _("Endorsements"), _endorsements(endorsements)),
        ("papers", _("Papers"), _papers(policy)),
        ("deliveries", pgettext("policy", "Delivery"), _deliveries(policy)),
        ("notices", _("Notices to the obligor"), _notices(notices)),
        ("decisions", _("Decisions with their authority"), _decisions(decisions)),
        ("entries", _("Entries of the book"), _entries(policy)),
    ]
    return PackContent(
        title=policy_title(policy),
        facts=_facts(policy, issued.worksheet),
        subjects=[*_subjects(policy, endorsements), *notices],
        sections=[Section(title, header, rows) for _name, title, (header, rows) in tables],
        artefacts=[
            *(table(f"{name}.csv", header, rows) for name, _title, (header, rows) in tables),
            table("schedule.csv", *_schedule(policy)),
            document("worksheet.json", issued.worksheet),
            document("authority.json", [each.authority for each in decisions]),
        ],
        outside=_outside(policy, endorsements, notices),
    )


def _facts(policy: Policy, worksheet: dict[str, Any]) -> list[tuple[str, str]]:
    version, formula = policy.product_version, worksheet.get("formula") or {}
    found = [
        (pgettext("insurance", "Policy"), policy.policy_no),
        (_("Status of the policy"), policy.get_status_display()),
        (_("Unit"), policy.unit.name),
        (_("Right to issue there"), _right(policy)),
        (pgettext("loan", "Contract"), policy.contract_no),
        (pgettext("insurance", "Cover"), f"{policy.cover_from} – {policy.cover_to}"),
        (_("Sum insured"), str(policy.sum_insured)),
        (_("Premium, tax included"), str(policy.premium)),
        (pgettext("insurance", "Quote"), policy.quote.quote_no if policy.quote else ""),
        (_("Issued at"), instant_text(policy.issued_at)),
        (_("Issued by (staff no.)"), str(policy.issued_by_id or "")),
        (_("Product"), str(version)),
        (_("Filing no."), f"{version.get_filing_kind_display()} {version.filing_no}".strip()),
        (_("Filed on"), _text(version.filed_on)),
        (_("Filed terms SHA-256"), version.clauses_sha256),
        (_("Filed rates SHA-256"), version.rates_sha256),
        (_("Premium formula"), formula.get("text", "")),
        (_("Formula of"), f"#{formula['number']} {formula['dated_on']}" if formula else ""),
        (_("Rate"), worksheet.get("rate") or ""),
        (_("Special agreements"), _agreements(policy)),
    ]
    if policy.ended_on:
        found += [
            (_("First day without cover"), _text(policy.ended_on)),
            (_("Ended at"), instant_text(policy.ended_at)),
            (_("Why it ended"), scrub(policy.end_reason)),
        ]
    return found


def _right(policy: Policy) -> str:
    region = policy.quote.region if policy.quote else ""
    return f"{policy.get_territory_display()} {region}".strip()


def _agreements(policy: Policy) -> str:
    return "、".join(policy.quote.special_agreements) if policy.quote else ""


def _parties(policy: Policy) -> tuple[Row, list[Row]]:
    people = [(part, name, number) for part, name, number, _pk in parties_of_policy(policy=policy)]
    insured = (pgettext("insurance", "Insured"), policy.insured.name, policy.insured.code)
    return [_("Part"), _("Name"), _("Number")], [*people, insured]


def _steps(worksheet: dict[str, Any]) -> tuple[Row, list[Row]]:
    header = [
        pgettext("worksheet", "Step"), _("With its values"), pgettext("worksheet", "Result")
    ]  # fmt: skip
    rows = [
        (str(each["name"]), str(each["values"]), str(each["result"]))
        for each in worksheet.get("steps", ())
    ]
    return header, rows


def _terms(policy: Policy) -> tuple[Row, list[Row]]:
    header = [_("Version"), _("Takes effect on"), _("Cover ends"), _("Sum insured"),
              _("Premium, tax included"), _("Recorded at")]  # fmt: skip
    rows = [
        (
            str(each.number),
            _text(each.effective_on),
            _text(each.cover_to),
            str(each.sum_insured),
            str(each.premium),
            instant_text(each.recorded_at),
        )
        for each in policy.terms.order_by("number")
    ]
    return header, rows


def _schedule(policy: Policy) -> tuple[Row, list[Row]]:
    header = [_("Version"), _("Due on"), _("Principal"), _("Interest (yuan)"), _("Owed after it")]
    rows = [
        (str(each.number), row["due_on"], row["principal"], row["interest"], row["balance"])
        for each in policy.terms.order_by("number")
        for row in each.schedule
    ]
    return header, rows


def _instalments(policy: Policy) -> tuple[Row, list[Row]]:
    header = ["#", _("Covers from"), _("Covers to"), _("Due on"), _("Premium (yuan)"), _("Tax"),
              pgettext("premium", "Paid"), pgettext("premium", "Cancelled"), _("Refunded"),
              pgettext("premium", "Stage")]  # fmt: skip
    rows = [
        (
            str(each.n),
            *map(_text, (each.covers_from, each.covers_to, each.due_on)),
            *map(_text, (each.amount, each.vat, each.paid, each.cancelled, each.refunded)),
            each.get_stage_display(),
        )
        for each in policy.instalments.order_by("n")
    ]
    return header, rows


def _receipts(policy: Policy) -> tuple[Row, list[Row]]:
    header = [_("Received on"), _("Amount received (yuan)"), _("Number at the bank"),
              _("Staff no."), _("Recorded at")]  # fmt: skip
    rows = [
        (
            _text(each.received_on),
            _text(each.amount),
            each.reference,
            _text(each.recorded_by_id),
            instant_text(each.recorded_at),
        )
        for each in policy.receipts.order_by("received_on", "pk")
    ]
    return header, rows


def _endorsements(endorsements: Iterable[Any]) -> tuple[Row, list[Row]]:
    header = ["#", _("What changes"), _("Status"), _("Takes effect on"), _("Changes"),
              _("Premium (yuan)"), _("Asked for by (staff no.)"), _("Asked at"),
              _("Decided by (staff no.)"), _("Decided at"), _("Decision"), _("Confirmed at"),
              _("How assignment and account were confirmed")]  # fmt: skip
    rows = [
        (
            str(each.number),
            each.get_kind_display(),
            each.get_status_display(),
            _text(each.effective_on),
            each.new_insured.name if each.new_insured else _pairs(each.changes),
            _text(each.premium_change),
            _text(each.requested_by_id),
            instant_text(each.requested_at),
            _text(each.decided_by_id),
            instant_text(each.decided_at),
            scrub(each.decision),
            instant_text(each.confirmed_at),
            scrub(each.confirmation),
        )
        for each in endorsements
    ]
    return header, rows


def _papers(policy: Policy) -> tuple[Row, list[Row]]:
    rows = [
        (
            each.get_kind_display(),
            str(each.terms_number),
            instant_text(each.made_at),
            each.stored.name,
            each.stored.sha256,
        )
        for each in policy.documents.select_related("stored").order_by("made_at", "pk")
    ]
    return [_("Paper"), _("Number"), _("Printed at"), _("File"), "SHA-256"], rows


def _deliveries(policy: Policy) -> tuple[Row, list[Row]]:
    header = [_("To"), _("How"), _("Agreed at"), _("Delivered at"), _("Proof"), _("Staff no.")]
    rows = [
        (
            each.get_to_display(),
            each.get_mode_display(),
            instant_text(each.agreed_at),
            instant_text(each.delivered_at),
            each.proof_no,
            _text(each.recorded_by_id),
        )
        for each in policy.deliveries.order_by("to")
    ]
    return header, rows


def _notices(notices: Iterable[ObligorNotice]) -> tuple[Row, list[Row]]:
    header = ["#", pgettext("insurance", "Insured"), _("Demanded at"), _("Proof due on"),
              _("Obligor notified on"), _("How the obligor was notified"), _("Staff no."),
              _("Recorded at"), "SHA-256"]  # fmt: skip
    rows = [
        (
            str(each.number),
            each.insured.name,
            instant_text(each.demanded_at),
            _text(each.due_on),
            _text(each.notified_on),
            scrub(each.how),
            _text(each.recorded_by_id),
            instant_text(each.recorded_at),
            each.proof.sha256 if each.proof else "",
        )
        for each in notices
    ]
    return header, rows


def _signed(policy: Policy) -> list[SignedDecision]:
    return list(
        SignedDecision.objects.filter(
            subject_type="underwriting.quote", subject_id=policy.quote_id or 0
        ).order_by("step")
    )


def _decisions(decisions: Iterable[SignedDecision]) -> tuple[Row, list[Row]]:
    header = [_("Time"), _("Outcome"), _("Staff no."), _("Authority"), _("Grounds of the decision")]
    rows = [
        (
            instant_text(each.at),
            each.get_outcome_display(),
            str(each.signer_id),
            _grant(each.authority),
            scrub(each.reason),
        )
        for each in decisions
    ]
    return header, rows


def _entries(policy: Policy) -> tuple[Row, list[Row]]:
    header = [pgettext("books", "Voucher"), _("Business day"), _("What for"),
              pgettext("books", "Account"), _("Debit"), _("Credit"), _("Posted at"),
              _("Digest")]  # fmt: skip
    lines = (
        EntryLine.objects.filter(policy_no=policy.policy_no)
        .select_related("entry", "account")
        .order_by("entry__business_on", "entry_id", "no")
    )
    rows = [
        (
            line.entry.number,
            _text(line.entry.business_on),
            line.entry.get_event_display(),
            str(line.account),
            _text(line.debit or None),
            _text(line.credit or None),
            instant_text(line.entry.posted_at),
            line.entry.digest,
        )
        for line in lines
    ]
    return header, rows


def _subjects(policy: Policy, endorsements: Iterable[Model]) -> list[Model]:
    before = [policy.quote] if policy.quote else []
    return [policy, *before, policy.product_version, *endorsements]


def _outside(
    policy: Policy, endorsements: Iterable[Any], notices: Iterable[ObligorNotice]
) -> dict[str, str]:
    version = policy.product_version
    transfers = policy.quote.transfers.select_related("document") if policy.quote else ()
    held: Iterable[StoredFile | None] = chain(
        (each.stored for each in policy.documents.select_related("stored").order_by("pk")),
        (each.agreement for each in endorsements),
        (each.proof for each in notices),
        (each.document for each in transfers),
        (version.clauses_file, version.rates_file),
    )
    return {f"{each.pk}-{each.name}": each.sha256 for each in held if each}


def _pairs(found: dict[str, Any]) -> str:
    return ", ".join(f"{name} {value}" for name, value in sorted(found.items()))


def _grant(authority: dict[str, Any]) -> str:
    grant = authority.get("grant")
    return f"#{grant['id']} {grant['level']} {grant['valid_from']}" if grant else ""


def _text(value: dt.date | Decimal | int | None) -> str:
    return "" if value is None else str(value)
