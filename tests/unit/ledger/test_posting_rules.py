"""Posting rules as pure rules: what is sound, what amounts become, what differs."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ledger.enums import LedgerEvent
from ledger.rules.events import EVENTS
from ledger.rules.posting import (
    Part,
    Posted,
    RuleLine,
    check_rule,
    natural,
    plain_lines,
    posted_lines,
    rule_difference,
    unbalanced_by,
    wrong_amounts,
)

KINDS = {"1002": "asset", "2601": "liability", "6501": "expense", "6031": "income"}


def rule(*words):
    return [dict(zip(("side", "account", "amount"), word.split(), strict=True)) for word in words]


def codes(event, raw):
    return [(each.code, each.about) for each in check_rule(event, raw, KINDS)]


def test_a_rule_whose_sides_are_the_same_sum_of_amounts_is_sound():
    raw = rule("debit 1002 premium", "debit 1002 vat", "credit 6031 vat", "credit 6031 premium")
    assert codes("policy_issued", raw) == []


@pytest.mark.parametrize(
    ("raw", "found"),
    [
        ([], [("no_lines", ""), ("amount_unused", "amount")]),
        (rule("debit 1002 amount", "debit 6031 amount"), [("unbalanced", "amount")]),
        (rule("debit 1002 amount", "credit 7 amount"), [("account_unknown", "7")]),
        (
            rule("debit 1002 amount", "credit 6031 more", "credit 6031 amount"),
            [("amount_unknown", "more"), ("unbalanced", "more")],
        ),
        (
            [*rule("debit 1002 amount", "credit 6031 amount"), {"side": "links"}],
            [("line_unreadable", "3")],
        ),
    ],
)
def test_everything_that_is_wrong_with_a_rule_is_named(raw, found):
    assert codes("claim_paid", raw) == found


def test_a_rule_that_sets_a_reserve_names_one_balance_sheet_account():
    assert codes("unearned_premium", rule("debit 6501 change", "credit 2601 change")) == []
    two = rule("debit 1002 change", "credit 2601 change")
    assert codes("unearned_premium", two) == [("no_single_reserve", "")]


def test_amounts_below_zero_change_the_side_and_zero_makes_no_line():
    lines = [RuleLine("debit", "6501", "change"), RuleLine("credit", "2601", "change")]
    parts = [Part(amounts={"change": Decimal(-5)}, policy_no="P"), Part(amounts={})]
    dimensions = ("P", "", "", "", "", "")
    assert list(posted_lines(lines, parts)) == [
        Posted("6501", Decimal(0), Decimal(5), dimensions),
        Posted("2601", Decimal(5), Decimal(0), dimensions),
    ]


def test_amounts_are_known_not_negative_and_whole_fen():
    parts = [Part(amounts={"amount": Decimal("1.001")}), Part(amounts={"x": Decimal(1)})]
    assert wrong_amounts("claim_paid", parts) == {"amount", "x"}
    assert wrong_amounts("claim_paid", [Part(amounts={"amount": Decimal("1.10")})]) == set()


def test_what_reinsurers_give_back_is_below_zero_and_nothing_else_is():
    below = [Part(amounts={"amount": Decimal("-1.10")})]
    assert {event for event in EVENTS if not wrong_amounts(event, below)} == {
        "ceded_premium", "ceding_commission",
    }  # fmt: skip


def test_a_balance_stands_on_the_side_of_its_kind():
    assert natural("asset", debit=Decimal(3), credit=Decimal(1)) == 2
    assert natural("liability", debit=Decimal(3), credit=Decimal(1)) == -2


def test_the_difference_of_two_versions_names_lines_dropped_and_added():
    first = [RuleLine("debit", "6421", "amount"), RuleLine("credit", "2202", "amount")]
    second = [first[0], RuleLine("credit", "1002", "amount")]
    assert rule_difference(first, second) == ([first[1]], [second[1]])
    assert plain_lines([second[1]]) == rule("credit 1002 amount")


SIDES = st.sampled_from(["debit", "credit"])
FEN = st.integers(-(10**12), 10**12).map(lambda fen: Decimal(fen) / 100)


@given(
    data=st.data(),
    event=st.sampled_from([*EVENTS]),
)
def test_whatever_a_sound_rule_posts_balances(data, event):
    names = EVENTS[event].posted
    raw = []
    for name in names:
        for side in ("debit", "credit"):
            account = data.draw(st.sampled_from(sorted(KINDS)))
            raw.append({"side": side, "account": account, "amount": name})
    lines = [RuleLine(**each) for each in raw]
    amounts = {name: data.draw(FEN) for name in names}
    if not any(fault == "unbalanced" for fault, _ in codes(event, raw)):
        assert unbalanced_by(posted_lines(lines, [Part(amounts=amounts)])) == 0


def test_every_event_but_the_manual_voucher_has_its_amounts():
    assert set(EVENTS) == set(LedgerEvent) - {LedgerEvent.MANUAL, LedgerEvent.YEAR_CLOSED}
