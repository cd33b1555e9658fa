"""Close a month of the books: the checks, the frozen trial balance, two people."""

import datetime as dt
from decimal import Decimal

import pytest
from django.db import DatabaseError, transaction

from core.errors import NotPermitted, RuleBroken, WrongState
from ledger.models import EntryLine, LedgerPeriod, TrialBalanceLine
from ledger.selectors import trial_balance
from ledger.services import (
    close_period,
    closing_checks,
    forget_subledger,
    post_manual,
    prepare_closing,
    refuse_voucher,
    register_subledger,
    return_closing,
    subledgers_tie,
    the_book_balances,
)
from organization.models import WorkItem
from tests.conftest import AT
from tests.factories.book import DAY, MARCH, by_hand, part, posted

APRIL = dt.date(2026, 4, 1)


@pytest.fixture
def subledger():
    """What an app says it knows of claims payable; changed by the test."""
    known = {}
    register_subledger(account_code="2205", figures=lambda day: known)
    yield known
    forget_subledger(account_code="2205")


def closed(month, finance_sun, chief_chen):
    prepare_closing(month=month, by=finance_sun, at=AT)
    return close_period(month=month, by=chief_chen, at=AT)


def balances(month):
    return {
        line.account_id: (line.opening, line.debit, line.credit, line.closing)
        for line in trial_balance(month=month)
    }


def test_a_closed_month_freezes_its_trial_balance_and_the_next_begins_where_it_ended(
    finance_sun, chief_chen
):
    posted("claim_approved", part(amount=100))
    posted("claim_paid", part(amount=40))
    as_it_stands = balances(MARCH)
    closed(MARCH, finance_sun, chief_chen)
    yuan = Decimal
    assert (
        balances(MARCH)
        == as_it_stands
        == {
            "1002": (yuan(0), yuan(0), yuan(40), yuan(-40)),
            "2205": (yuan(0), yuan(40), yuan(100), yuan(-60)),
            "651101": (yuan(0), yuan(100), yuan(0), yuan(100)),
        }
    )
    posted("claim_paid", part(amount=60), on=APRIL)
    assert balances(APRIL)["2205"] == (yuan(-60), yuan(60), yuan(0), yuan(0))
    assert balances(APRIL)["651101"] == (yuan(100), yuan(0), yuan(0), yuan(100))
    assert sum(line[3] for line in balances(APRIL).values()) == 0


def test_whoever_prepares_does_not_confirm(finance_sun, finance_head, manager_lin):
    posted("claim_paid", part(amount=1))
    prepare_closing(month=MARCH, by=finance_head, at=AT)
    with pytest.raises(NotPermitted):
        close_period(month=MARCH, by=finance_head, at=AT)
    with pytest.raises(NotPermitted):
        close_period(month=MARCH, by=finance_sun, at=AT)
    with pytest.raises(NotPermitted):
        prepare_closing(month=APRIL, by=manager_lin, at=AT)
    item = WorkItem.objects.get(finished_at=None)
    assert (item.kind, item.title, item.permission) == ("books_closing", "2026-03", "close_books")


def test_a_month_is_closed_only_when_prepared_and_stays_closed(finance_sun, chief_chen):
    posted("claim_paid", part(amount=1))
    with pytest.raises(WrongState):
        close_period(month=MARCH, by=chief_chen, at=AT)
    closed(MARCH, finance_sun, chief_chen)
    with pytest.raises(WrongState):
        prepare_closing(month=MARCH, by=finance_sun, at=AT)
    for statement in (
        lambda: LedgerPeriod.objects.filter(month=MARCH).update(status="open", closed_at=None),
        lambda: TrialBalanceLine.objects.update(debit=0),
    ):
        with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
            statement()


def test_a_closing_is_returned_with_a_reason(finance_sun, chief_chen):
    posted("claim_paid", part(amount=1))
    prepare_closing(month=MARCH, by=finance_sun, at=AT)
    with pytest.raises(RuleBroken):
        return_closing(month=MARCH, by=chief_chen, at=AT, remark=" ")
    period = return_closing(month=MARCH, by=chief_chen, at=AT, remark="分摊未做")
    assert (period.status, period.remark) == ("open", "分摊未做")
    assert not WorkItem.objects.filter(finished_at=None).exists()


def test_the_month_before_must_be_closed_first(finance_sun, chief_chen):
    posted("claim_paid", part(amount=1))
    posted("claim_paid", part(amount=1), on=APRIL)
    with pytest.raises(RuleBroken) as refusal:
        prepare_closing(month=APRIL, by=finance_sun, at=AT)
    assert [each.code for each in refusal.value.context["findings"]] == ["month_before"]
    closed(MARCH, finance_sun, chief_chen)
    closed(APRIL, finance_sun, chief_chen)


def test_a_voucher_that_waits_keeps_the_month_open(finance_sun, chief_chen):
    draft = post_manual(
        on=DAY,
        summary="办公费",
        lines=[{"account": "6601", "debit": "5"}, {"account": "1002", "credit": "5"}],
        by=finance_sun,
        at=AT,
    )
    with pytest.raises(RuleBroken, match=r"voucher|凭证"):
        prepare_closing(month=MARCH, by=finance_sun, at=AT)
    refuse_voucher(voucher=draft, by=chief_chen, at=AT, remark="重复")
    closed(MARCH, finance_sun, chief_chen)


def test_a_sub_ledger_that_differs_by_one_fen_keeps_the_month_open(
    subledger, finance_sun, chief_chen
):
    posted("claim_approved", part(amount=100), part("P2", amount=50))
    subledger.update({"P1": Decimal("100.01"), "P2": Decimal("50.00")})
    [check] = [each for each in closing_checks(month=MARCH) if each.code == "subledgers"]
    assert (check.holds, check.found) == (False, ("2205 P1: 100.01 / 100.00",))
    with pytest.raises(RuleBroken):
        prepare_closing(month=MARCH, by=finance_sun, at=AT)
    subledger["P1"] = Decimal(100)
    prepare_closing(month=MARCH, by=finance_sun, at=AT)
    subledger["P3"] = Decimal(1)
    with pytest.raises(RuleBroken):
        close_period(month=MARCH, by=chief_chen, at=AT)
    del subledger["P3"]
    close_period(month=MARCH, by=chief_chen, at=AT)


def test_the_invariants_of_the_book_fail_when_broken(db, subledger):
    posted("claim_approved", part(amount=100))
    assert the_book_balances(AT).bad == []
    assert subledgers_tie(AT).bad == ["2205 P1: 0 / 100.00"]
    by_hand("SET LOCAL session_replication_role = replica")
    line = EntryLine.objects.filter(account="2205")
    by_hand("UPDATE ledger_entryline SET credit = 99 WHERE id = %s", line.get().pk)
    by_hand("SET LOCAL session_replication_role = origin")
    assert the_book_balances(AT).bad == [
        "202603-000001: 100.00 / 99.00",
        "2026-03-10: 100.00 / 99.00",
    ]
