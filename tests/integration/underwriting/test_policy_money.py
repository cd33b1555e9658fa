"""Premiums fall due, come in, are earned and go back: PRE-41b, PRE-41c; I1, I3, I8, R10."""

import datetime as dt
from decimal import Decimal

import pytest
from django.db import DatabaseError, transaction
from django.utils import timezone

from core.errors import NotPermitted, RuleBroken, WrongState
from core.months import month_end
from ledger.models import Entry, EntryLine
from ledger.selectors import balance_by_policy
from underwriting.enums import PolicyState
from underwriting.models import PremiumInstalment, PremiumReceipt
from underwriting.rules.premiums import Instalment, unearned
from underwriting.selectors.policies import open_by_stage
from underwriting.selectors.subledgers import premium_subledger
from underwriting.services.endings import (
    end_policies,
    end_policy,
    expire_policies,
    pay_refund,
    refund_owed,
)
from underwriting.services.instalments import FIELDS
from underwriting.services.invariants import journal_ties
from underwriting.services.premiums import move_premiums, receive_premiums, set_unearned_premiums

pytestmark = pytest.mark.django_db
D = Decimal
LAST = dt.date(9999, 12, 1)
CONTROL = {"112201": "not_due", "112202": "due", "112203": "overdue"}


def book(account):
    return balance_by_policy(account=account, through=LAST)


def check_ties():
    """The sub-ledger equals its journal and the general ledger, and every entry balances."""
    for account, stage in CONTROL.items():
        assert open_by_stage(stage=stage) == book(account)
    assert journal_ties(None).bad == []
    sides = EntryLine.objects.values_list("debit", "credit")
    assert sum(debit for debit, _ in sides) == sum(credit for _, credit in sides)


def first(policy):
    return policy.instalments.get(n=1)


def test_premiums_fall_due_and_become_overdue_after_the_days_of_grace(counter):
    policy = counter.issue()
    due_on = first(policy).due_on
    move_premiums(through=due_on - dt.timedelta(days=1), by=None, at=counter.at)
    assert first(policy).stage == "not_due"
    move_premiums(through=due_on, by=None, at=counter.at)
    assert first(policy).stage == "due"
    assert book("112202") == {policy.policy_no: first(policy).amount}
    move_premiums(through=due_on + dt.timedelta(days=30), by=None, at=counter.at)
    assert first(policy).stage == "due"
    move_premiums(through=due_on + dt.timedelta(days=31), by=None, at=counter.at)
    assert first(policy).stage == "overdue"
    check_ties()
    entries = Entry.objects.count()
    assert move_premiums(through=due_on + dt.timedelta(days=31), by=None, at=counter.at) == (0, 0)
    assert Entry.objects.count() == entries


def test_a_late_premium_is_taken_to_what_is_overdue_first(counter):
    policy = counter.issue()
    later = first(policy).due_on + dt.timedelta(days=40)
    move_premiums(through=later, by=None, at=counter.at)
    (receipt,) = counter.pay(policy, first(policy).amount, on=later)
    assert (receipt.overdue, receipt.due, receipt.not_due) == (first(policy).amount, 0, 0)
    check_ties()
    assert book("1002") == {policy.policy_no: first(policy).amount}


def test_R10_the_same_key_takes_the_money_once(counter):
    policy = counter.issue()
    one = counter.pay(policy, "10.00", on=dt.date(2026, 3, 5), key="bank-1")
    assert counter.pay(policy, "10.00", on=dt.date(2026, 3, 5), key="bank-1") == one
    with pytest.raises(RuleBroken):
        counter.pay(policy, "11.00", on=dt.date(2026, 3, 5), key="bank-1")
    assert PremiumReceipt.objects.count() == 1
    assert book("1002") == {policy.policy_no: D("10.00")}


def test_more_than_is_open_is_refused_and_nothing_is_taken(counter):
    policy = counter.issue()
    with pytest.raises(RuleBroken, match=policy.policy_no):
        counter.pay(policy, policy.premium + 1, on=dt.date(2026, 3, 5))
    assert not PremiumReceipt.objects.exists()
    assert book("1002") == {}


