"""Money conserves through any sequence of business: issue 4 Done when 2; I1, I8, PRE-41c."""

import datetime as dt
import os
import uuid
from decimal import Decimal

import pytest
from django.db import transaction
from django.db.models import F, Sum
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from core.errors import Conflict, RuleBroken
from core.months import month_end
from ledger.enums import LedgerEvent
from ledger.models import EntryLine
from ledger.selectors import balance_by_policy
from ledger.services import Part, post, reverse
from tests.integration.underwriting.test_policy_money import CONTROL, check_ties
from underwriting.enums import EndorsementKind, PolicyState
from underwriting.models import Policy, PremiumInstalment, PremiumReceipt
from underwriting.selectors.subledgers import premium_subledger
from underwriting.services.corrections import (
    ask_return,
    ask_write_off,
    decide_correction,
)
from underwriting.services.endings import (
    end_policies,
    end_policy,
    expire_policies,
    pay_refund,
    refund_owed,
)
from underwriting.services.endorsements import Change, ask_endorsement, decide_endorsement
from underwriting.services.premiums import move_premiums, set_unearned_premiums

D = Decimal
LAST = dt.date(9999, 12, 1)
MOST_POLICIES = 3
EXAMPLES = int(os.environ.get("MONEY_EXAMPLES", "12"))


