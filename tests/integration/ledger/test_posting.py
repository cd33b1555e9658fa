"""Post and reverse entries; what the services and the database refuse."""

import datetime as dt
import time
from decimal import Decimal

import pytest
from django.db import DatabaseError, IntegrityError, connection, transaction

from core.errors import Conflict, Missing, RuleBroken, WrongState
from core.row_security import seen_by
from core.selectors import audit_of
from ledger.enums import LedgerEvent
from ledger.models import Entry, EntryLine, LedgerPeriod
from ledger.rules.events import EVENTS
from ledger.selectors import balance_by_policy, posting_month, rule_in_force
from ledger.services import number_entries, post, reverse
from organization.selectors import eyes_of
from tests.conftest import AT
from tests.factories.book import BEIJING, DAY, MARCH, by_hand, lines, part, posted

pytestmark = pytest.mark.django_db
ZERO = Decimal("0.00")


def yuan(word):
    return Decimal(word).quantize(Decimal("0.01"))


def close(month):
    LedgerPeriod.objects.update_or_create(
        month=month, defaults={"status": "closed", "closed_at": AT}
    )


def test_an_event_is_posted_by_the_rule_in_force():
    entry = posted("policy_issued", part(premium="1000.00", vat="60.00"))
    assert lines(entry) == [
        ("112201", yuan(1000), ZERO),
        ("603101", ZERO, yuan(1000)),
        ("112201", yuan(60), ZERO),
        ("2221", ZERO, yuan(60)),
    ]
    assert entry.rule == rule_in_force(event="policy_issued", on=DAY)
    assert (entry.month, entry.business_on, entry.total) == (MARCH, DAY, yuan(1060))
    line = entry.lines.first()
    assert (line.policy_no, line.lender_code, line.product_code, line.unit_path) == (
        "P1",
        "L1",
        "K1",
        BEIJING,
    )
    [record] = audit_of(object_type="ledger.entry", object_id=entry.pk)
    assert (record.action, record.detail["total"]) == ("ledger.entry_posted", "1060.00")


@pytest.mark.parametrize("event", EVENTS)
def test_every_event_has_a_sound_rule_and_is_posted(event):
    from ledger.rules.posting import check_rule
    from ledger.selectors import chart_kinds

    rule = rule_in_force(event=event, on=DAY)
    assert check_rule(event, rule.lines, chart_kinds()) == []
    amounts = {name: 10 + number for number, name in enumerate(EVENTS[event].given)}
    entry = posted(event, part(**amounts))
    assert len(lines(entry)) == 2 * len(amounts)


def test_numbers_have_no_gaps_and_begin_anew_each_month():
    first, second = (posted("commission", part(amount=5)) for _ in range(2))
    april = posted("commission", part(amount=5), on=dt.date(2026, 4, 1))
    assert [each.number for each in (first, second, april)] == [
        "202603-000001",
        "202603-000002",
        "202604-000001",
    ]


def test_zero_makes_no_line_and_zeroes_alone_no_entry():
    assert len(lines(posted("policy_issued", part(premium=100, vat=0)))) == 2
    assert posted("policy_issued", part(premium=0)) is None
    assert Entry.objects.count() == 1
    assert posted("policy_issued", part(premium=0), on=dt.date(2027, 1, 1)) is None
    assert LedgerPeriod.objects.count() == 1  # nothing was written for it


def test_the_same_key_returns_the_first_entry_and_other_content_is_a_conflict():
    first = posted("claim_paid", part(amount=100), key="claim:1")
    again = posted("claim_paid", part(amount="100.00"), key="claim:1")
    assert again == first
    assert Entry.objects.count() == 1
    with pytest.raises(Conflict, match="claim:1"):
        posted("claim_paid", part(amount="100.01"), key="claim:1")
    with pytest.raises(Conflict):
        posted("claim_paid", part("P2", amount=100), key="claim:1")


def test_what_the_event_does_not_take_is_refused_by_name():
    with pytest.raises(RuleBroken, match="bonus, premium, vat"):
        posted("policy_issued", part(premium="-1", vat="0.005", bonus=1))
    assert not Entry.objects.exists()


