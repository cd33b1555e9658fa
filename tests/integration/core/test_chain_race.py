"""The chain under many writers at once, with real commits in a database of its own."""

import random
import threading

import pytest
from django.db import connection, transaction

from core import clock
from core.chain import verify_chain
from core.models import AuditRecord, ChainLink
from core.services import record_audit
from organization.selectors import head_office
from postloss.adapters.bench_scratch import scratch_database

WRITERS, EACH = 16, 12


@pytest.fixture
def scratch(django_db_setup, django_db_blocker, settings):
    with django_db_blocker.unblock(), scratch_database() as folder:
        settings.EVIDENCE_ROOT = folder / "evidence"
        yield


def write(unit, seed, failures):
    dice = random.Random(seed)  # noqa: S311 (repeatable)
    try:
        for n in range(EACH):
            try:
                with transaction.atomic():
                    record_audit(action=f"race.{seed}", subject=unit, by=None, at=clock.now(), n=n)
                    if dice.random() < 0.2:
                        raise ZeroDivisionError  # noqa: TRY301 (rolls back)
                    if dice.random() < 0.5:
                        record_audit(action="race.more", subject=unit, by=None, at=clock.now())
            except ZeroDivisionError:
                continue
    except Exception as failure:  # noqa: BLE001 (told by the assertion)
        failures.append(repr(failure))
    finally:
        connection.close()


def test_EVID_04_many_writers_at_once_leave_no_gap_and_no_fork(scratch):
    unit, failures = head_office(), []
    threads = [
        threading.Thread(target=write, args=(unit, seed, failures)) for seed in range(WRITERS)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(120)
    assert failures == []
    numbers = list(ChainLink.objects.order_by("number").values_list("number", flat=True))
    assert numbers == list(range(1, AuditRecord.objects.count() + 1))
    assert len(numbers) > WRITERS * EACH / 2
    assert verify_chain().is_whole


def test_a_long_transaction_holds_nobody_up(scratch):
    """The lock of the chain is taken at the commit, not where something is recorded."""
    unit, recorded, go_on, failures = head_office(), threading.Event(), threading.Event(), []

    def month_end():
        try:
            with transaction.atomic():
                record_audit(action="race.long", subject=unit, by=None, at=clock.now())
                recorded.set()
                go_on.wait(60)
        finally:
            connection.close()

    slow = threading.Thread(target=month_end)
    slow.start()
    assert recorded.wait(60)
    quick = threading.Thread(target=write, args=(unit, 1, failures))
    quick.start()
    quick.join(60)
    assert not quick.is_alive()
    go_on.set()
    slow.join(60)
    assert failures == []
    last = AuditRecord.objects.select_related("link").get(action="race.long").link
    assert last.number == ChainLink.objects.count()
    assert verify_chain().is_whole
