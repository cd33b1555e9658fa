"""The demo's accounts, month by month, through the services.

What happens to the policies follows the lender's files: who pays, who settles early, what is
written off. `demo/SOURCE.md` says what is real.
"""

from __future__ import annotations

import datetime as dt
import io
from collections.abc import Callable
from decimal import Decimal

from django.db import transaction
from django.db.models import F, Q, Sum
from django.utils import timezone

from core import clock
from core.money import from_fen, round_fen, split_fen, to_fen
from core.months import add_months, month_end, month_text
from desk.services.demo_policies import OWN, at_noon
from ledger.enums import FigureSource, FinanceLine, LedgerEvent, PeriodStatus
from ledger.models import EntryLine, FinanceBatch, LedgerPeriod
from ledger.selectors import balance_by_policy, ledger_figures
from ledger.services import (
    Part,
    approve_voucher,
    close_period,
    explain_difference,
    import_finance_figures,
    post,
    post_manual,
    prepare_closing,
    sign_off_finance_figures,
)
from organization.models import Staff
from partners.models import Lender
from postloss.enums import RepaymentStatus
from postloss.models import LoanStatus
from underwriting.enums import PolicyState, PremiumStage
from underwriting.models import Policy, PremiumInstalment
from underwriting.services import CededClaim, cede_claim, cede_premiums, cede_recovery
from underwriting.services.endings import end_policies, expire_policies
from underwriting.services.premiums import (
    Receipt,
    move_premiums,
    receive_premiums,
)

FIRST = dt.date(2017, 5, 1)
COMMISSION = Decimal("0.10")  # of premium received
RESERVE = Decimal("0.06")  # of what is owed and late by more than sixty days
RECOVERED = Decimal("0.25")  # of a claim, a third in each of the three months after it
EXPENSE, TAXES = Decimal("0.16"), Decimal("0.0072")  # of premium received
LATE = 60
ACCRUED = Decimal("1200.00")  # what finance accrues besides
RESERVES = "260201"
REASONS = {
    "settle": "借款已提前结清（资金方还款文件）。",
    "claim": "借款已核销，保险人履行赔偿责任。",
}
Say = Callable[[str], None]


def keep_accounts(*, lender: Lender, people: dict[str, Staff], through: dt.date, say: Say) -> None:
    """Do what a month brings, for every month that the books are not closed for."""
    closed = set(
        LedgerPeriod.objects.filter(status=PeriodStatus.CLOSED).values_list("month", flat=True)
    )
    month = FIRST
    while month <= through:
        if month not in closed:
            say(f"accounts of {month_text(month)}")
            with transaction.atomic():  # a month that was broken off begins anew
                if month > FIRST:
                    _business(month, lender, people)
                _end_of_month(month, people)
        month = add_months(month, 1)


def _business(month: dt.date, lender: Lender, people: dict[str, Staff]) -> None:
    last = month_end(month)
    at, sun, bai = at_noon(last), people["sun"], people["bai"]
    move_premiums(through=last, by=sun, at=at)
    states = {
        row.loan_id: row for row in LoanStatus.objects.filter(as_of=last, loan__lender=lender)
    }
    live = _live()
    received = _receive(month, live, states, sun, at)
    cede_premiums(through=last, by=sun, at=at)
    gone = {"settle": RepaymentStatus.SETTLED, "claim": RepaymentStatus.WRITTEN_OFF}
    for action, state in gone.items():
        ended = [each for each in live if _is(states.get(each.loan_id), state)]
        if action == "claim":
            _pay_claims(month, ended, sun, at)
        if ended:
            end_policies(
                action,
                policies=ended,
                on=last,  # in the month whose unearned premium it ends
                by=bai,
                at=at,
                reason=REASONS[action],
            )
    _recover(month, sun, at)
    _set_reserves(states, sun, at)
    expire_policies(through=last, by=bai, at=at)
    _expenses(month, received, people)


def _live() -> list[Policy]:
    found = Policy.objects.filter(status=PolicyState.IN_FORCE).order_by("pk")
    return list(found.prefetch_related("lender", "unit", "product_version__product"))


