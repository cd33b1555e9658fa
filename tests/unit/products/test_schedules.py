from dataclasses import replace
from decimal import Decimal
from itertools import pairwise

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from core.errors import RuleBroken
from products.rules.periods import periods_of
from products.selectors import (
    DayCount,
    FirstPeriod,
    FlatRemainder,
    Frequency,
    LevelBy,
    Method,
    Rounding,
    Step,
    repayment_schedule,
    term_findings,
)
from tests.unit.products.loans import FEW, REGULAR, any_terms, day, figures, loan, terms


def dates(schedule):
    return [str(row.due_on) for row in schedule.rows]


def test_a_loan_of_the_31st_comes_back_to_the_31st():
    assert dates(loan(periods=4, start="2023-12-31")) == [
        "2024-01-31", "2024-02-29", "2024-03-31", "2024-04-30",
    ]  # fmt: skip


def test_dates_are_counted_from_the_start_even_if_the_first_is_named():
    named = loan(periods=3, start="2024-01-31", first_due="2024-02-29")
    assert dates(named) == ["2024-02-29", "2024-03-31", "2024-04-30"]


def test_a_broken_first_period_moves_all_dates_to_its_own_day():
    broken = loan(periods=3, start="2024-01-10", first_due="2024-02-20")
    assert dates(broken) == ["2024-02-20", "2024-03-20", "2024-04-20"]


def test_a_broken_first_period_bears_its_own_days():
    # 100,000 at 6 % for 41 days over 365, then 29
    broken = loan(
        periods=2, start="2024-01-10", first_due="2024-02-20", method=Method.INTEREST_FIRST,
        convention={"day_count": DayCount.ACTUAL_365},
    )  # fmt: skip
    assert figures(broken, "interest", "principal") == [
        ("673.97", "0.00"), ("476.71", "100000.00"),
    ]  # fmt: skip
    # 40 days of 30/360, then a whole month
    broken = replace(broken.terms, convention=replace(broken.terms.convention, day_count="30/360"))
    assert figures(repayment_schedule(broken), "interest") == [("666.67",), ("500.00",)]


def test_a_first_period_of_whole_months_is_so_many_twelfths_in_30_360():
    long = loan(periods=2, start="2024-01-31", first_due="2024-04-30", method=Method.INTEREST_FIRST)
    assert figures(long, "interest") == [("1500.00",), ("500.00",)]


def test_a_month_of_30_360_is_a_twelfth_whatever_its_days():
    short = loan(periods=2, start="2024-01-31", method=Method.INTEREST_FIRST)
    assert figures(short, "interest") == [("500.00",), ("500.00",)]


def test_equal_principal_with_falling_interest():
    falling = loan("10000", "0.12", 3, method=Method.EQUAL_PRINCIPAL)
    assert figures(falling, "principal", "interest", "instalment", "balance") == [
        ("3333.33", "100.00", "3433.33", "6666.67"),
        ("3333.33", "66.67", "3400.00", "3333.34"),
        ("3333.34", "33.33", "3366.67", "0.00"),
    ]


def test_a_bullet_is_one_row_with_all_the_interest():
    assert figures(loan("100000", "0.09", 12, method=Method.BULLET), "due_on", "interest") == [
        ("2025-01-15", "9000.00")
    ]
    by_days = loan(
        "100000", "0.09", 12, method=Method.BULLET, convention={"day_count": DayCount.ACTUAL_360}
    )
    assert by_days.interest == Decimal("9150.00")  # 366 days


def test_an_irregular_loan_pays_what_it_says_when_it_says():
    parts = ((day("2024-03-01"), Decimal("400.00")), (day("2024-12-31"), Decimal("600.00")))
    irregular = loan(
        "1000", "0.10", 1, start="2024-01-01", method=Method.IRREGULAR, parts=parts,
        convention={"day_count": DayCount.ACTUAL_365},
    )  # fmt: skip
    # 1,000 for 60 days and 600 for 305
    assert figures(irregular, "due_on", "principal", "interest", "balance") == [
        ("2024-03-01", "400.00", "16.44", "600.00"),
        ("2024-12-31", "600.00", "50.14", "0.00"),
    ]


def test_a_tie_is_a_tie_even_where_a_twelfth_has_no_end():
    # 1,250 at 15 % for a month is 15.625
    assert loan("1250", "0.15", 4, method=Method.FLAT).rows[0].interest == Decimal("15.63")
    even = {"interest_rounding": Rounding.HALF_EVEN, "flat_remainder": FlatRemainder.LAST}
    gathered = loan("1250", "0.15", 4, method=Method.FLAT, convention=even)
    assert figures(gathered, "interest") == [("15.62",)] * 3 + [("15.64",)]


