"""Unearned premium: whole before cover, zero at its end, never rising, exact to the fen."""

import datetime as dt
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ledger.rules.earning import unearned_by_days, unearned_by_exposure

BEGIN = dt.date(2026, 1, 1)
PREMIUMS = st.integers(0, 10**11).map(lambda fen: Decimal(fen).scaleb(-2))
LENGTHS = st.integers(1, 1200)
SCHEDULES = st.lists(
    st.tuples(st.integers(0, 1300), st.integers(0, 10**12)), max_size=12, unique_by=lambda x: x[0]
)


def day(number):
    return BEGIN + dt.timedelta(days=number)


@given(premium=PREMIUMS, length=LENGTHS, steps=SCHEDULES)
def test_both_methods_begin_with_the_whole_end_with_nothing_and_never_rise(premium, length, steps):
    schedule = [(day(number), Decimal(fen).scaleb(-2)) for number, fen in sorted(steps)]
    cover = {"premium": premium, "cover_from": BEGIN, "cover_to": day(length)}
    for method, more in ((unearned_by_days, {}), (unearned_by_exposure, {"schedule": schedule})):
        days = sorted({-1, 0, length // 3, length // 2, length - 1, length, length + 400})
        found = [method(**cover, **more, as_of=day(number)) for number in days]
        assert found[0] == premium
        assert found == sorted(found, reverse=True)
        assert method(**cover, **more, as_of=day(length - 1)) == 0
        assert all(each == each.quantize(Decimal("0.01")) for each in found)


@given(premium=PREMIUMS, length=LENGTHS, fen=st.integers(1, 10**12), after=st.integers(-2, 1300))
def test_an_exposure_that_does_not_change_is_earned_by_days(premium, length, fen, after):
    cover = {"premium": premium, "cover_from": BEGIN, "cover_to": day(length), "as_of": day(after)}
    flat = [(BEGIN, Decimal(fen).scaleb(-2))]
    assert unearned_by_exposure(**cover, schedule=flat) == unearned_by_days(**cover)


@pytest.mark.parametrize(
    "words",
    [
        {"cover_to": BEGIN},
        {"premium": Decimal(-1)},
        {"schedule": [(BEGIN, Decimal(-1))]},
        {"schedule": [(day(2), Decimal(1)), (day(1), Decimal(1))]},
    ],
)
def test_nonsense_is_refused(words):
    cover = {
        "premium": Decimal(1),
        "cover_from": BEGIN,
        "cover_to": day(10),
        "as_of": BEGIN,
        "schedule": [],
    }
    with pytest.raises(ValueError, match=r"not negative|in order"):
        unearned_by_exposure(**(cover | words))
