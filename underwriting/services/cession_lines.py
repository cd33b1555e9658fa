"""The lines that tell who has what of a policy: written, replaced and corrected, never edited."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal

from django.db import connection, transaction
from django.utils.translation import gettext as _

from core.errors import Conflict, RuleBroken
from core.row_security import past_the_wall
from core.services import record_audit
from organization.models import Staff
from underwriting.models import CessionLine, FacultativeCession
from underwriting.permissions import check_propose_treaties
from underwriting.rules.cessions import CededPolicy, Cession, cessions_of
from underwriting.selectors.cessions import (
    Coinsurance,
    approved_treaties,
    certificates_of,
    lines_of,
    terms_of,
)
from underwriting.services.treaties import LOCK

NOUGHT = Decimal(0)
BATCH = 2000


@transaction.atomic
def follow_treaties(
    *,
    policies: Iterable[CededPolicy],
    reason: str,
    by: Staff | None,
    at: dt.datetime,
) -> int:
    """Bring the lines of policies in line with the treaties now approved; return lines written.

    For a treaty that was approved late, a certificate or co-insurance that came afterwards. Lines
    that differ are replaced, none is edited; premium that was ceded stays as posted.

    Raises:
        NotPermitted: the person does not propose treaties.
        RuleBroken: no reason is given.
    """
    check_propose_treaties(by)
    if not reason.strip():
        raise RuleBroken("reason_missing", _("Say why."), field="reason")
    policies = list(policies)
    with past_the_wall():
        for number in sorted(each.policy_no for each in policies):
            lock(number)
        known = lines_of(policies=[each.policy_no for each in policies])
        fresh = []
        for policy, cessions in wanted_of(policies):
            fresh += _changes(
                policy, cessions, known.get(policy.policy_no, []), by=by, at=at, reason=reason
            )
        CessionLine.objects.bulk_create(fresh, batch_size=BATCH)
        for number in sorted({line.policy_no for line in fresh}):
            first = next(line for line in fresh if line.policy_no == number)
            record_audit(
                action="underwriting.cession_corrected",
                subject=first,
                by=by,
                at=at,
                reason=reason,
                policy_no=number,
                lines=sum(line.policy_no == number for line in fresh),
            )
    return len(fresh)


@transaction.atomic
def correct_cession(
    *,
    line: CessionLine,
    share: Decimal,
    valid_from: dt.date,
    reason: str,
    by: Staff | None,
    at: dt.datetime,
) -> CessionLine:
    """Let a line have another share from a day on; before that day it keeps what it had.

    Raises:
        NotPermitted: the person does not propose treaties.
        RuleBroken: no reason; the day is outside the line; the shares of a day exceed the whole.
        Conflict: the line was replaced already.
    """
    check_propose_treaties(by)
    if not reason.strip():
        raise RuleBroken("reason_missing", _("Say why."), field="reason")
    lock(line.policy_no)
    if CessionLine.objects.filter(replaces=line).exists():
        raise Conflict("line_replaced", _("This line was replaced already."))
    if not line.valid_from <= valid_from < line.valid_to:
        raise RuleBroken("line_day", _("The day must lie within the line."), field="valid_from")
    others = [
        each
        for each in lines_of(policies=[line.policy_no])[line.policy_no]
        if each.pk != line.pk and each.valid_from < line.valid_to and each.valid_to > valid_from
    ]
    days = {valid_from, *(each.valid_from for each in others if each.valid_from > valid_from)}
    for day in days:
        beside = sum(
            (each.share for each in others if each.valid_from <= day < each.valid_to), NOUGHT
        )
        if not 0 <= share <= 1 - beside:
            raise RuleBroken(
                "line_share", _("The lines of a policy cede at most the whole."), field="share"
            )
    words = {"by": by, "at": at, "reason": reason}
    if valid_from > line.valid_from:
        _again(line, line.share, line.valid_from, valid_from, replaces=line, **words).save()
        fresh = _again(line, share, valid_from, line.valid_to, replaces=None, **words)
    else:
        fresh = _again(line, share, valid_from, line.valid_to, replaces=line, **words)
    fresh.save()
    record_audit(
        action="underwriting.cession_corrected",
        subject=fresh,
        by=by,
        at=at,
        reason=reason,
        policy_no=line.policy_no,
        share=share,
        before=line.share,
        valid_from=valid_from,
    )
    return fresh


def lock(word: str) -> None:
    """Hold a policy or a key of cessions until this transaction ends."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s, hashtext(%s))", [LOCK, word])


