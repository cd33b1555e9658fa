import datetime as dt
from dataclasses import replace
from decimal import Decimal

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from core.errors import RuleBroken
from products.selectors import (
    DayCount,
    Effect,
    LevelBy,
    Method,
    RowKind,
    change_rate,
    defer,
    draw,
    extend,
    postpone,
    prepay,
    repayment_schedule,
)
from tests.unit.products.loans import FEW, any_terms, day, figures, loan

BEARING = (Method.EQUAL_INSTALMENT, Method.EQUAL_PRINCIPAL, Method.INTEREST_FIRST)
EFFECTS = st.sampled_from(list(Effect))


def test_an_early_payment_on_a_due_date_shortens_the_term():
    short = prepay(loan(), on=day("2024-06-15"), amount=Decimal(30000), effect=Effect.SHORTEN_TERM)
    assert {row.instalment for row in short.rows[:5]} == {Decimal("8606.64")}
    assert figures(short, "due_on", "instalment", "balance")[5:] == [
        ("2024-06-15", "30000.00", "29059.44"),
        ("2024-07-15", "8606.64", "20598.10"),
        ("2024-08-15", "8606.64", "12094.45"),
        ("2024-09-15", "8606.64", "3548.28"),
        ("2024-10-15", "3566.02", "0.00"),
    ]


def test_an_early_payment_on_a_due_date_reduces_the_instalment():
    reduced = prepay(
        loan(), on=day("2024-06-15"), amount=Decimal(30000), effect=Effect.REDUCE_INSTALMENT
    )
    assert len(reduced.rows) == 13
    assert {row.instalment for row in reduced.rows[6:-1]} == {Decimal("4234.79")}


def test_interest_of_a_period_is_on_what_was_owed_day_by_day():
    # 100,000 at 6 % for 16 days, 60,000 for the 15 that are left, over 365
    first = loan(method=Method.INTEREST_FIRST, convention={"day_count": DayCount.ACTUAL_365})
    paid = prepay(first, on=day("2024-01-31"), amount=Decimal(40000), effect=Effect.SHORTEN_TERM)
    assert figures(paid, "due_on", "principal", "interest", "kind")[:2] == [
        ("2024-01-31", "40000.00", "0.00", "prepayment"),
        ("2024-02-15", "0.00", "410.96", "instalment"),
    ]


def test_paying_everything_ends_the_loan_with_the_interest_accrued():
    first = loan(method=Method.BULLET, convention={"day_count": DayCount.ACTUAL_365})
    paid = prepay(first, on=day("2024-01-31"), amount=Decimal(100000), effect=Effect.SHORTEN_TERM)
    assert figures(paid, "due_on", "principal", "interest", "balance") == [
        ("2024-01-31", "100000.00", "263.01", "0.00")
    ]


def test_another_rate_holds_from_its_day_and_moves_the_instalment():
    # from the fourth row on at 3 %; row 4 bears half a month of each (30/360)
    changed = change_rate(loan(), on=day("2024-04-30"), annual_rate=Decimal("0.03"))
    opening = changed.rows[2].balance
    halves = opening * (Decimal("0.06") + Decimal("0.03")) / 24
    assert abs(changed.rows[3].interest - halves) <= Decimal("0.005")
    assert len({row.instalment for row in changed.rows[3:-1]}) == 1
    assert changed.rows[3].instalment < Decimal("8606.64")


def test_a_rate_may_change_under_an_instalment_that_stays():
    changed = change_rate(
        loan(), on=day("2024-04-15"), annual_rate=Decimal("0.12"), keep_instalment=True
    )
    assert {row.instalment for row in changed.rows[:-1]} == {Decimal("8606.64")}
    assert changed.rows[-1].instalment > Decimal("8606.64")


def test_a_balloon_loan_is_reckoned_over_its_amortisation_again():
    balloon = loan("350100", "0.049", 36, amortised_over=240, convention={"compounding": 2})
    same = change_rate(balloon, on=day("2025-01-15"), annual_rate=Decimal("0.049"))
    assert same.rows[:-1] == balloon.rows[:-1]
    dearer = change_rate(balloon, on=day("2025-01-15"), annual_rate=Decimal("0.0585"))
    assert Decimal(2281) < dearer.rows[12].instalment < Decimal(2500)


