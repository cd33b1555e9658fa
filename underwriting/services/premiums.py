"""Premiums fall due, come in, and are earned: always with their entry in the book."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from django.db import connection, transaction
from django.utils.translation import gettext as _

from core.errors import RuleBroken
from core.money import FEN
from core.months import month_end
from core.row_security import past_the_wall
from core.selectors import figure
from core.services import record_audit
from ledger.enums import LedgerEvent
from ledger.services import Part, post
from organization.enums import Permission
from organization.models import Staff
from organization.permissions import check
from underwriting.enums import PremiumMove, PremiumStage
from underwriting.models import Policy, PremiumReceipt
from underwriting.rules.premiums import Instalment, allocate
from underwriting.services.instalments import held_instalments, move_instalments

_DIMENSIONS = """
    JOIN underwriting_policy p ON p.id = {of}.policy_id
    JOIN partners_lender l ON l.id = p.lender_id
    JOIN products_productversion v ON v.id = p.product_version_id
    JOIN products_product d ON d.id = v.product_id
    JOIN organization_unit u ON u.id = p.unit_id
"""
_MOVE = (
    """
WITH moved AS (
    UPDATE underwriting_premiuminstalment SET stage = %(to)s
    WHERE stage = %(from)s AND due_on <= %(until)s
    RETURNING policy_id, n, amount - paid - cancelled - written_off AS open
), kept AS (
    INSERT INTO underwriting_premiummovement (policy_id, n, "on", move, stage, amount)
    SELECT policy_id, n, %(on)s, %(to)s, %(to)s, open FROM moved WHERE open > 0
)
SELECT p.policy_no, l.code, d.code, u.path, sum(m.open) FROM moved m"""
    + _DIMENSIONS.format(of="m")
    + "WHERE m.open > 0 GROUP BY 1, 2, 3, 4 ORDER BY 1"
)
_UNEARNED = (
    """
WITH later AS (
    SELECT policy_id, n, bool_or(move = 'written') AS is_new,
        sum(amount) FILTER (WHERE move IN ('cancelled', 'refunded')) AS back
    FROM underwriting_premiummovement WHERE "on" > %(last)s GROUP BY 1, 2
)
SELECT p.policy_no, l.code, d.code, u.path, round(sum(
    CASE WHEN p.status = 'in_force' OR p.ended_on > %(last)s THEN
        (i.amount - i.vat) * (i.amount - i.cancelled - i.refunded + coalesce(since.back, 0))
        * greatest(0, i.covers_to - greatest(i.covers_from, %(after)s))
        / (i.amount * (i.covers_to - i.covers_from))
    ELSE 0 END), 2)
FROM underwriting_premiuminstalment i
LEFT JOIN later since ON since.policy_id = i.policy_id AND since.n = i.n"""
    + _DIMENSIONS.format(of="i")
    + """
WHERE p.cover_from <= %(after)s
    AND (p.ended_on IS NULL OR p.ended_on >= %(first)s)
    AND (p.cover_to >= %(first)s)
    AND NOT coalesce(since.is_new, false)
    AND (NOT %(due_alone)s OR i.due_on <= %(last)s)
