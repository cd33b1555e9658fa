"""Closing of a month of the books: prepared by one person, confirmed by another, for good."""

import datetime as dt
from collections.abc import Callable, Iterable
from dataclasses import asdict, dataclass
from itertools import islice

from django.db import transaction
from django.db.models import Count, F, Max, Q, Sum
from django.utils.translation import gettext as _

from core.months import add_months
from core.row_security import past_the_wall
from core.services import record_audit
from ledger.enums import CloseCheck, PeriodStatus, VoucherStatus
from ledger.errors import RuleBroken, WrongState
from ledger.models import Entry, EntryLine, LedgerPeriod, TrialBalanceLine, Voucher
from ledger.permissions import check_close_books, check_post_vouchers
from ledger.selectors.periods import computed_trial_balance
from ledger.selectors.reconciliation import reconciliation
from ledger.services.preparations import run_preparations
from ledger.services.reconciliation import freeze_ledger_figures
from ledger.services.subledgers import subledger_gaps, subledgers
from ledger.services.years import carry_year_forward
from organization.models import Staff
from organization.services.awaiting import align_work

SHOWN = 20


@dataclass(frozen=True)
class CheckResult:
    """One check of a month: whether it holds, how much was looked at, what stands in the way."""

    code: str
    holds: bool
    checked: int
    found: tuple[str, ...] = ()


def closing_checks(*, month: dt.date) -> list[CheckResult]:
    """Run every check of a month as the books stand now. Source: I1, I8."""
    return [check(month) for check in CHECKS]


@transaction.atomic
def prepare_closing(*, month: dt.date, by: Staff, at: dt.datetime) -> LedgerPeriod:
    """Post what a month lacks, check it, hand it on for confirmation; until then it stays open.

    Raises:
        NotPermitted: the person does not work on the books.
        WrongState: the month is closed.
        RuleBroken: a check does not hold (`findings`).
    """
    check_post_vouchers(by)
    period = _locked(month)
    _require_open(period)
    run_preparations(month=month, by=by, at=at)
    period.prepared_through = _last_entry()
    results = _require(period)
    period.status, period.prepared_by, period.prepared_at = PeriodStatus.PREPARED, by, at
    period.checks = [asdict(each) for each in results]
    period.save()
    record_audit(action="ledger.closing_prepared", subject=period, by=by, at=at, month=month)
    align_work(subjects=[period], by=by, at=at)
    return period


@transaction.atomic
def close_period(*, month: dt.date, by: Staff, at: dt.datetime, remark: str = "") -> LedgerPeriod:
    """Check a prepared month once more, freeze its trial balance and close it for good.

    What came since it was prepared is posted too; a December carries its year's income and
    expense forward.

    Raises:
        NotPermitted: the person does not close the books, or prepared this closing.
        WrongState: the month is not prepared.
        RuleBroken: a check does not hold any more (`findings`).

    Source: I1, I8; architecture rule 2.
    """
    period = _locked(month)
    check_close_books(by, period)
    if period.status != PeriodStatus.PREPARED:
        raise WrongState("closing_not_prepared", _("The closing of this month is not prepared."))
    if _last_entry() != period.prepared_through:
        run_preparations(month=month, by=by, at=at)
    results = _require(period)
    carry_year_forward(month=month, by=by, at=at)
    lines = computed_trial_balance(period=period)
    TrialBalanceLine.objects.bulk_create(lines)
    freeze_ledger_figures(month=month, prepared_by=period.prepared_by, by=by, at=at)
    period.status, period.closed_by, period.closed_at = PeriodStatus.CLOSED, by, at
    period.checks, period.remark = [asdict(each) for each in results], remark
    period.save()
    record_audit(
        action="ledger.books_closed",
        subject=period,
        by=by,
        at=at,
        reason=remark,
        month=month,
        accounts=len(lines),
        debit=sum(line.debit for line in lines),
    )
    align_work(subjects=[period], by=by, at=at, outcome="closed")
    return period


@transaction.atomic
def return_closing(*, month: dt.date, by: Staff, at: dt.datetime, remark: str) -> LedgerPeriod:
    """Send a prepared closing back to whoever prepares it, saying why.

    Raises:
        NotPermitted: the person does not close the books, or prepared this closing.
        WrongState: the month is not prepared.
        RuleBroken: nothing is said.
    """
    period = _locked(month)
    check_close_books(by, period)
    if period.status != PeriodStatus.PREPARED:
        raise WrongState("closing_not_prepared", _("The closing of this month is not prepared."))
    if not remark.strip():
        raise RuleBroken("remark_missing", _("Say why."), field="remark")
    period.status, period.remark = PeriodStatus.OPEN, remark
    period.save(update_fields=["status", "remark"])
    record_audit(
        action="ledger.closing_returned", subject=period, by=by, at=at, reason=remark, month=month
    )
    align_work(subjects=[period], by=by, at=at, outcome="returned")
    return period


