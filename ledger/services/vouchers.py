"""Manual vouchers and reversals that a person asks for: one drafts, another approves and posts."""

import datetime as dt
from collections.abc import Sequence
from decimal import Decimal, InvalidOperation
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from core.money import FEN
from core.services import record_audit
from ledger.enums import LedgerEvent, VoucherStatus
from ledger.errors import Conflict, RuleBroken
from ledger.models import Account, Entry, Voucher
from ledger.permissions import check_decide_voucher, check_post_vouchers, check_refuse_voucher
from ledger.rules.posting import DIMENSIONS, Posted, unbalanced_by
from ledger.services.posting import content_digest, hold_month, reverse, write_entry
from organization.models import Staff
from organization.services.awaiting import align_work


@transaction.atomic
def post_manual(
    *,
    on: dt.date,
    summary: str,
    lines: Sequence[dict[str, Any]],
    by: Staff,
    at: dt.datetime,
    month: dt.date | None = None,
) -> Voucher:
    """Draft a manual voucher; it is posted when another person approves it.

    Each line names `account`, `debit` or `credit` (yuan) and, where known, dimension values.

    Raises:
        NotPermitted: the person does not draft vouchers.
        RuleBroken: the summary or a side is missing, an account is unknown or stands for a
            sub-ledger, an amount is not yuan to the fen, or the voucher does not balance.
        WrongState: the month of the books is closed.

    Source: POST-23c.
    """
    check_post_vouchers(by)
    if not summary.strip():
        raise RuleBroken("summary_missing", _("Say what the voucher is for."), field="summary")
    month = (month or on).replace(day=1)
    _check_month(on, month)
    posted = read_voucher_lines(lines)
    _check_accounts(posted)
    hold_month(month=month)
    draft = Voucher.objects.create(
        month=month,
        business_on=on,
        summary=summary,
        lines=[_plain(line) for line in posted],
        drafted_by=by,
        drafted_at=at,
    )
    return _drafted(draft, by, at)


@transaction.atomic
def draft_reversal(
    *, entry: Entry, on: dt.date, reason: str, by: Staff, at: dt.datetime
) -> Voucher:
    """Ask for an entry to be reversed; it is when another person approves.

    Raises:
        NotPermitted: the person does not draft vouchers.
        RuleBroken: no reason is given, or the entry is itself a reversal.
        Conflict: it is reversed already, or a reversal awaits approval.
        WrongState: the month of the books is closed.

    Source: POST-23c (reversals tracked, manual journals dual-approved).
    """
    check_post_vouchers(by)
    if not reason.strip():
        raise RuleBroken("reason_missing", _("Say why."), field="reason")
    first = Entry.objects.select_for_update(of=("self",)).get(pk=entry.pk)
    if first.reverses_id:
        raise RuleBroken(
            "reversal_of_reversal", _("A reversal is not reversed; post the business anew.")
        )
    waiting = Voucher.objects.filter(reverses=first, status=VoucherStatus.DRAFT)
    if Entry.objects.filter(reverses=first).exists() or waiting.exists():
        raise Conflict(
            "already_reversed", _("This entry is reversed, or a reversal of it awaits approval.")
        )
    month = max(on.replace(day=1), first.month)
    hold_month(month=month)
    draft = Voucher.objects.create(
        month=month,
        business_on=on,
        summary=reason[:200],
        reverses=first,
        drafted_by=by,
        drafted_at=at,
    )
    return _drafted(draft, by, at)


@transaction.atomic
def approve_voucher(*, voucher: Voucher, by: Staff, at: dt.datetime, remark: str = "") -> Voucher:
    """Approve a draft and post it.

    Raises:
        NotPermitted: the person does not approve vouchers, or drafted this one.
        WrongState: it no longer awaits approval, or the month of the books is closed.
        Conflict: the entry to reverse was reversed meanwhile.
    """
    locked = Voucher.objects.select_for_update(of=("self",)).get(pk=voucher.pk)
    check_decide_voucher(by, locked)
    locked.decide(VoucherStatus.APPROVED, by=by, at=at, remark=remark)
    locked.entry = _reversed(locked, at) if locked.reverses_id else _posted(locked, at)
    locked.save(update_fields=["status", "remark", "decided_by", "decided_at", "entry"])
    record_audit(
        action="ledger.voucher_approved",
        subject=locked,
        by=by,
        at=at,
        reason=remark,
        entry=locked.entry_id,
    )
    align_work(subjects=[locked], by=by, at=at, outcome="approved")
    return locked


