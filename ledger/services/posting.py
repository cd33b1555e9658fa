"""Post and reverse entries: the one way money comes into the book.

The callers above ask their own permissions: whoever may pay a claim may have it posted.
"""

import datetime as dt
from collections.abc import Iterable, Sequence
from decimal import Decimal

import polars as pl
from django.conf import settings
from django.db import connection, transaction
from django.db.models import Sum
from django.utils.translation import gettext as _

from core.bulk import copy_in
from core.canonical import canonical, plain
from core.digests import digest
from core.row_security import past_the_wall
from core.services import record_audit
from ledger.enums import LedgerEvent, PeriodStatus, Side
from ledger.errors import Conflict, RuleBroken, WrongState
from ledger.models import Entry, EntryLine, LedgerPeriod
from ledger.rules.events import BALANCE, CHANGE, EVENTS
from ledger.rules.posting import (
    BALANCE_SHEET,
    DIMENSIONS,
    Part,
    Posted,
    RuleLine,
    posted_lines,
    read_rule_lines,
    wrong_amounts,
)
from ledger.selectors.posting_rules import chart_kinds, rule_in_force
from organization.models import Staff

LOCK = 1279607879  # "LEDG", the name space of the advisory locks of the book


@transaction.atomic
def post(
    *,
    event: LedgerEvent,
    on: dt.date,
    parts: Iterable[Part],
    key: str,
    summary: str,
    by: Staff | None,
    at: dt.datetime,
    month: dt.date | None = None,
) -> Entry | None:
    """Post one entry for an event by the rule in force on the business date `on`.

    Each part holds amounts in yuan and the dimension values of one policy; thousands of parts make
    one entry. Zero makes no line; an entry of zeroes alone is none (`None`). `month` is the month
    of the books, that of `on` unless said. The same key with the same content returns the entry
    that was posted first. Of an event that sets a reserve, a part names the `balance` that stands
    from now on per policy, treaty and claim, and the change is posted.

    Raises:
        RuleBroken: an amount is unknown to the event, negative or splits a fen; `month` is before
            the business date's.
        WrongState: the month of the books is closed.
        Missing: no posting rule is in force.
        Conflict: the key was used for something else.

    Source: architecture rule 8; PRE-41b, POST-23a; I1.
    """
    event, parts = LedgerEvent(event), list(parts)
    month = _month_of(on, month)
    content = content_digest([event, on, month, [part.content for part in parts]])
    with past_the_wall():
        _lock(key)
        found = _posted_before(key, content)
        if found:
            return found
        _check_amounts(event, parts)
        rule = rule_in_force(event=event, on=on)
        lines, _unread = read_rule_lines(rule.lines)
        if EVENTS[event].is_set:
            parts = _changes(event, lines, parts, month)
        posted = list(posted_lines(lines, parts))
        if not posted:
            return None
        _enter_month(month)
        entry = Entry(
            month=month,
            business_on=on,
            event=event,
            rule=rule,
            key=key,
            digest=content,
            summary=summary,
            posted_by=by,
            posted_at=at,
        )
        return write_entry(entry=entry, lines=posted)


@transaction.atomic
def reverse(
    *,
    entry: Entry,
    on: dt.date,
    key: str,
    reason: str,
    by: Staff | None,
    at: dt.datetime,
    month: dt.date | None = None,
) -> Entry:
    """Post the opposite of an entry, with the same accounts and dimensions, sides exchanged.

    Each entry is reversed once and stays as it is; a reversal is not reversed: post anew.

    Raises:
        RuleBroken: no reason is given, the entry is a reversal, or `month` is before that of `on`.
        WrongState: the month of the books is closed.
        Conflict: it was reversed already (by another key), or the key was used for something else.

    Source: POST-23c (reversals tracked); house style (ledger rows are appended and reversed).
    """
    month = _month_of(on, month)
    content = content_digest(["reverse", entry.pk, on, month])
    with past_the_wall():
        _lock(key)
        found = _posted_before(key, content)
        if found:
            return found
        if not reason.strip():
            raise RuleBroken("reason_missing", _("Say why."), field="reason")
        first = Entry.objects.select_for_update(of=("self",)).get(pk=entry.pk)
        if first.reverses_id:
            raise RuleBroken(
                "reversal_of_reversal", _("A reversal is not reversed; post the business anew.")
            )
        if Entry.objects.filter(reverses=first).exists():
            raise Conflict("already_reversed", _("This entry is reversed already."))
        _enter_month(month)
        opposite = Entry(
            month=month,
            business_on=on,
            event=first.event,
            rule_id=first.rule_id,
            key=key,
            digest=content,
            summary=first.summary,
            reverses=first,
            posted_by=by,
            posted_at=at,
        )
        lines = [
            Posted(account, credit, debit, tuple(dimensions))
            for account, debit, credit, *dimensions in first.lines.order_by("no").values_list(
                "account_id", "debit", "credit", *DIMENSIONS
            )
        ]
        written = write_entry(entry=opposite, lines=lines, reason=reason)
        record_audit(
            action="ledger.entry_reversed",
            subject=first,
            by=by,
            at=at,
            reason=reason,
            reversal=written.pk,
        )
        return written


