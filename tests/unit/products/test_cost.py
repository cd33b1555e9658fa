from dataclasses import astuple
from decimal import Decimal

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from products.selectors import (
    Method,
    NoCost,
    PaidAt,
    PremiumMode,
    SumInsuredBasis,
    all_in_cost,
    all_in_cost_by_days,
    all_in_cost_monthly,
    premium_parts,
)
from tests.unit.products.loans import FEW, day, loan

PERCENT = Decimal("0.0001")


def percents(cost):
    return cost.nominal.quantize(PERCENT), cost.effective.quantize(PERCENT)


def amounts(flows):
    return {month: Decimal(amount) for month, amount in flows.items()}


def test_F15a_a_bullet_with_its_premium_taken_up_front():
    cost = all_in_cost_monthly(amounts({0: 94000, 12: -109000}))
    assert percents(cost) == (Decimal("0.1490"), Decimal("0.1596"))
    assert (cost.nominal / 12).quantize(Decimal("0.000001")) == Decimal("0.012414")
    assert abs(cost.effective - (Decimal(109) / 94 - 1)) < Decimal("1E-14")


def test_F15a_from_the_schedule_and_the_premium_themselves():
    bullet = loan("100000", "0.09", 12, method=Method.BULLET)
    single = premium_parts(
        bullet, mode=PremiumMode.SINGLE, basis=SumInsuredBasis.PRINCIPAL, rate=Decimal("0.06")
    )
    assert percents(all_in_cost(bullet, premiums=single)) == (
        Decimal("0.1490"), Decimal("0.1596"),
    )  # fmt: skip


def test_F15b_an_instalment_with_thirty_yuan_of_premium_a_month():
    flows = {0: 12000} | dict.fromkeys(range(1, 13), -1080)
    cost = all_in_cost_monthly(amounts(flows))
    assert percents(cost) == (Decimal("0.1445"), Decimal("0.1545"))
    assert (cost.nominal / 12).quantize(Decimal("0.000001")) == Decimal("0.012043")


def test_without_premium_and_fees_the_nominal_cost_is_the_contract_rate():
    cost = all_in_cost(loan("100000", "0.06", 12))
    assert abs(cost.nominal - Decimal("0.06")) < Decimal("0.00001")


def test_a_fee_at_the_start_reduces_what_is_received():
    fee = ((day("2024-01-15"), Decimal(6000)),)
    bullet = loan("100000", "0.09", 12, method=Method.BULLET)
    assert percents(all_in_cost(bullet, fees=fee))[1] == Decimal("0.1596")


def test_a_premium_with_the_instalments_costs_less_than_one_ahead_of_them():
    schedule = loan()
    words = {"mode": PremiumMode.LEVEL, "basis": SumInsuredBasis.PRINCIPAL, "rate": Decimal("0.02")}
    later = premium_parts(schedule, **words)
    ahead = premium_parts(schedule, **words, paid_at=PaidAt.PERIOD_START)
    costs = [all_in_cost(schedule, premiums=each).nominal for each in ((), later, ahead)]
    assert costs == sorted(set(costs))


def test_what_is_not_monthly_is_reckoned_by_days_over_365():
    flows = [(day("2024-01-01"), Decimal(1000)), (day("2024-07-01"), Decimal(-1050))]
    cost = all_in_cost_by_days(flows)
    # 1.05 ^ (365 / 182) − 1
    assert cost.effective.quantize(Decimal("0.00000001")) == Decimal("0.10279560")
    broken = loan("100000", "0.06", 12, first_due="2024-02-20")
    by_days = all_in_cost_by_days(
        [(broken.terms.start, broken.terms.principal)]
        + [(row.due_on, -row.instalment) for row in broken.rows]
    )
    assert all_in_cost(broken) == by_days


def test_the_order_of_flows_does_not_matter():
    flows = [(day("2024-01-01"), Decimal(1000)), (day("2024-07-01"), Decimal(-1050))]
    assert all_in_cost_by_days(flows) == all_in_cost_by_days(flows[::-1])


@pytest.mark.parametrize(
    ("flows", "reason"),
    [
        ({}, NoCost.NO_FLOWS),
        ({0: 0}, NoCost.NO_FLOWS),
        ({0: 1000}, NoCost.ONE_SIDED),
        ({1: -1000}, NoCost.ONE_SIDED),
        ({0: 100, 1: -1000}, NoCost.NO_ROOT),  # above 1000 % a year
        ({0: 1000, 12: -9}, NoCost.NO_ROOT),  # below −99 %
        ({0: 1000, 12: -2300, 24: 1320}, NoCost.SEVERAL_ROOTS),  # 10 % and 20 %
        ({0: 100, 12: -100, 24: 100}, NoCost.NO_ROOT),  # no real root at all
    ],
)
def test_without_one_root_the_cost_is_undefined_and_blocks(flows, reason):
    cost = all_in_cost_monthly(amounts(flows))
    assert astuple(cost) == (None, None, reason)
    assert cost.is_blocked


def test_a_cost_near_either_bound_is_still_found():
    high = all_in_cost_monthly(amounts({0: 1000, 12: -10999}))
    low = all_in_cost_monthly(amounts({0: 1000, 12: Decimal("-10.01")}))
    assert (high.effective, low.effective) == (Decimal("9.999"), Decimal("-0.98999"))


def test_a_loan_that_costs_nothing_has_a_rate_of_nothing():
    assert all_in_cost(loan("1000", "0", 10)).effective == 0


@FEW
@given(st.lists(st.integers(1, 100_000), min_size=1, max_size=60), st.integers(40, 130))
def test_at_the_rate_found_the_flows_are_worth_nothing(paid, percent):
    received = {0: Decimal(sum(paid) * percent) / 100}
    flows = received | {n: Decimal(-each) for n, each in enumerate(paid, 1)}
    cost = all_in_cost_monthly(flows)
    assume(not cost.is_blocked)
    growth = 1 + cost.nominal / 12
    worth = sum(amount / growth**month for month, amount in flows.items())
    slope = sum(abs(amount) * month / growth**month for month, amount in flows.items())
    assert abs(worth) <= slope * Decimal("1E-13")


@FEW
@given(st.lists(st.integers(1, 100_000), min_size=1, max_size=36), st.integers(1, 10_000))
def test_a_fee_never_makes_a_loan_cheaper(paid, fee):
    flows = {0: Decimal(sum(paid))} | {n: Decimal(-each) for n, each in enumerate(paid, 1)}
    with_fee = flows | {1: flows[1] - fee}
    assume(flows[0] > 0)
    cost, dearer = all_in_cost_monthly(flows), all_in_cost_monthly(with_fee)
    assert dearer.is_blocked or dearer.nominal > cost.nominal
