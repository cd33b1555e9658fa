"""What changes after issue: PRE-02g, PRE-02h, PRE-41c; safety.md R11."""

import datetime as dt
import io
from decimal import Decimal

import pytest

from core.errors import NotPermitted, RuleBroken, WrongState
from organization.models import WorkItem
from tests.factories.papers import plain_pdf
from tests.factories.partners import licensed_lender
from tests.integration.underwriting.test_policy_money import check_ties
from underwriting.enums import EndorsementStatus
from underwriting.rules.assignments import Transfer
from underwriting.selectors.schedules import schedule_of
from underwriting.services.endings import end_policy
from underwriting.services.endorsements import (
    Change,
    ask_endorsement,
    confirm_insured,
    decide_endorsement,
)
from underwriting.services.premiums import move_premiums

pytestmark = pytest.mark.django_db
D = Decimal
JUNE = dt.date(2026, 6, 10)


def change(kind, on=JUNE, **changes):
    return Change(kind=kind, effective_on=on, changes=changes, reason="客户申请")


def asked(counter, policy, wanted, **words):
    return ask_endorsement(policy=policy, change=wanted, by=counter.maker, at=counter.at, **words)


def approved(counter, endorsement):
    return decide_endorsement(
        endorsement=endorsement, is_approved=True, by=counter.issuer, at=counter.at
    )


def test_a_part_repaid_early_lowers_the_premium_of_what_is_still_to_come(counter):
    policy = counter.issue()
    before = policy.premium
    wanted = change("prepayment", amount="30000", effect="reduce_instalment")
    endorsement = approved(counter, asked(counter, policy, wanted))
    policy.refresh_from_db()
    assert endorsement.status == EndorsementStatus.IN_FORCE
    assert endorsement.premium_change < 0
    assert policy.premium == before + endorsement.premium_change
    kept = sum(each.amount - each.cancelled for each in policy.instalments.all())
    assert kept == policy.premium
    assert [each.number for each in policy.terms.order_by("number")] == [0, 1]
    assert schedule_of(policy=policy).rows[-1].balance == 0
    check_ties()


def test_a_longer_loan_is_covered_longer_and_costs_more(counter):
    policy = counter.issue()
    until = policy.cover_to
    endorsement = approved(counter, asked(counter, policy, change("extension", periods="6")))
    policy.refresh_from_db()
    assert policy.cover_to > until
    assert endorsement.premium_change > 0
    check_ties()


def test_another_interest_rate_makes_another_schedule(counter):
    policy = counter.issue()
    before = schedule_of(policy=policy).interest
    approved(counter, asked(counter, policy, change("rate_change", annual_rate="0.05")))
    assert schedule_of(policy=policy).interest < before
    check_ties()


def test_what_is_paid_ahead_is_not_cancelled(counter):
    policy = counter.issue()
    move_premiums(through=dt.date(2026, 5, 31), by=None, at=counter.at)
    counter.pay(policy, sum(each.amount for each in policy.instalments.filter(n__lte=6)), on=JUNE)
    wanted = change("prepayment", amount="30000", effect="reduce_instalment")
    approved(counter, asked(counter, policy, wanted))
    assert policy.instalments.filter(n__lte=6, cancelled__gt=0).count() == 0
    check_ties()


def test_what_the_loan_can_not_do_is_refused_when_it_is_asked(counter):
    policy = counter.issue()
    with pytest.raises(RuleBroken):
        asked(counter, policy, change("prepayment", amount="999999", effect="shorten_term"))
    with pytest.raises(RuleBroken):
        asked(counter, policy, change("extension", on=policy.cover_to, periods="6"))
    assert policy.endorsements.count() == 0


def test_R11_who_asks_does_not_approve_and_nothing_is_decided_twice(counter):
    policy = counter.issue()
    endorsement = asked(counter, policy, change("extension", periods="6"))
    with pytest.raises(NotPermitted):
        decide_endorsement(
            endorsement=endorsement, is_approved=True, by=counter.maker, at=counter.at
        )
    decide_endorsement(
        endorsement=endorsement, is_approved=False, by=counter.issuer, at=counter.at, reason="不符"
    )
    with pytest.raises(WrongState):
        approved(counter, endorsement)
    assert policy.terms.count() == 1


def test_one_endorsement_at_a_time(counter):
    policy = counter.issue()
    asked(counter, policy, change("extension", periods="6"))
    with pytest.raises(WrongState):
        asked(counter, policy, change("extension", periods="3"))
    assert policy.endorsements.count() == 1


def test_a_policy_that_ended_meanwhile_is_not_endorsed(counter):
    policy = counter.issue()
    endorsement = asked(counter, policy, change("extension", periods="6"))
    end_policy(
        action="surrender", policy=policy, on=JUNE, by=counter.issuer, at=counter.at, reason="退保"
    )
    with pytest.raises(WrongState):
        approved(counter, endorsement)


def agreement():
    return ("转让协议.pdf", io.BytesIO(plain_pdf()))


def to_other(counter, **licence):
    return Change(
        kind="change_of_insured",
        effective_on=JUNE,
        changes={},
        reason="债权转让",
        new_insured=licensed_lender(
            code="OTHER",
            name="另一家银行",
            by=counter.drafter,
            checker=counter.reviewer,
            at=counter.at,
            **licence,
        ),
    )


def test_PRE_02g_the_new_insured_must_be_a_licensed_funder(counter):
    policy = counter.issue()
    with pytest.raises(RuleBroken, match="PRE-02l"):
        asked(counter, policy, to_other(counter, funds_source="entrusted"), agreement=agreement())


def test_PRE_02h_the_new_insured_stands_once_the_policyholder_confirmed(counter):
    policy = counter.issue()
    endorsement = approved(
        counter, asked(counter, policy, to_other(counter), agreement=agreement())
    )
    policy.refresh_from_db()
    assert endorsement.status == EndorsementStatus.UNCONFIRMED
    assert policy.insured == counter.lender
    assert WorkItem.objects.filter(kind="insured_confirmation", finished_at=None).count() == 1
    confirm_insured(
        endorsement=endorsement, confirmation="电话回访确认新账户", by=counter.maker, at=counter.at
    )
    policy.refresh_from_db()
    assert policy.insured.code == "OTHER"
    assert not WorkItem.objects.filter(kind="insured_confirmation", finished_at=None).exists()


def test_PRE_02g_the_insured_of_a_claim_assigned_before_cover_stays(counter):
    once = (
        Transfer(
            sequence=1,
            from_name="甲小贷",
            to_name=counter.lender.name,
            contract_no="Z1",
            transferred_on=dt.date(2026, 1, 5),
        ),
    )
    policy = counter.issue(history=once, original_creditor="甲小贷")
    with pytest.raises(RuleBroken, match="PRE-02g"):
        asked(counter, policy, to_other(counter), agreement=agreement())


def test_PRE_02g_a_change_of_insured_needs_its_agreement(counter):
    with pytest.raises(RuleBroken):
        asked(counter, counter.issue(), to_other(counter))


def test_HQ_15_the_insured_changes_once(counter):
    policy = counter.issue()
    endorsement = approved(
        counter, asked(counter, policy, to_other(counter), agreement=agreement())
    )
    confirm_insured(endorsement=endorsement, confirmation="已确认", by=counter.maker, at=counter.at)
    policy.refresh_from_db()
    back = Change(
        kind="change_of_insured",
        effective_on=JUNE,
        changes={},
        reason="转回",
        new_insured=counter.lender,
    )
    with pytest.raises(RuleBroken, match="HQ-15"):
        asked(counter, policy, back, agreement=agreement())