def _is(row: LoanStatus | None, state: int) -> bool:
    return row is not None and row.status == state


def _receive(
    month: dt.date,
    live: list[Policy],
    states: dict[int, LoanStatus],
    by: Staff,
    at: dt.datetime,
) -> Decimal:
    """Take the premium of everybody whose loan is not late; return it, and its commission."""
    last = month_end(month)
    owed = {
        row["policy_id"]: row["open"]
        for row in PremiumInstalment.objects.exclude(stage=PremiumStage.NOT_DUE)
        .values("policy_id")
        .annotate(open=Sum(F("amount") - F("paid") - F("cancelled") - F("written_off")))
        .filter(open__gt=0)
    }
    payers = [
        each
        for each in live
        if each.pk in owed and each.loan_id in states and not states[each.loan_id].days_overdue
    ]
    if not payers:
        return Decimal(0)
    receive_premiums(
        receipts=[
            Receipt(
                policy_no=each.policy_no,
                amount=owed[each.pk],
                received_on=last,
                reference=f"DEMO-{month_text(month)}",
            )
            for each in payers
        ],
        key=f"demo:{month_text(month)}",
        by=by,
        at=at,
    )
    fees = [
        Part(amounts={"amount": round_fen(owed[each.pk] * COMMISSION)}, **each.dimensions)
        for each in payers
    ]
    for event in (LedgerEvent.COMMISSION, LedgerEvent.COMMISSION_PAID):
        _post(event, last, fees, by, at)
    return sum((owed[each.pk] for each in payers), Decimal(0))


def _pay_claims(month: dt.date, policies: list[Policy], by: Staff, at: dt.datetime) -> None:
    """Pay what was owed on loans written off this month; reinsurers bear their part."""
    last, before = month_end(month), month_end(add_months(month, -1))
    owed = {
        row.loan_id: round_fen(from_fen(row.outstanding_fen) * OWN)
        for row in LoanStatus.objects.filter(
            as_of=before, loan_id__in=[each.loan_id for each in policies]
        )
    }
    claims = {each: owed.get(each.loan_id, Decimal(0)) for each in policies}
    claims = {policy: amount for policy, amount in claims.items() if amount}
    parts = [_claim_part(each, amount=amount) for each, amount in claims.items()]
    for event in (LedgerEvent.CLAIM_APPROVED, LedgerEvent.CLAIM_PAID):
        _post(event, last, parts, by, at)
    for policy, amount in claims.items():
        key = f"demo:claim:{policy.policy_no}"
        cede_claim(claim=_ceded(policy, last), amount=amount, on=last, key=key, by=by, at=at)


def _claim_part(policy: Policy, **amounts: Decimal) -> Part:
    return Part(amounts=amounts, claim_no=f"LP{policy.policy_no}", **policy.dimensions)


def _ceded(policy: Policy, day: dt.date) -> CededClaim:
    return CededClaim(
        claim_no=f"LP{policy.policy_no}",
        **policy.dimensions,
        cover_from=policy.cover_from,
        loss_on=min(day, policy.cover_to - dt.timedelta(days=1)),
    )


def _recover(month: dt.date, by: Staff, at: dt.datetime) -> None:
    """Recover a quarter of each claim, a third of it in each of the three months that follow."""
    last, parts = month_end(month), []
    for back in range(1, 4):
        for policy, amount in _claims_of(add_months(month, -back)):
            fen = split_fen(to_fen(round_fen(amount * RECOVERED)), [1, 1, 1])[back - 1]
            if not fen:
                continue
            money = from_fen(fen)
            parts.append(_claim_part(policy, unrecognised=money))
            cede_recovery(
                claim=_ceded(policy, policy.ended_on - dt.timedelta(days=1)),
                amount=money,
                on=last,
                key=f"demo:recovery:{policy.policy_no}:{back}",
                by=by,
                at=at,
            )
    _post(LedgerEvent.RECOVERY_RECEIVED, last, parts, by, at)