def _locked(month: dt.date) -> LedgerPeriod:
    LedgerPeriod.objects.bulk_create([LedgerPeriod(month=month)], ignore_conflicts=True)
    return LedgerPeriod.objects.select_for_update(of=("self",)).get(month=month)


def _last_entry() -> int | None:
    with past_the_wall():  # the two people may see different units
        return Entry.objects.aggregate(last=Max("pk"))["last"]


def _require_open(period: LedgerPeriod) -> None:
    if period.status == PeriodStatus.CLOSED:
        raise WrongState(
            "month_closed",
            _("The books of %(month)s are closed.") % {"month": f"{period.month:%Y-%m}"},
        )


def _require(period: LedgerPeriod) -> list[CheckResult]:
    _require_open(period)
    results = closing_checks(month=period.month)
    broken = [each for each in results if not each.holds]
    if broken:
        words = "; ".join(str(CloseCheck(each.code).label) for each in broken)
        raise RuleBroken(
            "closing_checks",
            _("This does not hold yet: %(words)s.") % {"words": words},
            findings=broken,
        )
    return results


def _result(code: CloseCheck, checked: int, found: Iterable[str]) -> CheckResult:
    shown = tuple(islice(found, SHOWN))
    return CheckResult(code.value, not shown, checked, shown)


def _balanced(month: dt.date) -> CheckResult:
    return _result(
        CloseCheck.BALANCED,
        Entry.objects.filter(month=month).count(),
        unbalanced_entries(month=month),
    )


def unbalanced_entries(*, month: dt.date | None = None) -> list[str]:
    """Return the entries, of one month or all, whose sides differ or that lack lines. I1."""
    entries = Entry.objects.all() if month is None else Entry.objects.filter(month=month)
    found = entries.annotate(
        debit=Sum("lines__debit"), credit=Sum("lines__credit"), count=Count("lines")
    ).exclude(debit=F("credit"), credit=F("total"), count__gte=2)
    return [
        f"{each.number or each.pk}: {each.debit} / {each.credit}"
        for each in found.order_by("pk")[:SHOWN]
    ]


def _month_before(month: dt.date) -> CheckResult:
    earlier = Entry.objects.filter(month__lt=month)
    before = add_months(month, -1)
    closed = LedgerPeriod.objects.filter(status=PeriodStatus.CLOSED)
    is_first = not earlier.exists() and not closed.filter(month__lt=month).exists()
    is_ready = is_first or closed.filter(month=before).exists()
    return _result(CloseCheck.MONTH_BEFORE, 1, [] if is_ready else [f"{before:%Y-%m}"])


def _vouchers_decided(month: dt.date) -> CheckResult:
    waiting = Voucher.objects.filter(month=month, status=VoucherStatus.DRAFT).order_by("pk")
    return _result(
        CloseCheck.VOUCHERS_DECIDED,
        Voucher.objects.filter(month=month).count(),
        [f"#{each.pk} {each.summary}" for each in waiting],
    )


def _subledgers_tie(month: dt.date) -> CheckResult:
    return _result(
        CloseCheck.SUBLEDGERS,
        len(subledgers()),
        (
            f"{gap.account_code} {gap.policy_no or '—'}: {gap.subledger} / {gap.ledger}"
            for gap in subledger_gaps(month=month)
        ),
    )


def _explained(month: dt.date) -> CheckResult:
    rows = [row for row in reconciliation(month=month) if row.difference is not None]
    return _result(
        CloseCheck.EXPLAINED,
        len(rows),
        [f"{row.words}: {row.difference:,.2f}" for row in rows if not row.is_settled],
    )


CHECKS: list[Callable[[dt.date], CheckResult]] = [
    _balanced,
    _month_before,
    _vouchers_decided,
    _subledgers_tie,
    _explained,
]


def sides_by_day() -> list[str]:
    """Return the days on which debit and credit of all lines differ. I1."""
    found = (
        EntryLine.objects.values("entry__business_on")
        .annotate(debit=Sum("debit"), credit=Sum("credit"))
        .filter(~Q(debit=F("credit")))
    )
    return [
        f"{row['entry__business_on']:%Y-%m-%d}: {row['debit']} / {row['credit']}"
        for row in found[:SHOWN]
    ]