def test_a_fixed_instalment_needs_more_rows_at_a_higher_rate():
    fixed = loan(method=Method.FIXED_INSTALMENT, instalment=Decimal(10000))
    changed = change_rate(fixed, on=day("2024-04-15"), annual_rate=Decimal("0.36"))
    assert len(changed.rows) > len(fixed.rows)


def test_an_extension_adds_periods_and_lowers_the_instalment():
    longer = extend(loan(start="2024-01-31"), on=day("2024-06-30"), periods=6)
    assert len(longer.rows) == 18
    assert str(longer.rows[-1].due_on) == "2025-07-31"
    assert longer.rows[5].instalment < Decimal(5000)


def test_a_grace_on_principal_pays_interest_only():
    graced = defer(loan(), on=day("2024-04-15"), periods=2)
    assert len(graced.rows) == 14
    assert [row.principal for row in graced.rows[3:5]] == [0, 0]
    same_end = defer(loan(), on=day("2024-04-15"), periods=2, longer=False)
    assert len(same_end.rows) == 12
    assert same_end.rows[-2].instalment > graced.rows[-2].instalment


def test_a_payment_holiday_moves_the_dates_and_lets_interest_run_on():
    waited = postpone(loan(), on=day("2024-04-15"), periods=2)
    assert str(waited.rows[3].due_on) == "2024-07-15"
    opening = waited.rows[2].balance
    assert abs(waited.rows[3].interest - opening * Decimal("0.015")) <= Decimal("0.005")
    assert len(waited.rows) == 12


def test_more_principal_is_a_row_below_zero():
    more = draw(loan(), on=day("2024-04-15"), amount=Decimal(20000))
    assert figures(more, "principal", "kind")[3] == ("-20000.00", "drawdown")
    assert sum(row.principal for row in more.rows) == 100000
    assert len(more.rows) == 13


def test_changes_may_follow_one_another_even_in_one_period():
    schedule = loan(convention={"day_count": DayCount.ACTUAL_365}, method=Method.INTEREST_FIRST)
    schedule = change_rate(schedule, on=day("2024-01-20"), annual_rate=Decimal("0.03"))
    schedule = prepay(
        schedule, on=day("2024-01-25"), amount=Decimal(50000), effect=Effect.SHORTEN_TERM
    )
    # 5 days at 6 %, 5 at 3 % on 100,000, then 21 at 3 % on 50,000
    assert schedule.rows[1].interest == Decimal("209.59")


MAY, SHORTEN = day("2024-05-01"), {"effect": Effect.SHORTEN_TERM}


@pytest.mark.parametrize(
    ("change", "code"),
    [
        (lambda it: prepay(it, on=MAY, amount=Decimal(0), **SHORTEN), "prepayment"),
        (lambda it: prepay(it, on=MAY, amount=Decimal(90000), **SHORTEN), "prepayment"),
        (lambda it: prepay(it, on=day("2024-01-14"), amount=Decimal(1), **SHORTEN), "before_start"),
        (lambda it: change_rate(it, on=day("2025-01-15"), annual_rate=Decimal(0)), "nothing_owed"),
        (lambda it: change_rate(it, on=MAY, annual_rate=Decimal(6)), "rate"),
        (lambda it: extend(it, on=MAY, periods=0), "periods"),
        (lambda it: defer(it, on=MAY, periods=9, longer=False), "interest_only"),
        (lambda it: draw(it, on=MAY, amount=Decimal(-5)), "drawdown"),
    ],
)
def test_what_cannot_be_is_refused(change, code):
    with pytest.raises(RuleBroken) as refusal:
        change(loan())
    assert refusal.value.code == code


def test_what_happened_before_a_change_comes_too_late():
    changed = change_rate(loan(), on=day("2024-05-20"), annual_rate=Decimal("0.03"))
    with pytest.raises(RuleBroken) as refusal:
        extend(changed, on=day("2024-05-18"), periods=1)
    assert refusal.value.code == "out_of_order"


