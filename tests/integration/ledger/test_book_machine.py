"""Random business posted and reversed: after every step the book balances. Source: I1, I8."""

import datetime as dt
from decimal import Decimal

import pytest
from django.db import transaction
from django.db.models import Sum
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule, run_state_machine_as_test

from core.errors import Conflict, RuleBroken, WrongState
from ledger.enums import LedgerEvent
from ledger.models import Entry, EntryLine, LedgerPeriod
from ledger.rules.events import EVENTS
from ledger.selectors import trial_balance
from ledger.services import post, reverse, the_book_balances
from tests.conftest import AT
from tests.factories.book import part

pytestmark = pytest.mark.django_db
EVENT = st.sampled_from(sorted(EVENTS))
FEN = st.integers(0, 10**10)
POLICIES = st.lists(st.sampled_from(["P1", "P2", "P3"]), min_size=1, max_size=3, unique=True)
MONTHS = st.integers(1, 4)


class Book(RuleBasedStateMachine):
    """Posts, repeats, reverses and closes in any order; keeps in mind what must be there."""

    def __init__(self):
        super().__init__()
        self.point = transaction.atomic()
        self.point.__enter__()
        self.posted: list[tuple[dict, Entry | None]] = []
        self.closed = 0
        self.reserve: dict[tuple, Decimal] = {}

    def teardown(self):
        transaction.set_rollback(True)
        self.point.__exit__(None, None, None)

    @rule(event=EVENT, policies=POLICIES, data=st.data(), month=MONTHS)
    def post(self, event, policies, data, month):
        amounts = [
            {name: Decimal(data.draw(FEN)).scaleb(-2) for name in EVENTS[event].given}
            for _each in policies
        ]
        words = {
            "event": event,
            "on": dt.date(2026, month, 15),
            "parts": [part(no, **each) for no, each in zip(policies, amounts, strict=True)],
            "key": f"k{len(self.posted)}",
            "summary": "机",
            "by": None,
            "at": AT,
        }
        if month <= self.closed:
            with pytest.raises(WrongState), transaction.atomic():
                post(**words)
            return
        self.posted.append((words, post(**words)))
        if event == LedgerEvent.UNEARNED_PREMIUM and month == max(self.months(), default=month):
            for no, each in zip(policies, amounts, strict=True):
                self.reserve[no] = each["balance"]
                self.check_reserve(no, month)

    def months(self):
        return Entry.objects.values_list("month__month", flat=True)

    def check_reserve(self, no, month):
        lines = EntryLine.objects.filter(account="2601", policy_no=no, month__month__lte=month)
        sums = lines.aggregate(net=Sum("credit") - Sum("debit"))["net"] or 0
        assert sums == self.reserve[no]

    @rule(data=st.data())
    def repeat(self, data):
        done = [(words, entry) for words, entry in self.posted if entry is not None]
        if done:
            words, entry = data.draw(st.sampled_from(done))
            before = Entry.objects.count()
            assert post(**words) == entry
            assert Entry.objects.count() == before
            with pytest.raises(Conflict), transaction.atomic():
                post(**(words | {"parts": [part("P9", amount=1)]}))

    @rule(data=st.data())
    def take_back(self, data):
        done = [entry for _words, entry in self.posted if entry is not None]
        if not done:
            return
        entry = data.draw(st.sampled_from(done))
        is_back = Entry.objects.filter(reverses=entry).exists()
        words = {
            "entry": entry,
            "on": dt.date(2026, self.closed + 1, 20),
            "reason": "错",
            "by": None,
        }
        key = f"r{Entry.objects.count()}"
        if is_back:
            with pytest.raises((Conflict, RuleBroken)), transaction.atomic():
                reverse(**words, key=key, at=AT)
        else:
            back = reverse(**words, key=key, at=AT)
            assert back.total == entry.total

    @rule()
    def close(self):
        if self.closed < 3:
            self.closed += 1
            LedgerPeriod.objects.update_or_create(
                month=dt.date(2026, self.closed, 1), defaults={"status": "closed", "closed_at": AT}
            )

    @invariant()
    def balances(self):
        assert the_book_balances(AT).bad == []
        sums = EntryLine.objects.aggregate(debit=Sum("debit"), credit=Sum("credit"))
        assert sums["debit"] == sums["credit"]

    @invariant()
    def nothing_is_lost(self):
        kept = sum(entry is not None for _words, entry in self.posted)
        assert Entry.objects.filter(reverses=None).count() == kept


def test_random_business_never_unbalances_the_book():
    checks = settings(
        max_examples=12,
        stateful_step_count=14,
        deadline=None,
        suppress_health_check=list(HealthCheck),
    )
    run_state_machine_as_test(Book, settings=checks)


def test_a_trial_balance_of_random_months_sums_to_zero(db):
    for month in (1, 2, 3):
        for number, event in enumerate(sorted(EVENTS)):
            amounts = dict.fromkeys(EVENTS[event].given, Decimal(number + month))
            post(
                event=event,
                on=dt.date(2026, month, 3),
                parts=[part(f"P{month}", **amounts)],
                key=f"{month}:{event}",
                summary="三个月",
                by=None,
                at=AT,
            )
        lines = trial_balance(month=dt.date(2026, month, 1))
        assert sum(line.closing for line in lines) == 0
        assert sum(line.debit for line in lines) == sum(line.credit for line in lines) > 0