def wanted_of(
    policies: Sequence[CededPolicy],
) -> list[tuple[CededPolicy, list[tuple[Cession, dict[str, object]]]]]:
    """Return for each policy its cessions, each with the treaty or certificate it comes from."""
    treaties = {each.code: each for each in approved_treaties()}
    terms = [terms_of(each) for each in treaties.values()]
    numbers = [each.policy_no for each in policies]
    certificates = certificates_of(policies=numbers)
    rows = {each.code: each for each in FacultativeCession.objects.filter(policy_no__in=numbers)}
    coinsurance = Coinsurance()

    def source(code: str) -> dict[str, object]:
        if code in rows:
            return {"facultative": rows[code]}
        return {"treaty": treaties[code]}

    return [
        (
            policy,
            [
                (cession, source(cession.code))
                for cession in cessions_of(
                    policy,
                    own=coinsurance.own_shares(policy),
                    certificates=certificates.get(policy.policy_no, []),
                    treaties=terms,
                )
            ],
        )
        for policy in policies
    ]


def line_of(
    policy: CededPolicy,
    cession: Cession,
    ids: Mapping[str, object],
    *,
    by: Staff | None,
    at: dt.datetime,
    reason: str = "",
    replaces: CessionLine | None = None,
) -> CessionLine:
    """Make the line of one cession of a policy, not yet written, with its `code`."""
    line = CessionLine(
        policy_no=policy.policy_no,
        product_code=policy.product_code,
        lender_code=policy.lender_code,
        unit_path=policy.unit_path,
        share=cession.share,
        valid_from=cession.valid_from,
        valid_to=cession.valid_to,
        replaces=replaces,
        reason=reason[:200],
        recorded_by=by,
        recorded_at=at,
        **ids,
    )
    line.code = cession.code
    return line


def _again(
    line: CessionLine,
    share: Decimal,
    first: dt.date,
    end: dt.date,
    *,
    replaces: CessionLine | None,
    by: Staff | None,
    at: dt.datetime,
    reason: str,
) -> CessionLine:
    return CessionLine(
        policy_no=line.policy_no,
        product_code=line.product_code,
        lender_code=line.lender_code,
        unit_path=line.unit_path,
        treaty_id=line.treaty_id,
        facultative_id=line.facultative_id,
        share=share,
        valid_from=first,
        valid_to=end,
        replaces=replaces,
        reason=reason[:200],
        recorded_by=by,
        recorded_at=at,
    )


def _changes(
    policy: CededPolicy,
    wanted: Sequence[tuple[Cession, Mapping[str, object]]],
    known: Sequence[CessionLine],
    *,
    by: Staff | None,
    at: dt.datetime,
    reason: str,
) -> list[CessionLine]:
    """Return the lines that replace or join those known, so that what is wanted is what holds."""
    words = {"by": by, "at": at, "reason": reason}
    same = {(line.code, line.valid_from, line.valid_to, line.share) for line in known}
    keep = {(each.code, each.valid_from, each.valid_to, each.share) for each, _ids in wanted}
    over = [
        line
        for line in known
        if (line.code, line.valid_from, line.valid_to, line.share) not in keep
    ]
    fresh = []
    for cession, ids in wanted:
        if (cession.code, cession.valid_from, cession.valid_to, cession.share) in same:
            continue
        place = next((line for line in over if line.code == cession.code), None)
        if place is not None:
            over.remove(place)
        fresh.append(line_of(policy, cession, ids, replaces=place, **words))
    fresh += [
        _again(line, NOUGHT, line.valid_from, line.valid_to, replaces=line, **words)
        for line in over
        if line.share
    ]
    return fresh
