"""What the reinsurers bear and get of claims, recoveries and unearned premium, in the book.

The callers ask their own permissions. All money handed in is what our own book holds of it, after
co-insurance, in yuan. Source: PRE-02b, F13, HQ-07.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from django.db import transaction

from core.row_security import past_the_wall
from ledger.enums import LedgerEvent
from ledger.models import Entry
from ledger.services import Part, post
from organization.models import Staff
from underwriting.enums import TreatyBasis
from underwriting.models import CessionLine
from underwriting.rules.cessions import split_own
from underwriting.selectors.cessions import lines_of

NOUGHT = Decimal(0)


@dataclass(frozen=True, kw_only=True)
class CededClaim:
    """A claim as cessions need it; `cover_from` is that of its policy."""

    claim_no: str
    policy_no: str
    product_code: str
    lender_code: str
    unit_path: str
    cover_from: dt.date
    loss_on: dt.date


@transaction.atomic
def cede_claim(
    *,
    claim: CededClaim,
    amount: Decimal,
    on: dt.date,
    key: str,
    by: Staff | None,
    at: dt.datetime,
    month: dt.date | None = None,
) -> Entry | None:
    """Post what the reinsurers bear of a claim (yuan); None where nobody does.

    By the share at the cover's start where a treaty covers attaching risks, else by that on the day
    of the loss; split to the fen with what stays ours. Net figures are after this, the literal
    figure of the regulator's form before it (HQ-07).
    """
    return _cede_of_claim(
        LedgerEvent.CEDED_CLAIM, claim, amount, on=on, key=key, by=by, at=at, month=month
    )


@transaction.atomic
def cede_recovery(
    *,
    claim: CededClaim,
    amount: Decimal,
    on: dt.date,
    key: str,
    by: Staff | None,
    at: dt.datetime,
    month: dt.date | None = None,
) -> Entry | None:
    """Post what the reinsurers get of a recovery (yuan), by the shares that bore its claim."""
    return _cede_of_claim(
        LedgerEvent.RECOVERY_CEDED, claim, amount, on=on, key=key, by=by, at=at, month=month
    )


@transaction.atomic
def set_ri_unearned(
    *,
    unearned: Mapping[str, Decimal],
    on: dt.date,
    key: str,
    by: Staff | None,
    at: dt.datetime,
    month: dt.date | None = None,
) -> Entry | None:
    """Set the reinsurers' part of the unearned premium of policies (own unearned, yuan, by policy).

    By the lines in force on the day; what a line that ended had stands at nothing from now on.
    """
    with past_the_wall():
        money = []
        for number, lines in lines_of(policies=unearned.keys()).items():
            standing = {line.code: line for line in lines}  # the last of each code
            now = {line.code: line for line in lines if line.valid_from <= on < line.valid_to}
            shares = [now[code].share if code in now else NOUGHT for code in standing]
            _kept, parts = split_own(unearned[number], shares)
            money += [
                (part_of(line), part) for line, part in zip(standing.values(), parts, strict=True)
            ]
        return post(
            event=LedgerEvent.RI_UNEARNED_PREMIUM,
            on=on,
            month=month,
            parts=[_with(part, "balance", amount) for part, amount in money],
            key=key,
            summary=f"分保未到期责任准备金 {on:%Y-%m-%d}",
            by=by,
            at=at,
        )


def _cede_of_claim(
    event: LedgerEvent,
    claim: CededClaim,
    amount: Decimal,
    *,
    on: dt.date,
    key: str,
    by: Staff | None,
    at: dt.datetime,
    month: dt.date | None,
) -> Entry | None:
    with past_the_wall():
        lines = lines_of(policies=[claim.policy_no]).get(claim.policy_no, [])
        takers = takers_on(lines, cover_from=claim.cover_from, day=claim.loss_on)
        _kept, parts = split_own(amount, [line.share for line in takers])
        money = [
            (part_of(line, claim_no=claim.claim_no), part)
            for line, part in zip(takers, parts, strict=True)
        ]
        words = {"on": on, "month": month, "by": by, "at": at}
        return post_money(event, money, key, words | {"summary": f"分保 {claim.claim_no}"})


def takers_on(
    lines: Sequence[CessionLine], *, cover_from: dt.date, day: dt.date
) -> list[CessionLine]:
    """Return the lines that take part of money: of attaching risks those at the cover's start."""
    return [
        line
        for line in lines
        if line.share and line.valid_from <= _asked(line, cover_from, day) < line.valid_to
    ]


def _asked(line: CessionLine, cover_from: dt.date, day: dt.date) -> dt.date:
    is_attaching = line.treaty and line.treaty.basis == TreatyBasis.RISK_ATTACHING
    return cover_from if is_attaching else day


def part_of(line: CessionLine, claim_no: str = "") -> Part:
    """Return the dimension values under which a line's money stands in the book."""
    return Part(
        amounts={},
        policy_no=line.policy_no,
        lender_code=line.lender_code,
        product_code=line.product_code,
        unit_path=line.unit_path,
        treaty_code=line.code,
        claim_no=claim_no,
    )


def _with(part: Part, name: str, amount: Decimal) -> Part:
    return Part(
        amounts={name: amount},
        policy_no=part.policy_no,
        lender_code=part.lender_code,
        product_code=part.product_code,
        unit_path=part.unit_path,
        treaty_code=part.treaty_code,
        claim_no=part.claim_no,
    )


def post_money(
    event: LedgerEvent,
    money: Sequence[tuple[Part, Decimal]],
    key: str,
    words: Mapping[str, object],
) -> Entry | None:
    """Post the amounts that are not zero as one entry."""
    parts = [_with(part, "amount", amount) for part, amount in money if amount]
    return post(event=event, parts=parts, key=key, **words)
