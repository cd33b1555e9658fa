"""PRE-41b, PRE-41c: tax, receipts, earning and ending of premiums."""

import datetime as dt
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from underwriting.rules.premiums import (
    Instalment,
    allocate,
    days_left,
    ending,
    unearned,
    vat_in,
)

D = Decimal
START = dt.date(2026, 1, 1)
PRO_RATA = {"kind": "pro_rata"}
SHORT_RATE = {
    "kind": "short_rate",
    "table": [{"until": "0.25", "kept": "0.5"}, {"until": "0.5", "kept": "0.8"}],
}


def month(n: int) -> dt.date:
    return dt.date(2026 + (n - 1) // 12, (n - 1) % 12 + 1, 1)


def line(n: int, amount: str = "100.00", **words) -> Instalment:
    return Instalment(
        **{
            "n": n,
            "covers_from": month(n),
            "covers_to": month(n + 1),
            "due_on": month(n + 1),
            "amount": D(amount),
            "vat": vat_in(D(amount), D("0.06")),
            **words,
        }
    )


def test_the_tax_within_an_amount_is_that_of_its_net_part():
    assert vat_in(D("106.00"), D("0.06")) == D("6.00")
    assert vat_in(D("100.00"), D("0.06")) == D("5.66")


def test_a_receipt_goes_to_what_is_overdue_first_then_due_then_ahead():
    lines = [line(1, stage="overdue"), line(2, stage="due"), line(3)]
    given_to, left = allocate(D("250.00"), lines)
    assert [(each.n, each.stage, each.amount) for each in given_to] == [
        (1, "overdue", D("100.00")),
        (2, "due", D("100.00")),
        (3, "not_due", D("50.00")),
    ]
    assert left == 0


def test_what_is_more_than_is_open_is_left_over():
    assert allocate(D("101.00"), [line(1, paid=D("20.00"))])[1] == D("21.00")


def test_F1a_a_year_paid_at_once_is_earned_by_days():
    year = line(1, "1060.00", covers_to=dt.date(2027, 1, 1))
    assert unearned([year], as_of=START - dt.timedelta(days=1)) == D("1000.00")
    assert unearned([year], as_of=dt.date(2026, 6, 30)) == D("504.11")  # 184 of 365 days
    assert unearned([year], as_of=dt.date(2026, 12, 30)) == D("2.74")
    assert unearned([year], as_of=dt.date(2026, 12, 31)) == 0


def test_periods_that_have_not_begun_are_unearned_whole():
    lines = [line(1), line(2), line(3)]
    assert unearned(lines, as_of=dt.date(2026, 1, 31)) == 2 * (D("100.00") - D("5.66"))


def test_what_was_cancelled_is_no_premium_to_earn():
    assert unearned([line(2, cancelled=D("100.00"))], as_of=START) == 0


def test_cover_that_ends_cancels_what_is_open_and_gives_back_what_is_paid_ahead():
    lines = [line(1, paid=D("100.00")), line(2, paid=D("100.00")), line(3)]
    found = ending(lines, on=dt.date(2026, 2, 1), rule=PRO_RATA)
    assert [(each.n, each.cancelled, each.refunded) for each in found] == [
        (2, 0, D("100.00")),
        (3, D("100.00"), 0),
    ]
    assert [each.refunded_vat for each in found] == [D("5.66"), 0]


def test_of_a_running_period_the_filed_share_of_the_days_left_goes_back():
    (found,) = ending([line(1, paid=D("100.00"))], on=dt.date(2026, 1, 16), rule=PRO_RATA)
    assert found.refunded == D("51.61")  # 16 of 31 days
    assert found.cancelled == 0


def test_of_a_running_period_that_is_unpaid_nothing_is_cancelled():
    assert ending([line(1, stage="due")], on=dt.date(2026, 1, 16), rule=PRO_RATA) == ()


@pytest.mark.parametrize(("day", "back"), [(2, "50.00"), (9, "20.00"), (20, "0"), (31, "0")])
def test_a_short_rate_keeps_what_its_filed_table_says(day, back):
    found = ending([line(1, paid=D("100.00"))], on=dt.date(2026, 1, day), rule=SHORT_RATE)
    assert sum(each.refunded for each in found) == D(back)


def test_a_product_without_refund_gives_nothing_of_a_period_that_runs():
    paid = [line(1, paid=D("100.00"))]
    assert ending(paid, on=dt.date(2026, 1, 16), rule={"kind": "none"}) == ()


def test_nothing_goes_back_twice():
    paid = line(2, paid=D("100.00"), refunded=D("100.00"))
    assert ending([paid], on=dt.date(2026, 1, 16), rule=PRO_RATA) == ()


amounts = st.decimals(min_value="0.01", max_value="99999.99", places=2)


@given(st.lists(amounts, min_size=1, max_size=24), st.integers(0, 800))
def test_unearned_premium_falls_day_by_day_to_exactly_zero(values, day):
    lines = [line(n, f"{value:.2f}") for n, value in enumerate(values, 1)]
    at = START + dt.timedelta(days=day)
    today, tomorrow = unearned(lines, as_of=at), unearned(lines, as_of=at + dt.timedelta(days=1))
    assert 0 <= tomorrow <= today <= sum(each.net for each in lines)
    assert unearned(lines, as_of=lines[-1].covers_to - dt.timedelta(days=1)) == 0


@given(
    st.lists(st.tuples(amounts, st.booleans()), min_size=1, max_size=24),
    st.integers(0, 800),
    st.sampled_from([PRO_RATA, SHORT_RATE, {"kind": "none"}]),
)
def test_an_ending_gives_back_and_cancels_no_more_than_there_is(values, day, rule):
    lines = [
        line(n, f"{value:.2f}", paid=value if is_paid else D("0.00"))
        for n, (value, is_paid) in enumerate(values, 1)
    ]
    on = START + dt.timedelta(days=day)
    by_n = {each.n: each for each in lines}
    for each in ending(lines, on=on, rule=rule):
        of = by_n[each.n]
        assert 0 <= each.cancelled <= of.open
        assert 0 <= each.refunded <= of.paid
        assert 0 <= each.cancelled_vat <= each.cancelled
        assert 0 <= each.refunded_vat <= each.refunded
        assert days_left(of, on)[0] > 0


@given(st.lists(amounts, min_size=1, max_size=12), amounts)
def test_a_receipt_is_given_out_whole(values, money):
    given_to, left = allocate(money, [line(n, f"{v:.2f}") for n, v in enumerate(values, 1)])
    assert sum(each.amount for each in given_to) + left == money
