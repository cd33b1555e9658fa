"""Which part of a policy is ceded to whom, and how its money is split. Pure.

Co-insurance comes first: everything else is a share of our own part. Then facultative certificates,
then surplus treaties, then quota shares on what is left. Excess of loss cedes no share of a risk.
A share is kept to 12 places, rounded down (what is left is ours); all money is reckoned from the
share as kept. Source: F13, PRE-02b.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import ROUND_DOWN, Decimal
from itertools import pairwise

from core.money import from_fen, round_fen, split_fen, to_fen
from underwriting.enums import TreatyBasis, TreatyKind

PLACES = 12
UNIT = Decimal(1).scaleb(-PLACES)
NOUGHT, WHOLE = Decimal(0), Decimal(1)


@dataclass(frozen=True, kw_only=True)
class CededPolicy:
    """A policy as cessions need it. Cover is half-open `[cover_from, cover_to)`.

    `sum_insured` is that of the whole policy; `premium` is what our own book holds of it, after
    co-insurance, or below zero what it gives back; both in yuan.
    """

    policy_no: str
    product_code: str
    lender_code: str
    unit_path: str
    sum_insured: Decimal
    premium: Decimal
    cover_from: dt.date
    cover_to: dt.date


@dataclass(frozen=True, kw_only=True)
class Period:
    """Something that holds on the days `[valid_from, valid_to)`; without an end it stays."""

    valid_from: dt.date
    valid_to: dt.date | None = None

    def holds(self, day: dt.date) -> bool:
        """Tell whether it holds on the day."""
        return self.valid_from <= day and (self.valid_to is None or day < self.valid_to)


@dataclass(frozen=True, kw_only=True)
class OwnShare(Period):
    """Our own part of a co-insured policy, as a fraction."""

    share: Decimal


@dataclass(frozen=True, kw_only=True)
class Certificate(Period):
    """A facultative cession of one policy; `share` is a fraction of our own part."""

    code: str
    share: Decimal


@dataclass(frozen=True, kw_only=True)
class TreatyTerms(Period):
    """What a treaty says of the risks that it takes. Amounts in yuan, of our own part.

    Quota share: `fraction` of what is left, up to `max_per_risk` (none: without limit). Surplus:
    what exceeds `retention` × (1 + `lines_below`), up to `lines` × `retention`. No product or
    lender named means every one.
    """

    code: str
    kind: str
    basis: str
    product_codes: frozenset[str] = frozenset()
    lender_codes: frozenset[str] = frozenset()
    fraction: Decimal = NOUGHT
    max_per_risk: Decimal | None = None
    retention: Decimal = NOUGHT
    lines: Decimal = NOUGHT
    lines_below: Decimal = NOUGHT

    def takes(self, policy: CededPolicy, day: dt.date) -> bool:
        """Tell whether it covers the policy on the day: by the cover's start, or by the day."""
        asked = policy.cover_from if self.basis == TreatyBasis.RISK_ATTACHING else day
        return (
            self.holds(asked)
            and (not self.product_codes or policy.product_code in self.product_codes)
            and (not self.lender_codes or policy.lender_code in self.lender_codes)
        )


@dataclass(frozen=True, kw_only=True)
class Cession(Period):
    """A share of our own part that a treaty or certificate has over a period."""

    code: str
    share: Decimal


def surplus_amount(risk: Decimal, terms: TreatyTerms) -> Decimal:
    """Return the yuan of a risk that a surplus treaty takes, unrounded.

    `min(max(S − R·(1 + lines below), 0), n·R)`. Source: PRE-02b.
    """
    above = risk - terms.retention * (1 + terms.lines_below)
    return min(max(above, NOUGHT), terms.lines * terms.retention)


def shares_on(
    *,
    risk: Decimal,
    certificates: Iterable[Certificate],
    treaties: Iterable[TreatyTerms],
) -> dict[str, Decimal]:
    """Return the share of our own part that each takes of a risk, by code, to 12 places.

    `risk`: our own part of the sum insured in yuan. Facultative first, then surplus on what that
    leaves, then quota share on what the surplus leaves. More than the whole is never ceded: callers
    refuse certificates and quota shares that sum to more than one.
    """
    shares = {each.code: each.share for each in certificates}
    treaties = list(treaties)
    if risk <= 0:
        shares |= {
            each.code: _kept(each.fraction * max(WHOLE - sum(shares.values()), NOUGHT))
            for each in treaties
            if each.kind == TreatyKind.QUOTA_SHARE
        }
        return {code: share for code, share in shares.items() if share}
    left = risk * max(WHOLE - sum(shares.values()), NOUGHT)
    surplus = {
        each.code: surplus_amount(left, each)
        for each in treaties
        if each.kind == TreatyKind.SURPLUS
    }
    shares |= {code: _kept(amount / risk) for code, amount in surplus.items()}
    left = max(left - sum(surplus.values()), NOUGHT)
    for each in treaties:
        if each.kind == TreatyKind.QUOTA_SHARE:
            subject = left if each.max_per_risk is None else min(left, each.max_per_risk)
            shares[each.code] = _kept(each.fraction * subject / risk)
    return {code: share for code, share in shares.items() if share}


