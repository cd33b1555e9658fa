"""Cede policies, claims and recoveries: lines that tell who has what, and entries in the book.

The callers ask their own permissions: whoever may issue a policy may have it ceded. All money
handed in is what our own book holds of it, after co-insurance, in yuan. Source: PRE-02b, F13.
"""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext as _

from core.canonical import canonical, plain
from core.digests import digest
from core.errors import Conflict, RuleBroken
from core.row_security import past_the_wall
from core.services import record_audit
from ledger.enums import LedgerEvent
from ledger.services import Part
from organization.models import Staff
from underwriting.models import Bordereau, BordereauPremium, CessionLine, Policy
from underwriting.rules.cessions import CededPolicy, commission_on, split_own
from underwriting.selectors.ceded import (
    ceded_policies_of,
    last_ceded,
    premium_ceded,
    premiums_to_cede,
)
from underwriting.selectors.cessions import lines_of
from underwriting.services.ceded_money import part_of, post_money, takers_on
from underwriting.services.cession_lines import BATCH, line_of, lock, wanted_of

NOUGHT = Decimal(0)
PREMIUMS = "premiums"


@transaction.atomic
def cede(
    *,
    policies: Iterable[CededPolicy],
    on: dt.date,
    key: str,
    by: Staff | None,
    at: dt.datetime,
    month: dt.date | None = None,
    is_capped: bool = False,
) -> Bordereau:
    """Cede policies by the treaties in force and post premium and commission, all in one.

    A policy that has lines keeps them: its premium is ceded by them. The same key with the same
    content returns what was done first. Premium is split to the fen by largest remainder; the
    commission of each line is its ceded premium × rate, HALF_UP to the fen.

    A premium below zero (an endorsement's return, a refund) is ceded back, commission with it, by
    the shares by which the policy's premium was last ceded, as they were then known: a correction
    of lines since does not change what was posted. What was never ceded gives nothing back;
    with `is_capped` a treaty gives back no more than it got, where it is refused otherwise: parts
    are split to the fen, so what came in many parts and goes back in one may be a fen more.

    Raises:
        RuleBroken: a policy is named twice, its cover is empty, or a treaty would give back more
            than it got.
        Conflict: the key was used for something else.
        WrongState: the month of the books is closed.

    Source: PRE-02b, F13; architecture rule 8.
    """
    policies = list(policies)
    content = _digest(["cede", on, month, [_content(each) for each in policies]])
    with past_the_wall():
        lock(key)
        found = Bordereau.objects.filter(key=key).first()
        if found:
            return _the_same(found, content)
        _refuse_unsound(policies)
        numbers = [each.policy_no for each in policies]
        known = lines_of(policies=numbers)
        wanted = wanted_of([each for each in policies if each.policy_no not in known])
        lines = [
            line_of(policy, cession, ids, by=by, at=at)
            for policy, cessions in wanted
            for cession, ids in cessions
        ]
        money = _premiums(policies, known, lines, on, is_capped=is_capped)
        bordereau = Bordereau.objects.create(
            key=key,
            digest=content,
            ceded_on=on,
            policies=len(policies),
            lines=len(lines),
            premium_amount=sum((premium for _part, premium, _rate in money), NOUGHT),
            commission_amount=sum(
                (commission_on(premium, rate) for _part, premium, rate in money), NOUGHT
            ),
            recorded_by=by,
            recorded_at=at,
        )
        for line in lines:
            line.bordereau = bordereau
        CessionLine.objects.bulk_create(lines, batch_size=BATCH)
        BordereauPremium.objects.bulk_create(
            [
                BordereauPremium(
                    bordereau=bordereau, policy_no=each.policy_no, premium=each.premium
                )
                for each in policies
                if each.premium
            ],
            batch_size=BATCH,
        )
        words = {"on": on, "month": month, "by": by, "at": at, "summary": f"分保 {key}"[:200]}
        premiums = [(part, premium) for part, premium, _rate in money]
        commissions = [(part, commission_on(premium, rate)) for part, premium, rate in money]
        post_money(LedgerEvent.CEDED_PREMIUM, premiums, f"{key}:premium", words)
        post_money(LedgerEvent.CEDING_COMMISSION, commissions, f"{key}:commission", words)
        record_audit(
            action="underwriting.policies_ceded",
            subject=bordereau,
            by=by,
            at=at,
            key=key,
            policies=len(policies),
            lines=len(lines),
            premium=bordereau.premium_amount,
            commission=bordereau.commission_amount,
            digest=content,
        )
    return bordereau


def attach_cessions(
    *, policies: Sequence[Policy], on: dt.date, key: str, by: Staff | None, at: dt.datetime
) -> None:
    """Give policies their lines at their issue, so that a loss before any premium is shared too.

    Policies that no treaty takes part of are left out. Source: PRE-02b.
    """
    with past_the_wall():
        wanted = wanted_of(ceded_policies_of(policies=policies, premiums={}))
        taken = [policy for policy, cessions in wanted if cessions]
        if taken:
            cede(policies=taken, on=on, key=key, by=by, at=at)


