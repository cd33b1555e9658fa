from decimal import Decimal

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from core.errors import RuleBroken
from products.selectors import (
    Effect,
    Method,
    PaidAt,
    PremiumMode,
    RatePer,
    SumInsuredBasis,
    premium_of,
    premium_parts,
    prepay,
    repayment_schedule,
    split_premium,
    sums_insured,
)
from tests.unit.products.loans import FEW, any_terms, day, loan

PRINCIPAL, AND_INTEREST, OPENING = SumInsuredBasis
RATES = st.integers(0, 500).map(lambda n: Decimal(n) / 10_000)


def parts(schedule, mode, basis, rate, **words):
    return premium_parts(schedule, mode=mode, basis=basis, rate=Decimal(rate), **words)


def test_a_single_premium_is_due_at_the_start():
    (single,) = parts(loan(), PremiumMode.SINGLE, PRINCIPAL, "0.0175")
    assert (single.due_on, single.amount) == (day("2024-01-15"), Decimal("1750.00"))
    assert (single.covers_from, single.covers_to) == (day("2024-01-15"), day("2025-01-15"))


def test_level_parts_differ_by_a_fen_at_most_and_make_the_whole():
    level = parts(loan(), PremiumMode.LEVEL, PRINCIPAL, "0.01")
    assert [str(part.amount) for part in level] == ["83.34"] * 4 + ["83.33"] * 8
    assert premium_of(level) == 1000


def test_a_declining_premium_is_the_rate_on_what_each_period_opens_with():
    schedule = loan("12000", "0.06", 4, method=Method.EQUAL_PRINCIPAL)
    declining = parts(schedule, PremiumMode.DECLINING, OPENING, "0.0015", rate_per=RatePer.PERIOD)
    assert [str(part.sum_insured) for part in declining] == [
        "12000.00", "9000.00", "6000.00", "3000.00",
    ]  # fmt: skip
    assert [str(part.amount) for part in declining] == ["18.00", "13.50", "9.00", "4.50"]


def test_a_rate_per_year_counts_months_and_odd_days():
    monthly = loan("10000", "0", 6, start="2024-01-31")
    assert premium_of(
        parts(monthly, PremiumMode.SINGLE, PRINCIPAL, "0.02", rate_per=RatePer.YEAR)
    ) == Decimal("100.00")
    odd = loan("10000", "0", 1, start="2024-01-15", first_due="2024-02-25")
    # 41 days over 365
    assert premium_of(
        parts(odd, PremiumMode.SINGLE, PRINCIPAL, "0.02", rate_per=RatePer.YEAR)
    ) == Decimal("22.47")


def test_the_sum_insured_may_hold_the_interest():
    schedule = loan("100000", "0.09", 12, method=Method.BULLET)
    (single,) = parts(schedule, PremiumMode.SINGLE, AND_INTEREST, "0.01")
    assert single.sum_insured == Decimal("109000.00")
    assert single.amount == Decimal("1090.00")


def test_a_down_payment_is_not_insured():
    schedule = loan("1000", "0", 3, down_payment=Decimal("250.00"))
    assert set(sums_insured(schedule, PRINCIPAL)) == {Decimal("750.00")}
    assert set(sums_insured(schedule, AND_INTEREST)) == {Decimal("750.00")}
    assert sums_insured(schedule, OPENING)[0] == Decimal("750.00")


def test_parts_fall_due_with_the_instalment_or_when_their_period_begins():
    with_rows = parts(loan(periods=2), PremiumMode.LEVEL, PRINCIPAL, "0.01")
    ahead = parts(
        loan(periods=2), PremiumMode.LEVEL, PRINCIPAL, "0.01", paid_at=PaidAt.PERIOD_START
    )
    assert [str(part.due_on) for part in with_rows] == ["2024-02-15", "2024-03-15"]
    assert [str(part.due_on) for part in ahead] == ["2024-01-15", "2024-02-15"]


@pytest.mark.parametrize(
    ("mode", "basis", "rate", "per", "code"),
    [
        (PremiumMode.SINGLE, PRINCIPAL, "-0.01", RatePer.TERM, "premium_rate"),
        (PremiumMode.SINGLE, PRINCIPAL, "1.75", RatePer.TERM, "premium_rate"),
        (PremiumMode.DECLINING, PRINCIPAL, "0.01", RatePer.PERIOD, "premium_basis"),
        (PremiumMode.DECLINING, OPENING, "0.01", RatePer.TERM, "premium_rate"),
    ],
)
def test_what_does_not_go_together_is_refused(mode, basis, rate, per, code):
    with pytest.raises(RuleBroken) as refusal:
        parts(loan(), mode, basis, rate, rate_per=per)
    assert refusal.value.code == code


def test_a_loan_settled_before_its_first_row_has_nothing_to_tie_to():
    settled = prepay(
        loan(), on=day("2024-01-20"), amount=Decimal(100000), effect=Effect.SHORTEN_TERM
    )
    with pytest.raises(RuleBroken, match="no instalment"):
        parts(settled, PremiumMode.LEVEL, PRINCIPAL, "0.01")


@FEW
@given(st.integers(0, 10**9), st.integers(1, 360))
def test_equal_parts_sum_to_the_whole(fen, number):
    split = split_premium(Decimal(fen) / 100, number)
    assert sum(split) == Decimal(fen) / 100
    assert max(split) - min(split) <= Decimal("0.01")


@FEW
@given(any_terms(), RATES, st.sampled_from([PRINCIPAL, AND_INTEREST]))
def test_single_and_level_premium_are_the_same_whole(these, rate, basis):
    schedule = build(these)
    single = parts(schedule, PremiumMode.SINGLE, basis, rate)
    level = parts(schedule, PremiumMode.LEVEL, basis, rate)
    assert premium_of(single) == premium_of(level)
    assert len(level) == len(schedule.rows)


@FEW
@given(any_terms(), RATES)
def test_a_declining_premium_never_rises_and_never_exceeds_the_flat_one(these, rate):
    schedule = build(these)
    declining = parts(schedule, PremiumMode.DECLINING, OPENING, rate, rate_per=RatePer.PERIOD)
    amounts = [part.amount for part in declining]
    assert amounts == sorted(amounts, reverse=True)
    on_principal = parts(schedule, PremiumMode.LEVEL, PRINCIPAL, rate, rate_per=RatePer.PERIOD)
    fen_of_rounding = Decimal("0.01") * len(amounts)
    assert premium_of(declining) <= premium_of(on_principal) + fen_of_rounding
    assert [part.covers_from for part in declining][1:] == [part.covers_to for part in declining][
        :-1
    ]


def build(these):
    try:
        return repayment_schedule(these)
    except RuleBroken as refusal:
        assume(refusal.code not in {"instalment_below_interest", "instalment_is_nothing"})
        raise
