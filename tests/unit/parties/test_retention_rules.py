"""How long originals are kept: worked dates. Source: PRE-10, HQ-23, HQ-24; Civil Code 201, 202."""

import datetime as dt

import pytest

from parties.rules import deletable_from, ended_on, is_unusual, usual, years_after

D = dt.date.fromisoformat
YEARS = {"short_years": 5, "long_years": 10}


@pytest.mark.parametrize(
    ("day", "years", "later"),
    [
        ("2020-02-29", 1, "2021-02-28"),  # no 29th: the last day of the month ends the period
        ("2020-02-29", 4, "2024-02-29"),
        ("2019-02-28", 1, "2020-02-28"),
        ("2096-02-29", 5, "2101-02-28"),  # 2100 is no leap year
        ("2017-12-31", 10, "2027-12-31"),
    ],
)
def test_years_after_keeps_the_day_where_there_is_one(day, years, later):
    assert years_after(D(day), years) == D(later)


@pytest.mark.parametrize(
    ("term", "ended", "day"),
    [
        (12, "2018-01-15", "2023-01-16"),  # exactly a year is short (HQ-24)
        (13, "2018-01-15", "2028-01-16"),
        (1, "2020-02-29", "2025-03-01"),
        (36, "2024-02-29", "2034-03-01"),
    ],
)
def test_PRE_10a_b_five_years_up_to_twelve_months_and_ten_above(term, ended, day):
    assert deletable_from(ended=D(ended), term_months=term, **YEARS) == D(day)


def test_HQ_24_another_laws_longer_period_wins():
    found = deletable_from(ended=D("2018-01-15"), term_months=6, floor_years=10, **YEARS)
    assert found == D("2028-01-16")


@pytest.mark.parametrize(
    ("disputed", "day"), [("2022-06-01", "2024-06-02"), ("2019-01-01", "2023-01-16")]
)
def test_PRE_10c_a_dispute_lengthens_and_never_shortens(disputed, day):
    found = deletable_from(
        ended=D("2018-01-15"), term_months=6, disputed_until=D(disputed), dispute_years=2, **YEARS
    )
    assert found == D(day)


@pytest.mark.parametrize(
    ("ends", "recovers", "found"),
    [
        (["2018-01-15", None, "2017-06-30"], False, "2017-06-30"),  # the earliest that has come
        (["2018-01-15", "2030-01-01"], False, "2018-01-15"),
        (["2030-01-01", None], False, None),  # none has come
        (["2018-01-15", "2017-06-30"], True, None),  # recovery keeps it open
        ([], False, None),
    ],
)
def test_HQ_23_a_contract_ends_on_the_earliest_end_unless_recovery_runs(ends, recovers, found):
    days = [None if each is None else D(each) for each in ends]
    known = ended_on(ends=days, is_recovery_running=recovers, as_of=D("2026-01-01"))
    assert known == (None if found is None else D(found))


def test_the_usual_day_is_the_median_of_days_with_use():
    assert usual([0, 3, 0, 9, 4]) == 4
    assert usual([2, 8]) == 8
    assert usual([0, 0]) is None


@pytest.mark.parametrize(
    ("observed", "own", "peers", "unusual"),
    [
        (4, 1, 1, False),  # below the floor
        (10, 3, 3, True),
        (9, 3, 3, False),
        (10, 1, 4, False),  # as much as the peers do
        (10, 4, 1, False),  # as much as ever
        (5, None, None, True),  # never seen before, nobody else
    ],
)
def test_A20_use_is_unusual_against_history_and_peers(observed, own, peers, unusual):
    assert is_unusual(observed=observed, own=own, peers=peers, factor=3, floor=5) is unusual
