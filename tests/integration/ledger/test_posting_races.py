"""Postings at once on committed rows: one key is one entry, numbers have no gaps.

The rows live in a database of their own, cloned from the one of the tests (entries cannot be
deleted), so that what is committed leaves with it.
"""

from __future__ import annotations

import datetime as dt
import threading
from concurrent.futures import ThreadPoolExecutor
from decimal import Decimal

import pytest
from django.db import connection, transaction

from core.errors import DomainError
from ledger.enums import LedgerEvent
from ledger.models import Account, Entry, EntryCounter, EntryLine, LedgerPeriod
from ledger.services import Part, post, reverse
from tests.conftest import AT
from tests.factories.book import DAY, part

THREADS = 16


@pytest.fixture
def book(scratch, django_db_blocker):
    with django_db_blocker.unblock():
        yield


def at_once(work, count=THREADS):
    """Run `work(number)` in threads that start together; return results or refusals."""
    gate = threading.Barrier(count)

    def run(number):
        gate.wait(10)
        try:
            return work(number)
        except DomainError as refusal:
            return refusal
        finally:
            connection.close()

    with ThreadPoolExecutor(count) as threads:
        return list(threads.map(run, range(count)))


def paid(key, yuan=10, *, on=DAY, event=LedgerEvent.CLAIM_PAID, **amounts):
    amounts = amounts or {"amount": yuan}
    parts: list[Part] = [part(**amounts)]
    return post(event=event, on=on, parts=parts, key=key, summary="并发", by=None, at=AT)


def test_an_empty_house_has_its_chart_of_accounts(db):
    """It asks for the database of the tests, which is then there to be cloned."""
    assert Account.objects.filter(code="1002").exists()


def test_threads_that_post_one_key_make_one_entry(book):
    found = at_once(lambda _number: paid("one"))
    assert len({entry.pk for entry in found}) == 1
    assert Entry.objects.filter(key="one").count() == 1
    assert EntryLine.objects.filter(entry__key="one").count() == 2


def test_threads_with_other_content_under_one_key_are_refused(book):
    found = at_once(lambda number: paid("other", 10 + number))
    assert sum(isinstance(each, Entry) for each in found) == 1
    assert {each.code for each in found if not isinstance(each, Entry)} == {"key_used"}


def test_numbers_of_a_month_have_no_gaps_when_some_roll_back(book):
    august = dt.date(2026, 8, 3)

    def work(number):
        with transaction.atomic():
            entry = paid(f"gap:{number}", on=august)
            if number % 3 == 0:
                transaction.set_rollback(True)
        return entry

    at_once(work)
    given = sorted(
        Entry.objects.filter(month=august.replace(day=1)).values_list("sequence", flat=True)
    )
    assert given == list(range(1, len(given) + 1))
    assert len(given) == sum(number % 3 != 0 for number in range(THREADS))
    assert EntryCounter.objects.get(month=august.replace(day=1)).last == len(given)


def test_an_entry_is_reversed_once_by_threads_with_other_keys(book):
    entry = paid("to reverse")

    def work(number):
        return reverse(entry=entry, on=DAY, key=f"rev:{number}", reason="错", by=None, at=AT)

    found = at_once(work)
    assert sum(isinstance(each, Entry) for each in found) == 1
    assert Entry.objects.filter(reverses=entry).count() == 1


def test_a_reserve_set_by_threads_stands_where_the_last_one_put_it(book):
    september = dt.date(2026, 9, 1)
    event = LedgerEvent.UNEARNED_PREMIUM
    at_once(lambda number: paid(f"upr:{number}", on=september, event=event, balance=100 + number))
    lines = EntryLine.objects.filter(account="2601", month=september)
    standing = sum((line.credit - line.debit for line in lines), Decimal(0))
    assert standing in {Decimal(100 + number) for number in range(THREADS)}


def test_a_month_that_is_being_closed_takes_no_posting_in_between(book):
    """The closing waits for the posting that came first; who comes later is refused."""
    october = dt.date(2026, 10, 1)
    entered, closed = threading.Event(), threading.Event()

    def work(number):
        if number == 0:
            with transaction.atomic():
                entry = paid("before", on=october)
                entered.set()
                closed.wait(0.5)  # the other cannot close before this commits
                assert not closed.is_set()
            return entry
        assert entered.wait(10)
        with transaction.atomic():
            fresh = [LedgerPeriod(month=october)]
            LedgerPeriod.objects.bulk_create(fresh, ignore_conflicts=True)  # as the closing does
            period = LedgerPeriod.objects.select_for_update().get(month=october)
            assert Entry.objects.filter(month=october).count() == 1
            LedgerPeriod.objects.filter(pk=period.pk).update(status="closed", closed_at=AT)
        closed.set()
        return paid("after", on=october)

    first, refusal = at_once(work, 2)
    assert isinstance(first, Entry)
    assert refusal.code == "month_closed"