@transaction.atomic
def refuse_voucher(*, voucher: Voucher, by: Staff, at: dt.datetime, remark: str) -> Voucher:
    """Refuse a draft, or take one's own back, saying why; nothing is posted.

    Raises:
        NotPermitted: the person neither approves vouchers nor drafted this one.
        WrongState: it no longer awaits approval.
        RuleBroken: nothing is said.
    """
    locked = Voucher.objects.select_for_update(of=("self",)).get(pk=voucher.pk)
    check_refuse_voucher(by, locked)
    if not remark.strip():
        raise RuleBroken("remark_missing", _("Say why."), field="remark")
    locked.decide(VoucherStatus.REFUSED, by=by, at=at, remark=remark)
    locked.save(update_fields=["status", "remark", "decided_by", "decided_at"])
    record_audit(action="ledger.voucher_refused", subject=locked, by=by, at=at, reason=remark)
    align_work(subjects=[locked], by=by, at=at, outcome="refused")
    return locked


def read_voucher_lines(lines: Sequence[dict[str, Any]]) -> list[Posted]:
    """Read the lines of a voucher; amounts in yuan, text or numbers.

    Raises:
        RuleBroken: a line has not exactly one side, an amount is not yuan to the fen, there are
            fewer than two lines, or they do not balance.
    """
    posted = []
    for number, line in enumerate(lines, 1):
        debit, credit = _yuan(line.get("debit")), _yuan(line.get("credit"))
        if debit is None or credit is None or min(debit, credit) < 0 or (debit > 0) == (credit > 0):
            raise RuleBroken(
                "voucher_line",
                _("Line %(number)s: say either debit or credit, in yuan to the fen.")
                % {"number": number},
                field="lines",
            )
        dimensions = tuple(str(line.get(name, "") or "").strip() for name in DIMENSIONS)
        posted.append(Posted(str(line.get("account", "")).strip(), debit, credit, dimensions))
    if len(posted) < 2:
        raise RuleBroken("voucher_short", _("A voucher has at least two lines."), field="lines")
    if unbalanced_by(posted):
        raise RuleBroken(
            "voucher_unbalanced",
            _("Debit and credit differ by %(yuan)s yuan.")
            % {"yuan": f"{abs(unbalanced_by(posted)):,.2f}"},
            field="lines",
        )
    return posted


def _yuan(word: Any) -> Decimal | None:
    try:
        yuan = Decimal(str(word or "0").replace(",", "").strip() or "0")
        return yuan if yuan.is_finite() and yuan == yuan.quantize(FEN) else None
    except InvalidOperation:
        return None


def _check_month(on: dt.date, month: dt.date) -> None:
    if month < on.replace(day=1):
        raise RuleBroken(
            "month_before_business", _("Business is not posted before its day."), field="month"
        )


def _check_accounts(lines: Sequence[Posted]) -> None:
    known = dict(Account.objects.values_list("code", "is_control"))
    codes = {line.account for line in lines}
    strange = sorted(codes - known.keys())
    if strange:
        raise RuleBroken(
            "account_unknown",
            _("The chart has no account %(codes)s.") % {"codes": ", ".join(strange)},
            field="lines",
        )
    control = sorted(code for code in codes if known[code])
    if control:
        raise RuleBroken(
            "control_account",
            _("%(codes)s stand for sub-ledgers: post the business, not a voucher.")
            % {"codes": ", ".join(control)},
            field="lines",
        )


def _plain(line: Posted) -> dict[str, str]:
    words = {
        "account": line.account,
        "debit": f"{line.debit:.2f}",
        "credit": f"{line.credit:.2f}",
    }
    named = zip(DIMENSIONS, line.dimensions, strict=True)
    return words | {name: word for name, word in named if word}


def _drafted(draft: Voucher, by: Staff, at: dt.datetime) -> Voucher:
    record_audit(
        action="ledger.voucher_drafted",
        subject=draft,
        by=by,
        at=at,
        reason=draft.summary,
        lines=draft.lines,
        reverses=draft.reverses_id,
    )
    align_work(subjects=[draft], by=by, at=at)
    return draft


def _key(voucher: Voucher) -> str:
    return f"voucher:{voucher.pk}"


def _reversed(voucher: Voucher, at: dt.datetime) -> Entry:
    return reverse(
        entry=voucher.reverses,
        on=voucher.business_on,
        month=voucher.month,
        key=_key(voucher),
        reason=voucher.summary,
        by=voucher.drafted_by,
        at=at,
    )


def _posted(voucher: Voucher, at: dt.datetime) -> Entry:
    lines = read_voucher_lines(voucher.lines)
    _check_accounts(lines)
    hold_month(month=voucher.month)
    entry = Entry(
        month=voucher.month,
        business_on=voucher.business_on,
        event=LedgerEvent.MANUAL,
        key=_key(voucher),
        digest=content_digest([voucher.month, voucher.lines]),
        summary=voucher.summary,
        posted_by=voucher.drafted_by,
        posted_at=at,
    )
    return write_entry(entry=entry, lines=lines)