@pytest.mark.parametrize("amount", ["0", "-5", "0.001"])
def test_money_is_whole_fen_above_zero(counter, amount):
    policy = counter.issue()
    with pytest.raises(RuleBroken):
        counter.pay(policy, amount, on=dt.date(2026, 3, 5))


def test_only_finance_takes_premiums(counter):
    policy = counter.issue()
    with pytest.raises(NotPermitted):
        receive_premiums(receipts=[], key="k", by=counter.issuer, at=counter.at)
    assert policy.receipts.count() == 0


def test_F1a_the_statement_reckons_what_the_rule_says_to_the_last_day(counter):
    policies = [counter.issue(terms=counter.terms(mode=mode)) for mode in ("declining", "single")]
    month = dt.date(2026, 3, 1)
    for _ in range(13):
        set_unearned_premiums(month=month, by=None, at=counter.at)
        for policy in policies:
            lines = [
                Instalment(**dict(zip(FIELDS, row, strict=True)))
                for row in policy.instalments.values_list(*FIELDS)
            ]
            kept = -book("2601").get(policy.policy_no, D(0))
            assert kept == unearned(lines, as_of=month_end(month))
        month = (month + dt.timedelta(days=32)).replace(day=1)
    assert book("2601") == {}


def test_a_loan_settled_early_cancels_what_has_not_begun_and_gives_back_what_is_paid(counter):
    policy = counter.issue(terms=counter.terms(mode="single"))
    counter.pay(policy, policy.premium, on=dt.date(2026, 3, 2))
    set_unearned_premiums(month=dt.date(2026, 3, 1), by=None, at=counter.at)
    end_policy(
        action="settle",
        policy=policy,
        on=dt.date(2026, 9, 2),
        by=counter.issuer,
        at=counter.at,
        reason="借款提前结清",
    )
    policy.refresh_from_db()
    assert (policy.status, policy.ended_on) == (PolicyState.SETTLED, dt.date(2026, 9, 2))
    left, whole = (policy.cover_to - dt.date(2026, 9, 2)).days, 365
    assert refund_owed(policy=policy) == (policy.premium * left / whole).quantize(D("0.01"))
    assert book("2601") == {}
    check_ties()


def test_I3_a_refund_is_paid_once(counter):
    policy = counter.issue(terms=counter.terms(mode="single"))
    counter.pay(policy, policy.premium, on=dt.date(2026, 3, 2))
    end_policy(
        action="surrender",
        policy=policy,
        on=dt.date(2026, 6, 1),
        by=counter.issuer,
        at=counter.at,
        reason="投保人退保",
    )
    owed = refund_owed(policy=policy)
    words = {"policy": policy, "on": dt.date(2026, 6, 3), "by": counter.cashier, "at": counter.at}
    assert pay_refund(reference="B77", **words) == owed
    assert refund_owed(policy=policy) == 0
    with pytest.raises(RuleBroken):
        pay_refund(reference="B77", **words)
    assert book("1002") == {policy.policy_no: policy.premium - owed}


def test_instalments_of_a_surrendered_policy_are_no_longer_owed(counter):
    policy = counter.issue()
    end_policy(
        action="surrender",
        policy=policy,
        on=policy.cover_from,
        by=counter.issuer,
        at=counter.at,
        reason="犹豫期内退保",
    )
    assert all(each.cancelled == each.amount for each in policy.instalments.all())
    assert book("603101") == {}
    assert book("2221") == {}
    check_ties()


def test_a_policy_lapses_only_with_premium_overdue(counter):
    policy = counter.issue()
    words = {"policy": policy, "by": counter.issuer, "at": counter.at, "reason": "保费逾期"}
    with pytest.raises(RuleBroken):
        end_policy(action="lapse", on=dt.date(2026, 5, 20), **words)
    move_premiums(through=dt.date(2026, 5, 15), by=None, at=counter.at)
    end_policy(action="lapse", on=dt.date(2026, 5, 20), **words)
    policy.refresh_from_db()
    assert policy.status == PolicyState.LAPSED
    assert open_by_stage(stage="overdue") == {policy.policy_no: first(policy).amount}
    check_ties()


