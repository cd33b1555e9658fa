"""Premium taken back by two people: written off, or returned by the bank. PRE-41b, POST-23c."""

import datetime as dt
from decimal import Decimal

import pytest
from django.urls import reverse

from core.errors import Conflict, NotPermitted, RuleBroken, WrongState
from ledger.models import EntryLine
from tests.integration.underwriting.test_policy_money import book, check_ties, first
from underwriting.enums import PremiumMove
from underwriting.services.corrections import ask_return, ask_write_off, decide_correction
from underwriting.services.endings import end_policy
from underwriting.services.premiums import move_premiums

pytestmark = pytest.mark.django_db
D = Decimal


@pytest.fixture
def overdue(counter):
    """A policy whose first instalment is overdue."""
    policy = counter.issue()
    late = first(policy).due_on + dt.timedelta(days=31)
    move_premiums(through=late, by=None, at=counter.at)
    return policy


def ask(counter, policy, **words):
    words = {"on": first(policy).due_on, "reason": "多次催收无果"} | words
    return ask_write_off(policy=policy, by=counter.cashier, at=counter.at, **words)


def decide(counter, asked, *, is_approved=True, by=None):
    return decide_correction(
        correction=asked,
        is_approved=is_approved,
        decision="同意",
        by=by or counter.reviewer,
        at=counter.at,
    )


def test_PRE_41b_overdue_premium_is_written_off_by_two_people(counter, overdue):
    owed = first(overdue).amount
    asked = ask(counter, overdue)
    assert book("112203") == {overdue.policy_no: owed}
    decide(counter, asked)
    assert book("112203") == {}
    assert book("6701") == {overdue.policy_no: owed}
    assert first(overdue).written_off == owed
    assert overdue.premium_movements.get(move=PremiumMove.WRITTEN_OFF).amount == owed
    check_ties()


def test_whoever_asked_for_a_correction_does_not_approve_it(counter, overdue, chief_chen):
    asked = ask(counter, overdue)
    with pytest.raises(NotPermitted):
        decide(counter, asked, by=counter.cashier)
    asked.requested_by = chief_chen
    asked.save(update_fields=["requested_by"])
    with pytest.raises(NotPermitted, match="不得"):
        decide(counter, asked, by=chief_chen)


def test_a_refused_write_off_leaves_the_premium_owed(counter, overdue):
    decide(counter, ask(counter, overdue), is_approved=False)
    assert book("112203") == {overdue.policy_no: first(overdue).amount}
    decide(counter, ask(counter, overdue))  # it can be asked for anew
    assert book("112203") == {}


def test_a_correction_is_asked_for_one_at_a_time_and_decided_once(counter, overdue):
    asked = ask(counter, overdue)
    with pytest.raises(Conflict):
        ask(counter, overdue)
    decide(counter, asked)
    with pytest.raises(WrongState):
        decide(counter, asked)
    with pytest.raises(RuleBroken):
        ask(counter, overdue)  # nothing is overdue any more


def test_a_write_off_is_refused_when_part_was_paid_meanwhile(counter, overdue):
    asked = ask(counter, overdue)
    counter.pay(overdue, "0.10", on=first(overdue).due_on)
    with pytest.raises(RuleBroken, match="少于"):
        decide(counter, asked)


def test_POST_23c_a_receipt_that_the_bank_returned_is_owed_again(counter, overdue):
    amount = first(overdue).amount
    (receipt,) = counter.pay(overdue, amount, on=first(overdue).due_on)
    returned_on = receipt.received_on + dt.timedelta(days=2)
    asked = ask_return(
        receipt=receipt, on=returned_on, reason="银行退票", by=counter.cashier, at=counter.at
    )
    decide(counter, asked)
    assert book("112203") == {overdue.policy_no: amount}
    cash = EntryLine.objects.filter(account="1002").values_list("debit", "credit")
    assert sum(debit - credit for debit, credit in cash) == 0
    assert first(overdue).paid == 0
    assert overdue.premium_movements.get(move=PremiumMove.RETURNED).receipt == receipt
    check_ties()
    with pytest.raises(Conflict):
        ask_return(receipt=receipt, on=returned_on, reason="x", by=counter.cashier, at=counter.at)


def test_a_receipt_that_was_partly_given_back_is_not_returned(counter):
    policy = counter.issue()
    (receipt,) = counter.pay(policy, policy.premium, on=policy.cover_from)
    end_policy(
        action="surrender",
        policy=policy,
        on=policy.cover_from + dt.timedelta(days=40),
        by=counter.issuer,
        at=counter.at,
        reason="客户申请",
    )
    with pytest.raises(RuleBroken, match="退还"):
        ask_return(
            receipt=receipt, on=receipt.received_on, reason="x", by=counter.cashier, at=counter.at
        )


def test_the_pages_ask_and_decide(counter, overdue, client):
    client.force_login(counter.cashier)
    page = client.get(reverse("desk:policy", args=[overdue.pk])).content.decode()
    ask_at = reverse("underwriting:write_off", args=[overdue.pk])
    assert ask_at in page
    answer = client.post(ask_at, {"on": "2026-05-20", "reason": ""})
    assert answer.status_code == 422
    client.post(ask_at, {"on": "2026-05-20", "reason": "多次催收无果"})
    asked = overdue.corrections.get()
    decide_at = reverse("underwriting:correction_decision", args=[overdue.pk, asked.pk])
    assert decide_at not in client.get(reverse("desk:policy", args=[overdue.pk])).content.decode()
    client.force_login(counter.reviewer)
    assert decide_at in client.get(reverse("desk:policy", args=[overdue.pk])).content.decode()
    assert "多次催收无果" in client.get(decide_at).content.decode()
    client.post(decide_at, {"is_approved": "1", "reason": "同意"})
    assert book("112203") == {}
    page = client.get(reverse("desk:policy", args=[overdue.pk])).content.decode()
    assert "核销" in page