def _kept(share: Decimal) -> Decimal:
    return share.quantize(UNIT, ROUND_DOWN)


def cessions_of(
    policy: CededPolicy,
    *,
    own: Sequence[OwnShare],
    certificates: Sequence[Certificate],
    treaties: Sequence[TreatyTerms],
) -> list[Cession]:
    """Return who has which share of our part of a policy, day by day of its cover.

    Days on which nothing changes are one period. Our own share is one where nothing is said.
    """
    occurring = [each for each in treaties if each.basis == TreatyBasis.LOSSES_OCCURRING]
    dated: list[Period] = [*own, *certificates, *occurring]
    found: list[Cession] = []
    for first, end in _stretches(policy, dated):
        shares = shares_on(
            risk=policy.sum_insured * own_share_on(own, first),
            certificates=[each for each in certificates if each.holds(first)],
            treaties=[each for each in treaties if each.takes(policy, first)],
        )
        found += [
            Cession(code=code, share=share, valid_from=first, valid_to=end)
            for code, share in shares.items()
        ]
    return _joined(found)


def own_share_on(own: Iterable[OwnShare], day: dt.date) -> Decimal:
    """Return our own share on the day as a fraction; one where nothing is said."""
    return next((each.share for each in own if each.holds(day)), WHOLE)


def _stretches(policy: CededPolicy, dated: Iterable[Period]) -> list[tuple[dt.date, dt.date]]:
    days = {policy.cover_from, policy.cover_to}
    for each in dated:
        days |= {day for day in (each.valid_from, each.valid_to) if day is not None}
    inside = sorted(day for day in days if policy.cover_from <= day <= policy.cover_to)
    return list(pairwise(inside))


def _joined(cessions: Iterable[Cession]) -> list[Cession]:
    found: dict[str, list[Cession]] = {}
    for each in cessions:
        of_code = found.setdefault(each.code, [])
        last = of_code[-1] if of_code else None
        if last and last.valid_to == each.valid_from and last.share == each.share:
            of_code[-1] = Cession(
                code=each.code,
                share=each.share,
                valid_from=last.valid_from,
                valid_to=each.valid_to,
            )
        else:
            of_code.append(each)
    return [each for code in sorted(found) for each in found[code]]


def split_own(amount: Decimal, shares: Sequence[Decimal]) -> tuple[Decimal, list[Decimal]]:
    """Split yuan of our own part into what is kept and what each share takes, exact to the fen.

    By largest remainder: what is kept and all parts together are the amount. An amount below zero
    is split as its opposite, so that what is given back is to the fen what was taken.

    Raises:
        ValueError: the shares sum to more than one, or the amount splits a fen.
    """
    sign = -1 if amount < 0 else 1
    ceded = sum(shares, NOUGHT)
    weights = [int(share.scaleb(PLACES)) for share in (WHOLE - ceded, *shares)]
    kept, *parts = split_fen(to_fen(abs(amount)), weights)
    return from_fen(sign * kept), [from_fen(sign * part) for part in parts]


def split_among(amount: Decimal, shares: Sequence[Decimal]) -> list[Decimal]:
    """Split yuan among the reinsurers of a treaty by their shares, exact to the fen.

    An amount below zero is split as its opposite.

    Raises:
        ValueError: no share is positive, or the amount splits a fen.
    """
    sign = -1 if amount < 0 else 1
    weights = [int(share.scaleb(PLACES)) for share in shares]
    return [from_fen(sign * part) for part in split_fen(to_fen(abs(amount)), weights)]


def commission_on(ceded: Decimal, rate: Decimal) -> Decimal:
    """Return the ceding commission on a ceded premium in yuan, HALF_UP to the fen."""
    return round_fen(ceded * rate)


def retained_amount(balance: Decimal, own_share: Decimal, ceded: Iterable[Decimal]) -> Decimal:
    """Return balance × own share × (1 − ceded shares) in yuan, unrounded. Source: F13, PRE-02b."""
    return balance * own_share * (WHOLE - sum(ceded, NOUGHT))


def wrong_treaties(treaties: Iterable[TreatyTerms]) -> list[str]:
    """Return the codes of quota shares that cede more than the whole on some day together.

    Treaties that name no common product or lender never meet.
    """
    quotas = [each for each in treaties if each.kind == TreatyKind.QUOTA_SHARE]
    for each in quotas:
        meeting = [
            other
            for other in quotas
            if other.holds(each.valid_from)
            and _meet(other.product_codes, each.product_codes)
            and _meet(other.lender_codes, each.lender_codes)
        ]
        if sum((other.fraction for other in meeting), NOUGHT) > 1:
            return sorted(other.code for other in meeting)
    return []


def _meet(these: frozenset[str], those: frozenset[str]) -> bool:
    return not these or not those or bool(these & those)