@pytest.mark.parametrize("method", [Method.FLAT, Method.IRREGULAR])
def test_a_contract_must_say_what_an_early_payment_changes_in_these(method):
    parts = ((day("2024-12-31"), Decimal(100000)),)
    schedule = loan(method=method, parts=parts if method == Method.IRREGULAR else ())
    with pytest.raises(RuleBroken) as refusal:
        prepay(schedule, on=day("2024-01-20"), amount=Decimal(1), effect=Effect.SHORTEN_TERM)
    assert refusal.value.code == "no_prepayment"


def test_a_schedule_that_carries_fractions_is_not_changed():
    carried = loan(convention={"carries_fractions": True})
    with pytest.raises(RuleBroken) as refusal:
        extend(carried, on=day("2024-05-18"), periods=1)
    assert refusal.value.code == "carries_fractions"


def build(make):
    """Build the schedule, or leave the example where it is rightly impossible."""
    try:
        return make()
    except RuleBroken as refusal:
        assume(refusal.code not in {"instalment_below_interest", "instalment_is_nothing"})
        raise


def prepaid(these, when, share, effect):
    """Pay a share (‰) of what is owed after that part (‰) of the loan's life."""
    schedule = build(lambda: repayment_schedule(these))
    life = (schedule.rows[-1].due_on - these.start).days
    on = these.start + dt.timedelta(days=life * when // 1000)
    owed = [row.balance for row in schedule.rows if row.due_on <= on]
    most = int((owed[-1] if owed else these.principal) * 100)
    assume(most > 0)
    amount = Decimal(max(most * share // 1000, 1)) / 100
    return schedule, build(lambda: prepay(schedule, on=on, amount=amount, effect=effect))


WHEN, SHARE = st.integers(0, 999), st.integers(0, 1000)


@FEW
@given(any_terms(methods=BEARING), WHEN, SHARE, EFFECTS)
def test_an_early_payment_still_repays_the_principal_to_the_fen(these, when, share, effect):
    before, after = prepaid(these, when, share, effect)
    assert sum(row.principal for row in after.rows) == before.terms.principal
    assert after.rows[-1].balance == 0
    assert all(row.balance > 0 for row in after.rows[:-1])
    assert [row.kind for row in after.rows].count(RowKind.PREPAYMENT) == 1


@FEW
@given(any_terms(methods=BEARING), WHEN, SHARE)
def test_an_early_payment_that_shortens_never_raises_interest_or_rows(these, when, share):
    before, after = prepaid(these, when, share, Effect.SHORTEN_TERM)
    assert after.interest <= before.interest
    assert after.rows[-1].due_on <= before.rows[-1].due_on


@FEW
@given(any_terms(methods=BEARING), WHEN, SHARE)
def test_an_early_payment_that_reduces_raises_interest_by_no_more_than_rounding(these, when, share):
    # the formula's instalment spreads anew what odd days had left for the last row
    by_days = replace(these, convention=replace(these.convention, level_by=LevelBy.PERIODS))
    before, after = prepaid(by_days, when, share, Effect.REDUCE_INSTALMENT)
    unit, number = before.terms.convention.unit, these.periods
    assert after.interest <= before.interest + unit * number
    assert after.leg.level <= before.leg.level + unit * number


@FEW
@given(any_terms(methods=BEARING), st.integers(1, 24))
def test_an_extension_repays_the_principal_to_the_fen(these, more):
    schedule = build(lambda: repayment_schedule(these))
    longer = build(lambda: extend(schedule, on=these.start, periods=more))
    assert sum(row.principal for row in longer.rows) == these.principal
    assert longer.rows[-1].due_on >= schedule.rows[-1].due_on


@FEW
@given(any_terms(methods=(Method.EQUAL_INSTALMENT,)))
def test_a_change_to_the_same_rate_on_the_start_changes_nothing(these):
    schedule = build(lambda: repayment_schedule(these))
    same = change_rate(schedule, on=these.start, annual_rate=these.annual_rate)
    assert same.rows == schedule.rows
    assert replace(same, terms=schedule.terms).leg.level == schedule.leg.level
