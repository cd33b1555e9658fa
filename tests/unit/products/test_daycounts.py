import datetime as dt
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from products.selectors import DayCount, year_fraction
from tests.unit.products.loans import FEW, day

DAYS = st.dates(dt.date(2000, 1, 1), dt.date(2060, 12, 31))


@pytest.mark.parametrize(
    ("start", "end", "day_count", "fraction"),
    [
        ("2024-01-31", "2024-03-31", DayCount.THIRTY_360, Fraction(60, 360)),
        ("2024-01-30", "2024-03-31", DayCount.THIRTY_360, Fraction(60, 360)),
        ("2024-01-29", "2024-03-31", DayCount.THIRTY_360, Fraction(62, 360)),
        ("2024-01-31", "2024-02-29", DayCount.THIRTY_360, Fraction(29, 360)),
        ("2023-11-01", "2024-05-01", DayCount.THIRTY_360, Fraction(1, 2)),
        ("2024-01-01", "2025-01-01", DayCount.ACTUAL_360, Fraction(366, 360)),
        ("2024-01-01", "2025-01-01", DayCount.ACTUAL_365, Fraction(366, 365)),
        ("2024-01-01", "2025-01-01", DayCount.ACTUAL_ACTUAL, Fraction(1)),
        # ISDA's own example: 1 November 2003 to 1 May 2004, 61 days over 365 and 121 over 366
        ("2003-11-01", "2004-05-01", DayCount.ACTUAL_ACTUAL, Fraction(66491, 133590)),
        # and 1 February 1999 to 1 July 1999
        ("1999-02-01", "1999-07-01", DayCount.ACTUAL_ACTUAL, Fraction(150, 365)),
    ],
)
def test_a_stretch_of_days_is_this_part_of_a_year(start, end, day_count, fraction):
    assert year_fraction(day(start), day(end), day_count) == fraction


@FEW
@given(DAYS, DAYS, DAYS)
def test_actual_days_add_up(one, two, three):
    first, middle, last = sorted([one, two, three])
    for day_count in set(DayCount) - {DayCount.THIRTY_360}:
        parts = year_fraction(first, middle, day_count) + year_fraction(middle, last, day_count)
        assert parts == year_fraction(first, last, day_count)


@pytest.mark.parametrize("day_count", list(DayCount))
def test_no_time_is_nothing_and_time_does_not_run_back(day_count):
    assert year_fraction(day("2024-02-29"), day("2024-02-29"), day_count) == 0
    with pytest.raises(ValueError, match="before"):
        year_fraction(day("2024-03-01"), day("2024-02-29"), day_count)