def test_a_reserve_is_set_and_the_change_is_posted():
    assert lines(posted("unearned_premium", part(balance=900))) == [
        ("6501", yuan(900), ZERO),
        ("2601", ZERO, yuan(900)),
    ]
    april = dt.date(2026, 4, 30)
    entry = posted("unearned_premium", part(balance=650), part("P2", balance=40), on=april)
    assert lines(entry) == [
        ("6501", ZERO, yuan(250)),
        ("2601", yuan(250), ZERO),
        ("6501", yuan(40), ZERO),
        ("2601", ZERO, yuan(40)),
    ]
    assert balance_by_policy(account="2601", through=april) == {"P1": yuan(-650), "P2": yuan(-40)}
    assert balance_by_policy(account="2601", through=MARCH) == {"P1": yuan(-900)}
    assert posted("unearned_premium", part(balance=650), on=april, key="again") is None


def test_a_reserve_is_set_per_claim_and_per_treaty():
    posted("claim_reserve", part(balance=100, claim_no="C1"), part(balance=50, claim_no="C2"))
    entry = posted("claim_reserve", part(balance=80, claim_no="C2"))
    assert lines(entry)[0] == ("650201", yuan(30), ZERO)
    with pytest.raises(RuleBroken) as refusal:
        posted("claim_reserve", part(balance=1, claim_no="C9"), part(balance=2, claim_no="C9"))
    assert refusal.value.code == "reserve_set_twice"


def test_an_opening_balance_is_no_expense_of_the_period():
    posted("balances_brought_forward", part(unearned_premium=500))
    assert lines(posted("unearned_premium", part(balance=450)))[1] == ("2601", yuan(50), ZERO)


def test_a_reversal_exchanges_the_sides_keeps_the_dimensions_and_happens_once():
    entry = posted("claim_paid", part(amount=100, claim_no="C1"))
    back = reverse(entry=entry, on=DAY, key="r1", reason="付错人", by=None, at=AT)
    assert lines(back) == [(code, credit, debit) for code, debit, credit in lines(entry)]
    assert back.lines.first().claim_no == "C1"
    assert (back.reverses, entry.reversed_by) == (entry, back)
    assert reverse(entry=entry, on=DAY, key="r1", reason="付错人", by=None, at=AT) == back
    with pytest.raises(Conflict):
        reverse(entry=entry, on=DAY, key="r2", reason="再来", by=None, at=AT)
    with pytest.raises(RuleBroken):
        reverse(entry=back, on=DAY, key="r3", reason="不要了", by=None, at=AT)
    with pytest.raises(RuleBroken):
        reverse(entry=entry, on=DAY, key="r4", reason=" ", by=None, at=AT)
    actions = {each.action for each in audit_of(object_type="ledger.entry", object_id=entry.pk)}
    assert actions == {"ledger.entry_posted", "ledger.entry_reversed"}


def test_nothing_is_posted_into_a_closed_month_by_service_or_by_hand():
    entry = posted("claim_paid", part(amount=1))
    close(MARCH)
    with pytest.raises(WrongState, match="2026-03"):
        posted("claim_paid", part(amount=2))
    with pytest.raises(WrongState):
        reverse(entry=entry, on=DAY, key="r", reason="错", by=None, at=AT)
    with pytest.raises(IntegrityError, match="are closed"), transaction.atomic():
        Entry.objects.create(
            month=MARCH, business_on=DAY, event="claim_paid", key="x", digest="0" * 64,
            summary="x", total=1, posted_at=AT,
        )  # fmt: skip
    assert posting_month(on=DAY) == dt.date(2026, 4, 1)
    late = posted("claim_paid", part(amount=2), month=posting_month(on=DAY))
    assert (late.month, late.business_on) == (dt.date(2026, 4, 1), DAY)


def test_business_is_not_posted_into_a_month_before_its_day():
    with pytest.raises(RuleBroken):
        posted("claim_paid", part(amount=2), month=dt.date(2026, 2, 1))


def test_without_a_rule_on_the_day_nothing_is_posted():
    with pytest.raises(Missing):
        posted("claim_paid", part(amount=2), on=dt.date(1999, 12, 31))


LINE = (
    "INSERT INTO ledger_entryline (entry_id, no, account_id, month, debit, credit, policy_no,"
    " lender_code, product_code, unit_path, treaty_code, claim_no) VALUES "
)


@transaction.atomic
def raw_entry(*lines, total=10):
    """An entry of 10 yuan with such lines: account, debit, credit."""
    entry = Entry.objects.create(
        month=MARCH, business_on=DAY, event="manual", key="raw", digest="0" * 64,
        summary="x", total=total, posted_at=AT,
    )  # fmt: skip
    if lines:
        raw(*[(entry.pk, no, code, MARCH, *sides) for no, (code, *sides) in enumerate(lines, 1)])
    number_entries()


def raw(*rows):
    values = ", ".join(["(%s, %s, %s, %s, %s, %s, '', '', '', '', '', '')"] * len(rows))
    by_hand(LINE + values, *[word for row in rows for word in row])