class Money(RuleBasedStateMachine):
    """Everything that moves a policy's money, in any order; `counter` is set by the test."""

    counter = None

    @initialize()
    def begin(self):
        self.atomic = transaction.atomic()
        self.atomic.__enter__()
        self.day, self.at = dt.date(2026, 3, 2), self.counter.at
        self.bank = D("0.00")
        self.claims = []

    def teardown(self):
        if hasattr(self, "atomic"):
            self.run_off()
            transaction.set_rollback(True)
            self.atomic.__exit__(None, None, None)

    def run_off(self):
        """At the end of all terms nothing is unearned."""
        far = dt.date(2034, 1, 1)
        expire_policies(through=far, by=None, at=self.at)
        assert not Policy.objects.filter(status=PolicyState.IN_FORCE).exists()
        assert balance_by_policy(account="2601", through=LAST) == {}
        check_ties()

    def live(self):
        return list(Policy.objects.filter(status=PolicyState.IN_FORCE).order_by("pk"))

    def pick(self, number):
        found = self.live()
        return found[number % len(found)]

    @precondition(lambda self: Policy.objects.count() < MOST_POLICIES)
    @rule(
        mode=st.sampled_from(["single", "level", "declining"]),
        periods=st.integers(2, 24),
        principal=st.integers(1_000_00, 200_000_00),
    )
    def issue(self, mode, periods, principal):
        terms = self.counter.terms(
            mode=mode, periods=periods, principal=D(principal) / 100, start=self.day
        )
        self.counter.issue(terms=terms)

    @rule(days=st.integers(1, 45))
    def time_goes_on(self, days):
        self.day += dt.timedelta(days=days)
        move_premiums(through=self.day, by=None, at=self.at)
        expire_policies(through=self.day, by=None, at=self.at)

    @rule()
    def a_month_ends(self):
        set_unearned_premiums(month=self.day.replace(day=1), by=None, at=self.at)
        self.day = month_end(self.day)
        for account, stage in CONTROL.items():  # as of the month's end, whatever is dated later
            told = premium_subledger(stage=stage)(self.day)
            assert told == balance_by_policy(account=account, through=self.day.replace(day=1))

    @precondition(lambda self: self.live())
    @rule(number=st.integers(0, 9), share=st.integers(1, 100))
    def pay(self, number, share):
        policy = self.pick(number)
        open_now = sum(
            each.amount - each.paid - each.cancelled - each.written_off
            for each in policy.instalments.all()
        )
        amount = (open_now * share / 100).quantize(D("0.01"))
        if amount > 0:
            self.counter.pay(policy, amount, on=self.day)
            self.bank += amount

    @precondition(lambda self: self.live())
    @rule(
        number=st.integers(0, 9),
        kind=st.sampled_from(["prepayment", "extension", "rate_change"]),
        size=st.integers(1, 12),
    )
    def endorse(self, number, kind, size):
        policy = self.pick(number)
        changes = {
            "prepayment": {"amount": f"{size * 100}.00", "effect": "reduce_instalment"},
            "extension": {"periods": str(size)},
            "rate_change": {"annual_rate": f"0.{size:02d}"},
        }[kind]
        change = Change(
            kind=EndorsementKind(kind), effective_on=self.day, changes=changes, reason="客户申请"
        )
        counter = self.counter
        try:
            with transaction.atomic():
                asked = ask_endorsement(policy=policy, change=change, by=counter.maker, at=self.at)
                decide_endorsement(
                    endorsement=asked, is_approved=True, by=counter.issuer, at=self.at
                )
        except RuleBroken:
            pass  # before cover, or the loan can not do it: nothing may have moved

    @precondition(lambda self: self.live())
    @rule(number=st.integers(0, 9), action=st.sampled_from(["settle", "surrender"]))
    def end(self, number, action):
        policy = self.pick(number)
        end_policy(
            action=action,
            policy=policy,
            on=max(self.day, policy.cover_from),
            by=self.counter.issuer,
            at=self.at,
            reason="客户申请",
        )

    def decided(self, asked):
        decide_correction(
            correction=asked,
            is_approved=True,
            decision="同意",
            by=self.counter.reviewer,
            at=self.at,
        )

    @rule(number=st.integers(0, 9))
    def write_off(self, number):
        late = PremiumInstalment.objects.filter(
            stage="overdue", amount__gt=F("paid") + F("cancelled") + F("written_off")
        ).order_by("pk")
        if late:
            policy = late[number % len(late)].policy
            words = {"by": self.counter.cashier, "at": self.at, "reason": "催收无果"}
            self.decided(ask_write_off(policy=policy, on=self.day, **words))

    @rule(number=st.integers(0, 9))
    def bank_returns(self, number):
        receipts = PremiumReceipt.objects.order_by("pk")
        if receipts:
            receipt = receipts[number % len(receipts)]
            words = {"by": self.counter.cashier, "at": self.at, "reason": "退票"}
            try:
                with transaction.atomic():
                    self.decided(ask_return(receipt=receipt, on=self.day, **words))
            except (Conflict, RuleBroken):
                return  # returned already, or given back in part: nothing may have moved
            self.bank -= receipt.amount

    @rule(number=st.integers(0, 9))
    def refund(self, number):
        owed = [each for each in Policy.objects.order_by("pk") if refund_owed(policy=each) > 0]
        if owed:
            self.bank -= pay_refund(
                policy=owed[number % len(owed)],
                on=self.day,
                reference=uuid.uuid4().hex,
                by=self.counter.cashier,
                at=self.at,
            )

    def put(self, event, policy, **amounts):
        return post(
            event=event,
            on=self.day,
            parts=[Part(amounts=amounts, claim_no=f"C{policy.pk}", **policy.dimensions)],
            key=uuid.uuid4().hex,
            summary="理赔",
            by=None,
            at=self.at,
        )

    @precondition(lambda self: self.live())
    @rule(number=st.integers(0, 9), fen=st.integers(1, 100_000_00))
    def claim(self, number, fen):
        policy, amount = self.pick(number), D(fen) / 100
        self.put(LedgerEvent.CLAIM_RESERVE, policy, balance=amount)
        self.put(LedgerEvent.CLAIM_APPROVED, policy, amount=amount)
        paid = self.put(LedgerEvent.CLAIM_PAID, policy, amount=amount)
        self.put(LedgerEvent.SUBROGATION_RECOGNISED, policy, amount=amount)
        self.put(LedgerEvent.CLAIM_RESERVE, policy, balance=D(0))
        end_policies(
            "claim",
            policies=[policy],
            on=max(self.day, policy.cover_from),
            by=None,
            at=self.at,
            reason="赔付",
        )
        self.bank -= amount
        self.claims.append([policy, amount, paid, False])

    @precondition(lambda self: self.claims)
    @rule(number=st.integers(0, 9), share=st.integers(1, 100))
    def recover(self, number, share):
        claim = self.claims[number % len(self.claims)]
        amount = (claim[1] * share / 100).quantize(D("0.01"))
        if amount > 0:
            self.put(LedgerEvent.RECOVERY_RECEIVED, claim[0], unrecognised=amount)
            self.bank += amount

    @precondition(lambda self: any(not each[3] for each in self.claims))
    @rule()
    def reverse_a_payment(self):
        claim = next(each for each in self.claims if not each[3])
        claim[3] = True
        reverse(
            entry=claim[2],
            on=self.day,
            key=uuid.uuid4().hex,
            reason="退票",
            by=None,
            at=self.at,
        )
        self.bank += claim[1]

    @invariant()
    def everything_ties(self):
        if not hasattr(self, "atomic"):
            return
        check_ties()
        cash = EntryLine.objects.filter(account="1002").aggregate(
            net=Sum("debit", default=0) - Sum("credit", default=0)
        )["net"]
        assert cash == self.bank
        for each in PremiumInstalment.objects.all():
            assert each.paid + each.cancelled + each.written_off <= each.amount
            assert 0 <= each.refunded <= each.paid
        assert all(
            amount <= 0 for amount in balance_by_policy(account="2601", through=LAST).values()
        )


@pytest.mark.django_db
def test_money_conserves_through_any_sequence_of_business(counter):
    Money.counter = counter
    run_state_machine_as_test(
        Money,
        settings=settings(
            max_examples=EXAMPLES,
            stateful_step_count=18,
            deadline=None,
            suppress_health_check=list(HealthCheck),
        ),
    )
