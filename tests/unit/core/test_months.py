"""Calendar months as text, days and numbers."""

import datetime as dt

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.errors import RuleBroken
from core.months import (
    add_months,
    from_index,
    month_end,
    month_index,
    month_text,
    parse_month,
    parse_quarter,
    quarter_text,
)

FEW = settings(deadline=None, max_examples=50)
days = st.dates(dt.date(1900, 1, 1), dt.date(2199, 12, 31))


@FEW
@given(days)
def test_a_month_survives_its_text_and_its_number(day):
    first = day.replace(day=1)
    assert parse_month(month_text(day)) == from_index(month_index(day)) == first
    assert first in parse_quarter(quarter_text(day))


@FEW
@given(days, st.integers(-600, 600))
def test_months_are_added_and_taken_away(day, count):
    there = add_months(day, count)
    assert month_index(there) - month_index(day) == count
    assert add_months(there, -count) == day.replace(day=1)


@FEW
@given(days)
def test_the_day_behind_the_last_is_the_first_of_the_next(day):
    assert month_end(day) + dt.timedelta(days=1) == add_months(day, 1)


@pytest.mark.parametrize(
    "text", ["2017-13", "2017-00", "2017-5", "201705", "0000-01", "２０１７-05", ""]
)
def test_what_is_no_month_is_refused(text):
    with pytest.raises(RuleBroken, match="YYYY-MM"):
        parse_month(text)


@pytest.mark.parametrize("text", ["2017Q5", "2017Q0", "2017-Q1", "17Q1", "0000Q1", ""])
def test_what_is_no_quarter_is_refused(text):
    with pytest.raises(RuleBroken, match="YYYYQn"):
        parse_quarter(text)


def test_a_quarter_has_its_three_months():
    assert [month_text(day) for day in parse_quarter("2017Q4")] == ["2017-10", "2017-11", "2017-12"]
    assert quarter_text(dt.date(2017, 3, 31)) == "2017Q1"