@pytest.mark.parametrize(
    "rows",
    [
        [("1002", 10, 0), ("6601", 0, "9.99")],
        [("1002", 10, 0)],
        [("1002", 5, 0), ("6601", 0, 5)],  # not the total of the entry
    ],
    ids=["unbalanced", "one line", "other total"],
)
def test_the_database_refuses_what_does_not_balance(rows):
    with pytest.raises(IntegrityError, match="does not balance"):
        raw_entry(*rows)


def test_the_database_refuses_lines_that_come_in_pieces():
    entry = posted("claim_paid", part(amount=10))
    with pytest.raises(IntegrityError, match="in pieces"), transaction.atomic():
        raw((entry.pk, 3, "1002", MARCH, 10, 0), (entry.pk, 4, "6601", MARCH, 0, 10))
    with pytest.raises(IntegrityError, match="in pieces"), transaction.atomic():
        raw((entry.pk + 99, 1, "1002", MARCH, 10, 0), (entry.pk + 99, 2, "6601", MARCH, 0, 10))


@pytest.mark.parametrize(("debit", "credit"), [(0, 0), (5, 5), (-5, 0)])
def test_the_database_refuses_a_line_that_is_not_one_side(debit, credit):
    with pytest.raises(IntegrityError, match="one_side_only"):
        raw_entry(("1002", debit, credit), ("6601", 0, 10))


def test_the_database_takes_an_entry_that_balances():
    raw_entry(("1002", 10, 0), ("6601", 0, 10))
    assert Entry.objects.get().number == "202603-000001"


def test_the_database_refuses_an_entry_without_lines_at_commit():
    with pytest.raises(IntegrityError, match="has no lines"):
        raw_entry()


def test_the_database_refuses_a_number_that_somebody_chose():
    with pytest.raises(IntegrityError, match="given at its commit"), transaction.atomic():
        Entry.objects.create(
            month=MARCH, business_on=DAY, event="manual", key="n", digest="0" * 64,
            summary="x", total=1, posted_at=AT, sequence=7,
        )  # fmt: skip


def test_entries_and_lines_are_appended_only():
    entry = posted("claim_paid", part(amount=10))
    for statement in (
        lambda: EntryLine.objects.update(debit=1),
        lambda: EntryLine.objects.all()._raw_delete("default"),
        lambda: Entry.objects.filter(pk=entry.pk).update(summary="anders"),
        lambda: Entry.objects.filter(pk=entry.pk).update(sequence=9),
        lambda: Entry.objects.all()._raw_delete("default"),
    ):
        with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
            statement()


def test_two_thousand_policies_make_one_entry_well_under_a_second():
    parts = [part(f"P{number}", premium="100.10", vat="6.01") for number in range(2000)]
    begun = time.perf_counter()
    entry = post(
        event=LedgerEvent.POLICY_ISSUED,
        on=DAY,
        parts=parts,
        key="run",
        summary="批",
        by=None,
        at=AT,
    )
    took = time.perf_counter() - begun
    print(f"8,000 lines in {took:.3f} s")  # noqa: T201
    assert entry.lines.count() == 8000
    assert entry.total == 2000 * Decimal("106.11")
    assert took < 3  # measured 0.2 s; the machine may be busy


def test_a_branch_sees_the_lines_of_its_own_policies_alone(
    beijing, shanghai, branch_wang, stranger_gu, manager_lin, system_han
):
    posted("claim_paid", part(amount=10), part("P2", amount=20, unit_path=shanghai.path))
    posted("claim_paid", part("P3", amount=30, unit_path=shanghai.path))
    seen = {}
    for who in (branch_wang, stranger_gu, manager_lin, system_han):
        eyes = eyes_of(staff=who)
        with seen_by(scope=eyes.scope, staff_id=eyes.staff_id, kind=eyes.kind):
            seen[who.username] = (Entry.objects.count(), EntryLine.objects.count())
    assert seen == {"wang": (1, 2), "gu": (2, 4), "lin": (2, 6), "han": (0, 0)}


def test_a_branch_person_posts_what_the_house_then_sees(beijing, branch_wang):
    eyes = eyes_of(staff=branch_wang)
    with seen_by(scope=eyes.scope, staff_id=eyes.staff_id, kind=eyes.kind):
        entry = posted("policy_issued", part(premium=10), by=branch_wang)
        assert EntryLine.objects.filter(entry=entry).count() == 2
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_setting('role')")
        assert cursor.fetchone() == ("none",)
    assert entry.number == "202603-000001"