def test_the_formula_and_the_days_give_two_instalments():
    by_formula = loan("100000", "0.06", 12, convention={"day_count": DayCount.ACTUAL_360})
    by_days = loan(
        "100000", "0.06", 12,
        convention={"day_count": DayCount.ACTUAL_360, "level_by": LevelBy.PERIODS},
    )  # fmt: skip
    assert by_formula.rows[0].instalment == Decimal("8606.64")  # as in 30/360
    assert by_days.rows[0].instalment == Decimal("8610.64")
    assert abs(by_days.rows[-1].instalment - by_days.rows[0].instalment) < Decimal("0.12")


def test_semi_annual_compounding_of_a_canadian_mortgage():
    # Olivier, Business Math, chapter 13: 350,100 at 4.9 % over 20 years, 2,281.73 a month
    chans = loan(
        "350100", "0.049", 36, amortised_over=240, convention={"compounding": 2},
    )  # fmt: skip
    assert chans.rows[0].instalment == Decimal("2281.73")
    assert chans.rows[-1].instalment - chans.rows[0].instalment == Decimal("316593.49")


@pytest.mark.parametrize(
    ("frequency", "second"),
    [
        (Frequency(2, Step.WEEK), "2024-02-12"),
        (Frequency(1, Step.HALF_MONTH), "2024-02-15"),
        (Frequency(10, Step.DAY), "2024-02-04"),
        (Frequency(3), "2024-07-15"),
    ],
)
def test_other_frequencies_step_by_their_own_measure(frequency, second):
    assert dates(loan(periods=2, frequency=frequency))[1] == second


def test_a_down_payment_falls_due_on_the_start():
    down = loan("1000", "0", 3, down_payment=Decimal("250.00"))
    assert figures(down, "due_on", "principal", "kind") == [
        ("2024-01-15", "250.00", "down_payment"),
        ("2024-02-15", "250.00", "instalment"),
        ("2024-03-15", "250.00", "instalment"),
        ("2024-04-15", "250.00", "instalment"),
    ]


def test_interest_only_rows_stand_at_the_front():
    grace = loan("5000", "0.12", 18, interest_only=3, convention={"unit": Decimal(1)})
    assert [row.principal for row in grace.rows[:3]] == [0, 0, 0]
    assert grace.rows[3].instalment == 361


@pytest.mark.parametrize(
    ("words", "code"),
    [
        ({"principal": "0"}, "principal"),
        ({"principal": "-1"}, "principal"),
        ({"principal": "100.005"}, "principal"),
        ({"principal": "1E+400"}, "principal"),
        ({"rate": "-0.01"}, "rate"),
        ({"rate": "6"}, "rate"),
        ({"periods": 0}, "periods"),
        ({"periods": 1201}, "periods"),
        ({"first_due": "2024-01-15"}, "first_due"),
        ({"interest_only": 12}, "interest_only"),
        ({"amortised_over": 11}, "amortised_over"),
        ({"down_payment": Decimal(100000)}, "down_payment"),
        ({"convention": {"unit": Decimal(0)}}, "unit"),
        ({"convention": {"unit": Decimal("0.001")}}, "unit"),
        ({"method": Method.FIXED_INSTALMENT}, "instalment"),
        ({"method": Method.FIXED_INSTALMENT, "instalment": Decimal("0.005")}, "instalment"),
        ({"method": Method.IRREGULAR}, "parts"),
    ],
)
def test_impossible_terms_are_refused_with_their_finding(words, code):
    with pytest.raises(RuleBroken) as refusal:
        loan(**words)
    assert refusal.value.code == code


def test_all_findings_are_told_at_once():
    found = term_findings(terms(principal="-1", rate="2", periods=0))
    assert {finding.code for finding in found} >= {"principal", "rate", "periods"}


@pytest.mark.parametrize("instalment", ["499.99", "500.00"])
def test_an_instalment_that_does_not_repay_is_refused(instalment):
    with pytest.raises(RuleBroken, match=r"does not cover the interest of 500\.00"):
        loan(method=Method.FIXED_INSTALMENT, instalment=Decimal(instalment))


