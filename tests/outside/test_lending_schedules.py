"""Schedules of two lending systems, S1, S2, S5 and S6; figures only, no code.

S1, S2, S5: frappe/lending, test_loan.py (test_loan, test_flat_rate_interest_method). S6:
apache/fineract, ProgressiveEMICalculatorTest. Frappe computes in whole units and lets fractions run
on under its printed balances; the contract of our command rounds interest to the unit itself.
"""

import datetime as dt
from decimal import Decimal

from products.selectors import Convention, Method, Rounding, Terms, repayment_schedule

WHOLE = Convention(unit=Decimal(1), interest_unit=Decimal(1), rounding=Rounding.UP)
CARRIED = Convention(
    unit=Decimal(1), interest_unit=Decimal(1), rounding=Rounding.UP, carries_fractions=True
)


def loan(principal, rate, periods, **words):
    return repayment_schedule(
        Terms(
            principal=Decimal(principal),
            annual_rate=Decimal(rate),
            periods=periods,
            start=words.pop("start", dt.date(2023, 1, 15)),
            **words,
        )
    )


def row(schedule, n):
    found = schedule.rows[n - 1]
    return found.principal, found.interest, found.balance


def test_S1_an_instalment_is_rounded_up_to_whole_units():
    carried = loan("280000", "0.084", 20, convention=CARRIED)
    assert {each.instalment for each in carried.rows[:-1]} == {Decimal(15052)}
    assert carried.interest == 21034
    assert row(carried, 4) == (13369, 1683, 227080)
    assert row(carried, 20) == (14941, 105, 0)


def test_S1_with_interest_in_whole_units_differs_in_one_printed_balance():
    whole = loan("280000", "0.084", 20, convention=WHOLE)
    assert {each.instalment for each in whole.rows[:-1]} == {Decimal(15052)}
    assert whole.interest == 21034
    assert row(whole, 4) == (13369, 1683, 227079)
    assert row(whole, 20) == (14941, 105, 0)


def test_S2_a_fixed_instalment_makes_its_own_number_of_rows():
    fixed = loan(
        "280000", "0.084", 20, method=Method.FIXED_INSTALMENT, instalment=Decimal(14000),
        convention=WHOLE,
    )  # fmt: skip
    assert len(fixed.rows) == 22
    assert (fixed.interest, fixed.total) == (22712, 302712)


def test_S5_flat_interest_is_the_same_in_every_row():
    flat = loan("12000", "0.10", 4, method=Method.FLAT)
    assert [(each.principal, each.interest) for each in flat.rows] == [(3000, 100)] * 4


def test_S6_six_instalments_of_a_small_loan():
    small = loan("100", "0.094822", 6, start=dt.date(2024, 1, 1))
    assert [each.instalment for each in small.rows] == [Decimal("17.13")] * 6
    assert [str(each.interest) for each in small.rows] == [
        "0.79", "0.66", "0.53", "0.40", "0.27", "0.13",
    ]  # fmt: skip