GROUP BY 1, 2, 3, 4 ORDER BY 1"""
)


@dataclass(frozen=True, kw_only=True)
class Receipt:
    """Money that came in for a policy: yuan, the day, and the bank's or the file's number."""

    policy_no: str
    amount: Decimal
    received_on: dt.date
    reference: str


@transaction.atomic
def move_premiums(*, through: dt.date, by: Staff | None, at: dt.datetime) -> tuple[int, int]:
    """Let premiums fall due by a day, and become overdue after the days of grace.

    Returns for how many policies each was posted. Each instalment moves once, whatever is run
    again, so the entry needs no key of its own.
    Source: PRE-41b, PRE-41c.
    """
    grace = int(figure(name="premium.grace_days", as_of=through))
    steps = (
        (PremiumStage.NOT_DUE, PremiumStage.DUE, through, LedgerEvent.PREMIUM_DUE),
        (
            PremiumStage.DUE,
            PremiumStage.OVERDUE,
            through - dt.timedelta(days=grace + 1),
            LedgerEvent.PREMIUM_OVERDUE,
        ),
    )
    counts = []
    for stage, following, until, event in steps:
        with connection.cursor() as cursor:
            cursor.execute(_MOVE, {"from": stage, "to": following, "until": until, "on": through})
            rows = cursor.fetchall()
        counts.append(len(rows))
        if not rows:
            continue
        post(
            event=event,
            on=through,
            parts=_parts(rows, "amount"),
            key=f"{event}:{through}:{uuid.uuid4().hex}",
            summary=f"{event.label} {through}",
            by=by,
            at=at,
        )
    return counts[0], counts[1]


@transaction.atomic
def receive_premiums(
    *, receipts: Sequence[Receipt], key: str, by: Staff | None, at: dt.datetime
) -> list[PremiumReceipt]:
    """Take premiums that came in: overdue first, then due, then ahead. All of them or none.

    The same key takes the money once and returns what it was given to. Each policy stands once.

    Raises:
        NotPermitted: the person may not receive premiums.
        RuleBroken: the key took other money before; a policy is unknown or repeated; an amount is
            not above zero or is more than is open. `findings` names each.
    Source: PRE-41b; safety.md I4, R10.
    """
    check(by, Permission.RECEIVE_PREMIUMS)
    with connection.cursor() as cursor:  # the same key at once: the second waits for the first
        cursor.execute("SELECT pg_advisory_xact_lock(hashtext(%s))", [f"premium receipt {key}"])
    known = list(
        PremiumReceipt.objects.filter(key__startswith=f"{key}:")
        .select_related("policy")
        .order_by("pk")
    )
    if known:
        return _the_same(known, receipts)
    numbers = [receipt.policy_no for receipt in receipts]
    policies = {
        policy.policy_no: policy
        for policy in Policy.objects.filter(policy_no__in=numbers).prefetch_related(
            "lender",
            "unit",
            "product_version__product",  # the same few for thousands of policies
        )
    }
    lines = _lines_for(receipts, policies)
    findings, paid, rows = [], {}, []
    for receipt in receipts:
        policy = policies.get(receipt.policy_no)
        finding = _finding(receipt, policy, numbers)
        given, left = allocate(receipt.amount, lines.get(policy.pk, []) if policy else [])
        if finding or left:
            findings.append(finding or _more_than_open(receipt, left))
            continue
        paid |= {(policy.pk, part.n): part.amount for part in given}
        by_stage = {
            stage.value: sum((part.amount for part in given if part.stage == stage), Decimal(0))
            for stage in PremiumStage
        }
        rows.append(
            PremiumReceipt(
                policy=policy,
                key=f"{key}:{receipt.policy_no}",
                received_on=receipt.received_on,
                amount=receipt.amount,
                reference=receipt.reference,
                recorded_by=by,
                recorded_at=at,
                **by_stage,
            )
        )
    if findings:
        raise RuleBroken("receipts_refused", " ".join(findings), findings=findings)
    _take(PremiumReceipt.objects.bulk_create(rows), paid)
    _post_receipts(rows, key, by, at)
    if len(rows) == 1:
        record_audit(
            action="underwriting.premium_received",
            subject=rows[0].policy,
            by=by,
            at=at,
            amount=str(rows[0].amount),
            reference=rows[0].reference,
        )
    return rows


def _take(receipts: Sequence[PremiumReceipt], paid: Mapping[tuple[int, int], Decimal]) -> None:
    for day in sorted({each.received_on for each in receipts}):
        of_day = {each.policy_id: each.pk for each in receipts if each.received_on == day}
        amounts = {(pk, n): amount for (pk, n), amount in paid.items() if pk in of_day}
        move_instalments(move=PremiumMove.PAID, on=day, amounts=amounts, receipts=of_day)


def _the_same(known: list[PremiumReceipt], receipts: Sequence[Receipt]) -> list[PremiumReceipt]:
    taken = {(each.policy.policy_no, each.amount, each.received_on) for each in known}
    if taken != {(each.policy_no, each.amount, each.received_on) for each in receipts}:
        raise RuleBroken("key_reused", _("This form was sent before with other words. Reload it."))
    return known


def _lines_for(
    receipts: Sequence[Receipt], policies: dict[str, Policy]
) -> dict[int, list[Instalment]]:
    """Return what the receipts may go to; what is not due yet only where more came than is due."""
    lines = held_instalments(policy_ids=[each.pk for each in policies.values()], is_due=True)
    ahead = [
        policies[each.policy_no].pk
        for each in receipts
        if each.policy_no in policies
        and each.amount
        > sum((line.open for line in lines.get(policies[each.policy_no].pk, ())), Decimal(0))
    ]
    return lines | (held_instalments(policy_ids=ahead) if ahead else {})


def _post_receipts(
    rows: Sequence[PremiumReceipt], key: str, by: Staff | None, at: dt.datetime
) -> None:
    for day in sorted({row.received_on for row in rows}):
        post(
            event=LedgerEvent.PREMIUM_RECEIVED,
            on=day,
            parts=[
                Part(
                    amounts={stage: getattr(row, stage) for stage in PremiumStage.values},
                    **row.policy.dimensions,
                )
                for row in rows
                if row.received_on == day
            ],
            key=f"premium_received:{key}:{day}",
            summary=_("Premiums received on %(day)s") % {"day": day},
            by=by,
            at=at,
        )


def _finding(receipt: Receipt, policy: Policy | None, numbers: Sequence[str]) -> str:
    if policy is None:
        return _("There is no policy %(no)s.") % {"no": receipt.policy_no}
    if numbers.count(receipt.policy_no) > 1:
        return _("Policy %(no)s stands in it twice.") % {"no": receipt.policy_no}
    if receipt.amount <= 0 or receipt.amount != receipt.amount.quantize(FEN):
        return _("The amount for policy %(no)s must be whole fen above zero.") % {
            "no": receipt.policy_no
        }
    return ""


def _more_than_open(receipt: Receipt, left: Decimal) -> str:
    return _("Policy %(no)s: %(left)s yuan more than is open.") % {
        "no": receipt.policy_no,
        "left": f"{left:,.2f}",
    }


@transaction.atomic
def set_unearned_premiums(*, month: dt.date, by: Staff | None, at: dt.datetime) -> int:
    """Set the unearned premium of every policy at a month's end, by days (1/365).

    One statement reckons what `rules.premiums.unearned` says of one policy; a test compares them.
    What was written, cancelled or given back after the month does not count, whenever it is run.
    Returns the number of policies. Source: F1a, PRE-41b.
    """
    last, rows = month_end(month), _unearned_rows(month, due_alone=False)
    post(
        event=LedgerEvent.UNEARNED_PREMIUM,
        on=last,
        parts=_parts(rows, "balance"),
        key=f"unearned_premium:{last}:{uuid.uuid4().hex}",
        summary=_("Unearned premium at %(day)s") % {"day": last},
        by=by,
        at=at,
    )
    return len(rows)


def unearned_of_due(*, month: dt.date) -> dict[str, Decimal]:
    """Return by policy the unearned premium of what fell due by a month's end, yuan without tax.

    That is what was ceded, so reinsurers' shares are reckoned of it. Source: F1a.
    """
    return {row[0]: row[-1] for row in _unearned_rows(month, due_alone=True)}


def _unearned_rows(month: dt.date, *, due_alone: bool) -> list[tuple]:
    last = month_end(month)
    words = {
        "first": month.replace(day=1),
        "last": last,
        "after": last + dt.timedelta(days=1),
        "due_alone": due_alone,
    }
    with past_the_wall(), connection.cursor() as cursor:
        cursor.execute(_UNEARNED, words)
        return cursor.fetchall()


def _parts(rows: Sequence[tuple], name: str) -> list[Part]:
    return [
        Part(
            amounts={name: amount},
            policy_no=policy_no,
            lender_code=lender,
            product_code=product,
            unit_path=path,
        )
        for policy_no, lender, product, path, amount in rows
    ]