def test_an_instalment_that_takes_centuries_is_refused():
    with pytest.raises(RuleBroken, match="1200 periods"):
        loan(method=Method.FIXED_INSTALMENT, instalment=Decimal("500.01"))


def test_an_instalment_that_rounds_to_nothing_is_refused():
    with pytest.raises(RuleBroken, match="nothing"):
        loan("100", "0", 360, convention={"unit": Decimal(1)})


def test_odd_days_of_a_first_period_may_come_on_top():
    on_top = {"first_period": FirstPeriod.ON_TOP}
    whole = loan(periods=360, rate="0.12")
    long = loan(periods=360, rate="0.12", first_due="2024-03-10", convention=on_top)
    # 55 days of 30/360: 1,833.33 beside the principal of an ordinary first row
    assert long.rows[0].interest == Decimal("1833.33")
    assert long.rows[0].principal == whole.rows[0].principal
    assert [row.principal for row in long.rows] == [row.principal for row in whole.rows]


def test_a_first_period_too_long_for_the_instalment_is_refused():
    with pytest.raises(RuleBroken, match="does not cover"):
        loan(periods=360, rate="0.12", first_due="2024-07-15")


def build(these):
    """Build the schedule, or leave the example where the terms are rightly impossible."""
    try:
        return repayment_schedule(these)
    except RuleBroken as refusal:
        assume(refusal.code not in {"instalment_below_interest", "instalment_is_nothing"})
        raise


@FEW
@given(any_terms())
def test_the_principal_is_repaid_to_the_fen_and_never_beyond(these):
    schedule = build(these)
    assert sum(row.principal for row in schedule.rows) == these.principal
    assert schedule.rows[-1].balance == 0
    assert all(row.balance > 0 for row in schedule.rows[:-1])
    assert all(row.principal >= 0 and row.interest >= 0 for row in schedule.rows)
    for before, row in pairwise(schedule.rows):
        assert row.balance == before.balance - row.principal
    assert all(row.instalment == row.principal + row.interest for row in schedule.rows)
    assert [row.n for row in schedule.rows] == list(range(1, len(schedule.rows) + 1))


@FEW
@given(any_terms(methods=(Method.EQUAL_INSTALMENT, Method.FLAT)))
def test_the_instalments_are_equal_except_the_last(these):
    *before, _last = build(these).rows
    assert len({row.instalment for row in before}) <= 1


@FEW
@given(any_terms())
def test_interest_is_that_of_its_period_rounded_to_the_unit(these):
    schedule = build(these)
    unit, opening = these.convention.interest_unit, these.principal
    for row, period in zip(schedule.rows, periods_of(these, these.periods), strict=False):
        bearing = these.principal if these.method == Method.FLAT else opening
        exactly = bearing * these.annual_rate * period.fraction.numerator
        assert abs(row.interest - exactly / period.fraction.denominator) <= unit / 2
        assert row.interest % unit == 0
        opening = row.balance


@FEW
@given(any_terms(methods=(Method.EQUAL_INSTALMENT,)))
def test_by_the_length_of_each_period_only_rounding_is_left_for_the_last(these):
    convention = replace(these.convention, level_by=LevelBy.PERIODS)
    schedule = build(replace(these, convention=convention))
    first, last = schedule.rows[0].instalment, schedule.rows[-1].instalment
    unit, number = convention.unit, these.periods
    assert last <= first + unit * number * (1 + these.annual_rate) ** (number // 12 + 1)


@FEW
@given(any_terms(methods=(Method.EQUAL_INSTALMENT,)), st.integers(1, 20))
def test_a_given_instalment_repays_in_no_more_rows_than_it_needs(these, more):
    level = build(these).rows[0].instalment + more
    fixed = replace(these, method=Method.FIXED_INSTALMENT, instalment=level)
    rows = repayment_schedule(fixed).rows
    assert {row.instalment for row in rows[:-1]} <= {level}
    assert rows[-1].instalment <= level
    assert sum(row.principal for row in rows) == these.principal


@FEW
@given(any_terms())
def test_due_dates_rise_and_keep_the_day_of_the_month(these):
    schedule = build(these)
    days = [row.due_on for row in schedule.rows]
    assert days == sorted(set(days))
    assert days[0] > these.start
    anchor = max((these.first_due or these.start).day, *(each.day for each in days))
    assert all(each.day == anchor or each.day >= 28 for each in days)


def test_every_regular_method_is_exercised():
    assert {*REGULAR, Method.BULLET, Method.FIXED_INSTALMENT, Method.IRREGULAR} == set(Method)