def write_entry(*, entry: Entry, lines: Sequence[Posted], reason: str = "") -> Entry:
    """Write an entry with all its lines in one statement, and its audit record.

    For the services of the book alone; they hold the month. The database balances the lines.
    """
    entry.total = sum((line.debit for line in lines), Decimal(0))
    entry.save(force_insert=True)
    with past_the_wall():  # COPY does not go through policies
        copy_in(table=EntryLine._meta.db_table, frame=_frame(entry, lines), texts=DIMENSIONS)
    record_audit(
        action="ledger.entry_posted",
        subject=entry,
        by=entry.posted_by,
        at=entry.posted_at,
        reason=reason,
        event=entry.event,
        key=entry.key,
        month=entry.month,
        total=entry.total,
        lines=len(lines),
        digest=entry.digest,
    )
    return entry


def number_entries() -> None:
    """Give the entries of this transaction their numbers now instead of at its commit.

    The lock of the numbers (which is that of the evidence chain) is held from here on.
    """
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ledger_entry_finished IMMEDIATE")
        cursor.execute("SET CONSTRAINTS ledger_entry_finished DEFERRED")


def hold_month(*, month: dt.date) -> None:
    """Keep a month from being closed until this transaction ends.

    Raises:
        WrongState: it is closed.
    """
    _enter_month(month)


def _month_of(on: dt.date, month: dt.date | None) -> dt.date:
    own = on.replace(day=1)
    month = own if month is None else month.replace(day=1)
    if month < own:
        raise RuleBroken("month_before_business", _("Business is not posted before its day."))
    return month


def _enter_month(month: dt.date) -> None:
    LedgerPeriod.objects.bulk_create([LedgerPeriod(month=month)], ignore_conflicts=True)
    with connection.cursor() as cursor:
        cursor.execute("SELECT status FROM ledger_ledgerperiod WHERE month = %s FOR SHARE", [month])
        (status,) = cursor.fetchone()
    if status == PeriodStatus.CLOSED:
        raise WrongState(
            "month_closed",
            _("The books of %(month)s are closed.") % {"month": f"{month:%Y-%m}"},
            field="month",
        )


def _lock(key: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s, hashtext(%s))", [LOCK, key])


def _posted_before(key: str, content: str) -> Entry | None:
    found = Entry.objects.filter(key=key).first()
    if found and found.digest != content:
        raise Conflict(
            "key_used", _("“%(key)s” was posted already with other content.") % {"key": key}
        )
    return found


def content_digest(content: list) -> str:
    """Return the digest of what is to be posted."""
    return digest(canonical(plain(content)), algorithm=settings.EVIDENCE_DIGEST)


def _check_amounts(event: LedgerEvent, parts: Sequence[Part]) -> None:
    wrong = wrong_amounts(event, parts)
    if wrong:
        raise RuleBroken(
            "amounts_wrong",
            _("“%(event)s” does not take these amounts: %(names)s. Yuan to the fen, not negative.")
            % {"event": event.label, "names": ", ".join(sorted(wrong))},
        )


def _changes(
    event: LedgerEvent, lines: Sequence[RuleLine], parts: Sequence[Part], month: dt.date
) -> list[Part]:
    """Turn balances into changes against what stands on the reserve's account by the month."""
    _lock(f"set:{event}")  # two settings at once would both start from the same balance
    kinds = chart_kinds()
    reserve = next(line for line in lines if kinds[line.account] in BALANCE_SHEET)
    policies = {part.policy_no for part in parts}
    found = (
        EntryLine.objects.filter(account=reserve.account, month__lte=month, policy_no__in=policies)
        .values_list("policy_no", "treaty_code", "claim_no")
        .annotate(net=Sum("debit") - Sum("credit"))
    )
    sign = 1 if reserve.side == Side.DEBIT else -1
    standing = {tuple(key): sign * net for *key, net in found}
    keys = [(part.policy_no, part.treaty_code, part.claim_no) for part in parts]
    if len(set(keys)) != len(keys):
        raise RuleBroken(
            "reserve_set_twice", _("A reserve is set once per policy, treaty and claim.")
        )
    return [
        _with_change(part, part.amounts.get(BALANCE, Decimal(0)) - standing.get(key, Decimal(0)))
        for part, key in zip(parts, keys, strict=True)
    ]


def _with_change(part: Part, change: Decimal) -> Part:
    words = dict(zip(DIMENSIONS, part.dimensions, strict=True))
    return Part(amounts={CHANGE: change}, **words)


def _frame(entry: Entry, lines: Sequence[Posted]) -> pl.DataFrame:
    count = len(lines)
    columns: dict[str, list] = {
        "entry_id": [entry.pk] * count,
        "no": list(range(1, count + 1)),
        "account_id": [line.account for line in lines],
        "month": [entry.month] * count,
        "debit": [f"{line.debit:.2f}" for line in lines],
        "credit": [f"{line.credit:.2f}" for line in lines],
    }
    for number, name in enumerate(DIMENSIONS):
        columns[name] = [line.dimensions[number] for line in lines]
    return pl.DataFrame(columns)