@transaction.atomic
def cede_premiums(*, through: dt.date, by: Staff | None, at: dt.datetime) -> Bordereau | None:
    """Cede the premium that fell due by a day, and cede back what went back since it was ceded.

    Whoever runs it again cedes what came since; nothing where nothing did. Source: PRE-02b, F13.

    Raises:
        WrongState: the month of the books is closed.
    """
    with past_the_wall():
        lock(PREMIUMS)
        premiums = premiums_to_cede(through=through)
        if not premiums:
            return None
        policies = Policy.objects.filter(pk__in=premiums).order_by("pk")
        return cede(
            policies=ceded_policies_of(
                policies=policies.prefetch_related("lender", "unit", "product_version__product"),
                premiums=premiums,
            ),
            on=through,
            key=f"{PREMIUMS}:{through}:{uuid.uuid4().hex}",
            by=by,
            at=at,
            is_capped=True,
        )


def _premiums(
    policies: Sequence[CededPolicy],
    known: Mapping[str, Sequence[CessionLine]],
    fresh: Sequence[CessionLine],
    on: dt.date,
    *,
    is_capped: bool,
) -> list[tuple[Part, Decimal, Decimal]]:
    """Return (part of the book, ceded premium, commission rate) of each line of each policy."""
    by_policy = {number: list(lines) for number, lines in known.items()}
    for line in fresh:
        by_policy.setdefault(line.policy_no, []).append(line)
    back = _takers_of_returns([each for each in policies if each.premium < 0])
    found = []
    for policy in policies:
        last = policy.cover_to - dt.timedelta(days=1)
        day = min(max(on, policy.cover_from), last)
        takers = back.get(policy.policy_no)
        if takers is None:
            takers = takers_on(
                by_policy.get(policy.policy_no, []), cover_from=policy.cover_from, day=day
            )
        _kept, parts = split_own(policy.premium, [line.share for line in takers])
        found += [
            (part_of(line), part, (line.treaty or line.facultative).commission_rate)
            for line, part in zip(takers, parts, strict=True)
        ]
    if is_capped:
        return _capped(found, back)
    _refuse_too_much_back(found, back)
    return found


def _takers_of_returns(policies: Sequence[CededPolicy]) -> dict[str, list[CessionLine]]:
    """Return the lines by which the premium of each policy was last ceded, as then known."""
    last = last_ceded(policies=[each.policy_no for each in policies])
    by_instant: dict[dt.datetime, list[CededPolicy]] = {}
    for policy in policies:
        if policy.policy_no in last:
            by_instant.setdefault(last[policy.policy_no][1], []).append(policy)
    found: dict[str, list[CessionLine]] = {each.policy_no: [] for each in policies}
    for instant, those in by_instant.items():
        lines = lines_of(policies=[each.policy_no for each in those], known_at=instant)
        for policy in those:
            end = policy.cover_to - dt.timedelta(days=1)
            day = min(max(last[policy.policy_no][0], policy.cover_from), end)
            found[policy.policy_no] = takers_on(
                lines.get(policy.policy_no, []), cover_from=policy.cover_from, day=day
            )
    return found


def _capped(
    money: Sequence[tuple[Part, Decimal, Decimal]], back: Mapping[str, object]
) -> list[tuple[Part, Decimal, Decimal]]:
    standing = premium_ceded(policies=list(back)) if back else {}
    return [
        (part, max(amount, -standing.get((part.policy_no, part.treaty_code), NOUGHT)), rate)
        if amount < 0
        else (part, amount, rate)
        for part, amount, rate in money
    ]


def _refuse_too_much_back(
    money: Sequence[tuple[Part, Decimal, Decimal]], back: Mapping[str, object]
) -> None:
    standing = premium_ceded(policies=list(back)) if back else {}
    for part, amount, _rate in money:
        has = standing.get((part.policy_no, part.treaty_code), NOUGHT)
        if amount < 0 and has + amount < 0:
            raise RuleBroken(
                "return_too_much",
                _("Of policy %(no)s %(treaty)s would give back %(back)s yuan and got %(got)s.")
                % {
                    "no": part.policy_no,
                    "treaty": part.treaty_code,
                    "back": f"{-amount:,.2f}",
                    "got": f"{has:,.2f}",
                },
            )


def _content(policy: CededPolicy) -> list[object]:
    return [
        policy.policy_no,
        policy.product_code,
        policy.lender_code,
        policy.unit_path,
        f"{policy.sum_insured:.2f}",
        f"{policy.premium:.2f}",
        policy.cover_from,
        policy.cover_to,
    ]


def _digest(content: list[object]) -> str:
    return digest(canonical(plain(content)), algorithm=settings.EVIDENCE_DIGEST)


def _the_same(found: Bordereau, content: str) -> Bordereau:
    if found.digest != content:
        raise Conflict("key_used", _("“%(key)s” was used for other policies.") % {"key": found.key})
    return found


def _refuse_unsound(policies: Sequence[CededPolicy]) -> None:
    numbers = [each.policy_no for each in policies]
    if len(set(numbers)) != len(numbers):
        raise RuleBroken("policy_twice", _("A policy is ceded once in a call."))
    empty = [each.policy_no for each in policies if each.cover_to <= each.cover_from]
    if empty:
        raise RuleBroken(
            "cover_empty", _("The cover ends before it begins: %(names)s.") % {"names": empty[0]}
        )