def test_what_ended_does_not_end_again(counter):
    policy = counter.issue()
    words = {"policies": [policy], "on": dt.date(2026, 5, 1), "at": counter.at, "reason": "x"}
    end_policies("settle", by=None, **words)
    with pytest.raises(WrongState):
        end_policies("claim", by=None, **words)
    with pytest.raises(NotPermitted):
        end_policies("settle", by=counter.cashier, **words)


def test_a_policy_expires_at_its_term(counter):
    policy = counter.issue()
    assert (
        expire_policies(through=policy.cover_to - dt.timedelta(days=1), by=None, at=counter.at)
        == []
    )
    assert expire_policies(through=policy.cover_to, by=None, at=counter.at) == [policy]
    policy.refresh_from_db()
    assert (policy.status, policy.ended_on) == (PolicyState.EXPIRED, policy.cover_to)


def test_I8_the_sub_ledger_of_a_past_month_holds_although_business_went_on(counter):
    policy = counter.issue()
    move_premiums(through=dt.date(2026, 4, 30), by=None, at=counter.at)
    counter.pay(policy, first(policy).amount, on=dt.date(2026, 5, 5))
    april = premium_subledger(stage="due")(dt.date(2026, 4, 30))
    assert april == balance_by_policy(account="112202", through=dt.date(2026, 4, 1))
    assert april == {policy.policy_no: first(policy).amount}
    PremiumInstalment.objects.filter(policy=policy, n=2).update(stage="due")
    april = premium_subledger(stage="due")(dt.date(2026, 4, 30))
    assert april != balance_by_policy(account="112202", through=dt.date(2026, 4, 1))


def test_PRE_41b_the_journal_tells_every_move_of_an_instalment_on_its_day(counter):
    policy = counter.issue()
    one = first(policy)
    move_premiums(through=one.due_on, by=None, at=counter.at)
    counter.pay(policy, D("0.40"), on=one.due_on + dt.timedelta(days=3))
    late = one.due_on + dt.timedelta(days=31)
    move_premiums(through=late, by=None, at=counter.at)
    told = policy.premium_movements.filter(n=1).order_by("pk")
    assert list(told.values_list("on", "move", "stage", "amount")) == [
        (timezone.localdate(counter.at), "written", "not_due", one.amount),
        (one.due_on, "due", "due", one.amount),
        (one.due_on + dt.timedelta(days=3), "paid", "due", D("0.40")),
        (late, "overdue", "overdue", one.amount - D("0.40")),
    ]
    assert told.get(move="paid").receipt == policy.receipts.get()


def test_the_journal_is_not_changed_afterwards(counter):
    policy = counter.issue()
    with pytest.raises(DatabaseError, match="append"), transaction.atomic():
        policy.premium_movements.update(amount=1)


def test_I8_a_total_that_its_journal_does_not_explain_is_found(counter):
    policy = counter.issue()
    PremiumInstalment.objects.filter(policy=policy, n=2).update(paid="0.01")
    assert journal_ties(None).bad == [f"{policy.policy_no} #2"]


def test_F1a_an_end_in_may_leaves_the_unearned_premium_of_april_as_it_was(counter):
    policies = [counter.issue(), counter.issue()]
    april, may = dt.date(2026, 4, 1), dt.date(2026, 5, 1)
    for policy in policies:
        move_premiums(through=dt.date(2026, 4, 30), by=None, at=counter.at)
        counter.pay(policy, policy.premium, on=dt.date(2026, 4, 20))

    def end(policy):
        words = {"by": counter.issuer, "at": counter.at, "reason": "客户申请"}
        end_policy(action="surrender", policy=policy, on=may, **words)

    end(policies[0])  # recorded before the reserve of April is set
    set_unearned_premiums(month=april, by=None, at=counter.at)
    end(policies[1])  # recorded after it
    reserve = balance_by_policy(account="2601", through=april)
    assert reserve[policies[0].policy_no] == reserve[policies[1].policy_no] < 0
    set_unearned_premiums(month=may, by=None, at=counter.at)
    assert balance_by_policy(account="2601", through=may) == {}
    check_ties()
