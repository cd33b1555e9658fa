"""Levels, samples, bases and hysteresis of warnings, without a database."""

from decimal import Decimal

import pytest

from postloss.enums import WarningAction, WarningState
from postloss.rules.warnings import (
    Limit,
    Reading,
    is_expected_undefined,
    judge,
    may_be_closed,
    standing_level,
)
from postloss.states import OWNERS, TRANSITIONS, next_state


def limits(test="absolute", values=("0.10", "0.20", "0.30"), **words):
    return [
        Limit(
            level=level,
            test=test,
            limit=Decimal(value),
            **{"min_sample": 50, "hysteresis": Decimal("0.05"), **words},
        )
        for level, value in zip(("yellow", "orange", "red"), values, strict=True)
    ]


def reading(value, sample=100, book=None, past=()):
    return Reading(value=Decimal(value), sample=sample, book=book, past=past)


@pytest.mark.parametrize(
    ("value", "level"),
    [
        ("0.0999", ""),
        ("0.10", "yellow"),
        ("0.1999", "yellow"),
        ("0.20", "orange"),
        ("0.30", "red"),
        ("1.75", "red"),
    ],
)
def test_a_level_begins_at_its_limit_and_the_highest_wins(value, level):
    assert judge(reading(value), limits()).level == level


@pytest.mark.parametrize(("value", "is_good"), [("0.0949", True), ("0.095", False), ("0.2", False)])
def test_a_month_is_good_only_below_the_limit_less_hysteresis(value, is_good):
    assert judge(reading(value), limits()).is_good is is_good


def test_a_small_sample_raises_nothing_and_is_not_good_either():
    verdict = judge(reading("0.5", sample=49), limits())
    assert (verdict.level, verdict.is_good, verdict.is_small_sample) == ("", False, True)


def test_a_small_sample_below_every_limit_is_good():
    assert judge(reading("0.01", sample=3), limits()).is_good is True


def test_a_slice_is_measured_against_the_whole_book():
    against_book = limits("against_book", ("1.5", "2", "3"), base_floor=Decimal("0.005"))
    verdict = judge(reading("0.05", book=Decimal("0.02")), against_book)
    assert (verdict.level, verdict.measure, verdict.base) == (
        "orange",
        Decimal("2.5"),
        Decimal("0.02"),
    )


def test_a_multiple_of_next_to_nothing_raises_nothing():
    against_book = limits("against_book", ("1.5", "2", "3"), base_floor=Decimal("0.005"))
    assert judge(reading("0.05", book=Decimal("0.0007")), against_book).level == ""
    assert judge(reading("0.05", book=Decimal(0)), against_book).level == ""
    assert judge(reading("0.05", book=None), against_book).level == ""


def test_a_slice_is_measured_against_the_mean_of_its_past():
    trend = limits("against_trend", ("1.5", "2", "3"), months=3, min_history=3)
    past = (Decimal("0.01"), Decimal("0.02"), Decimal("0.03"), Decimal(9))
    verdict = judge(reading("0.06", past=past), trend)
    assert (verdict.level, verdict.base) == ("red", Decimal("0.02"))


def test_a_trend_without_enough_history_says_nothing():
    trend = limits("against_trend", ("1.5", "2", "3"), months=6, min_history=6)
    jump = reading(
        "0.0805",
        past=(Decimal("0.0007"), Decimal("0.0004"), Decimal("0.0003"), Decimal(0), None, None),
    )
    assert judge(jump, trend).level == ""


def test_the_worst_of_several_tests_is_named():
    tests = limits() + limits("against_book", ("1.5", "2", "3"))
    verdict = judge(reading("0.12", book=Decimal("0.03")), tests)
    assert (verdict.level, verdict.limit.test) == ("red", "against_book")


@pytest.mark.parametrize(
    ("present", "newest", "level"),
    [
        ("red", ["yellow", "red"], "red"),
        ("red", ["yellow", "orange"], "orange"),
        ("yellow", ["red", "yellow"], "red"),
        ("orange", [], "orange"),
    ],
)
def test_a_level_rises_at_once_and_falls_after_as_many_months_as_closing_asks(
    present, newest, level
):
    assert standing_level(present=present, newest=newest) == level


@pytest.mark.parametrize(
    ("goods", "may"),
    [([True, True], True), ([True, False], False), ([True], False), ([], False)],
)
def test_two_good_month_ends_in_a_row_are_needed(goods, may):
    assert may_be_closed(goods=goods, good_months=2) is may


@pytest.mark.parametrize(
    ("indicator", "months", "is_expected"),
    [
        ("roll_m0_1", 0, True),
        ("roll_m0_1", 1, False),
        ("roll_m0_2", 1, True),
        ("roll_m0_2", 2, False),
        ("overdue_rate", 0, False),
        ("tail_share", 0, False),
    ],
)
def test_a_young_book_has_no_roll_rates_yet(indicator, months, is_expected):
    assert is_expected_undefined(indicator=indicator, months_of_book=months) is is_expected


def test_every_state_has_an_owner_and_only_closed_is_terminal():
    assert set(OWNERS) == set(WarningState.values)
    left = {state for sources, _ in TRANSITIONS.values() for state in sources}
    assert set(WarningState.values) - left == {WarningState.CLOSED}


def test_every_action_from_every_state_is_decided():
    people = [
        WarningAction.ACKNOWLEDGE,
        WarningAction.DISPOSE,
        WarningAction.REVIEW,
        WarningAction.RETURN,
        WarningAction.CLOSE,
    ]
    table = {
        (state, action): next_state(state, action)
        for state in WarningState.values
        for action in people
    }
    assert {pair: following for pair, following in table.items() if following} == {
        ("open", "acknowledge"): "acknowledged",
        ("acknowledged", "dispose"): "disposed",
        ("disposed", "review"): "reviewed",
        ("disposed", "return"): "acknowledged",
        ("reviewed", "close"): "closed",
    }