def _claims_of(month: dt.date) -> list[tuple[Policy, Decimal]]:
    """Return the claims that the book paid in a month, by policy."""
    paid = dict(
        EntryLine.objects.filter(
            month=month, account="2205", entry__event=LedgerEvent.CLAIM_PAID
        ).values_list("policy_no", "debit")
    )
    policies = Policy.objects.filter(policy_no__in=paid).order_by("pk")
    return [
        (policy, paid[policy.policy_no])
        for policy in policies.select_related("lender", "unit", "product_version__product")
    ]


def _set_reserves(states: dict[int, LoanStatus], by: Staff, at: dt.datetime) -> None:
    """Set the reserve of every policy: a part of what is late by more than sixty days."""
    day = timezone.localdate(at)
    before = balance_by_policy(account=RESERVES, through=day.replace(day=1))
    late = [loan for loan, row in states.items() if row.days_overdue > LATE]
    policies = Policy.objects.filter(Q(loan__in=late) | Q(policy_no__in=before))
    parts = []
    for policy in policies.select_related("lender", "unit", "product_version__product").order_by(
        "pk"
    ):
        row = states.get(policy.loan_id)
        is_late = (
            policy.status == PolicyState.IN_FORCE and row is not None and row.days_overdue > LATE
        )
        owed = from_fen(row.outstanding_fen) * OWN if is_late else Decimal(0)
        if is_late or policy.policy_no in before:
            parts.append(Part(amounts={"balance": round_fen(owed * RESERVE)}, **policy.dimensions))
    _post(LedgerEvent.CLAIM_RESERVE, day, parts, by, at)


def _post(event: LedgerEvent, on: dt.date, parts: list[Part], by: Staff, at: dt.datetime) -> None:
    month = month_text(on)
    words = {"key": f"demo:{event}:{month}", "summary": f"{event.label} {month}"}
    post(event=event, on=on, parts=parts, by=by, at=at, **words)


def _expenses(month: dt.date, received: Decimal, people: dict[str, Staff]) -> None:
    """Book expenses and taxes by a manual voucher that another person approves."""
    last = month_end(month)
    at = at_noon(last)
    costs, taxes = round_fen(received * EXPENSE), round_fen(received * TAXES)
    if not costs or not taxes:
        return
    voucher = post_manual(
        on=last,
        summary=f"{month_text(month)} 业务及管理费、税金及附加（演示）",
        lines=[
            {"account": "6601", "debit": f"{costs}"},
            {"account": "6403", "debit": f"{taxes}"},
            {"account": "1002", "credit": f"{costs + taxes}"},
        ],
        by=people["sun"],
        at=at,
    )
    approve_voucher(voucher=voucher, by=people["chen"], at=at, remark="附件齐全，同意。")


def _end_of_month(month: dt.date, people: dict[str, Staff]) -> None:
    """Close the month by two people; what is unearned is set with it."""
    at = clock.now()  # the figures are frozen into a file, under the limits of today
    prepare_closing(month=month, by=people["sun"], at=at)
    close_period(month=month, by=people["chen"], at=at, remark="月结核对一致。")


def reconcile_with_finance(*, month: dt.date, people: dict[str, Staff]) -> None:
    """Bring in what finance says of the last month, and explain the one line that differs."""
    if FinanceBatch.objects.filter(source=FigureSource.IMPORTED).exists():
        return
    at, sun, chen = clock.now(), people["sun"], people["chen"]
    figures = ledger_figures(months=[month])[month]
    said = dict(figures) | {
        FinanceLine.OPERATING_EXPENSE: figures[FinanceLine.OPERATING_EXPENSE] + ACCRUED
    }
    lines = ["month,code,amount"]
    lines += [f"{month_text(month)},{code},{amount:.2f}" for code, amount in said.items()]
    batch = import_finance_figures(
        stream=io.BytesIO("\n".join(lines).encode()), name="财务系统月报.csv", by=sun, at=at
    )
    sign_off_finance_figures(batch=batch, by=chen, at=at, remark="与财务系统核对（演示）。")
    explain_difference(
        month=month,
        line=FinanceLine.OPERATING_EXPENSE,
        words="财务系统另计提年终奖金，业务台账不含。",
        by=sun,
        at=at,
    )
