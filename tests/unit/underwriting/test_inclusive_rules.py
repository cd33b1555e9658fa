"""The inclusive flag and its part of the balance: F12, PRE-02e."""

import datetime as dt
from decimal import Decimal

import pytest

from underwriting.rules.inclusive import (
    InsuredLoan,
    cap_multiple,
    inclusive_balance,
    is_inclusive,
    may_issue_under,
    quarter_before,
    quarter_end,
    quarter_of,
)

D = Decimal
LIMIT = D(10_000_000)


def loan(amount, *, balance=None, obligor="A", is_small=True, policy_no="P"):
    return InsuredLoan(
        policy_no=policy_no,
        obligor=obligor,
        insured_amount=D(amount),
        balance=D(amount if balance is None else balance),
        is_small=is_small,
    )


def cap(inclusive, insured):
    return cap_multiple(
        inclusive=D(inclusive), insured=D(insured), threshold=D("0.30"), plain=D(4), raised=D(6)
    )


def test_PRE_02e_ten_million_exactly_is_inclusive_and_a_fen_more_makes_none_of_it():
    two = [loan(6_000_000), loan(4_000_000)]
    assert is_inclusive([each.insured_amount for each in two], LIMIT)
    assert inclusive_balance(two, LIMIT).inclusive == LIMIT
    three = [*two, loan(10_000)]
    assert not is_inclusive([each.insured_amount for each in three], LIMIT)
    assert inclusive_balance(three, LIMIT).inclusive == 0
    assert inclusive_balance([*two, loan("0.01")], LIMIT).inclusive == 0


def test_the_loans_are_summed_by_obligor_and_the_balances_counted():
    loans = [
        loan(6_000_000, balance=1_000_000),
        loan(6_000_000, balance=2_000_000, obligor="B"),
        loan(5_000_000, balance=4_000_000, obligor="B"),
    ]
    found = inclusive_balance(loans, LIMIT)
    assert (found.inclusive, found.insured, found.obligors, found.loans) == (
        D(1_000_000),
        D(7_000_000),
        1,
        3,
    )


def test_what_nobody_classified_counts_in_the_whole_alone():
    found = inclusive_balance([loan(30), loan(70, obligor="B", is_small=None)], LIMIT)
    assert (found.inclusive, found.insured, found.unknown) == (D(30), D(100), D(70))
    assert found.ratio == D("0.3")


def test_large_enterprises_and_persons_count_in_the_whole():
    found = inclusive_balance([loan(30), loan(70, obligor="B", is_small=False)], LIMIT)
    assert (found.ratio, found.unknown) == (D("0.3"), 0)


def test_F12_without_a_balance_the_ratio_is_undefined_and_nothing_is_raised():
    assert inclusive_balance([], LIMIT).ratio is None
    assert cap(0, 0) == 4


@pytest.mark.parametrize(
    ("inclusive", "insured", "multiple"),
    [
        ("3300000000", "10000000000", 6),
        ("2990000000", "10000000000", 4),
        ("3000000000", "10000000000", 6),
        ("2999999999.99", "10000000000", 4),
        ("1", "3", 6),
        ("0.29", "1", 4),
    ],
)
def test_F12_exactly_thirty_percent_counts(inclusive, insured, multiple):
    assert cap(inclusive, insured) == multiple


def test_HQ_13_above_the_cap_nothing_is_issued_until_usage_is_within_it():
    assert may_issue_under(usage=D(4), cap=D(4))
    assert not may_issue_under(usage=D("4.01"), cap=D(4))


def test_quarters():
    assert quarter_of(dt.date(2026, 5, 31)) == dt.date(2026, 4, 1)
    assert quarter_before(dt.date(2026, 1, 1)) == dt.date(2025, 10, 1)
    assert quarter_end(dt.date(2025, 10, 1)) == dt.date(2025, 12, 31)
    assert quarter_end(dt.date(2026, 1, 1)) == dt.date(2026, 3, 31)
