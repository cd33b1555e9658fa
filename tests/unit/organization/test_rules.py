"""Rules of the organisation, without a database."""

import datetime as dt

import pytest

from organization.rules import (
    conflicts_within,
    load_level,
    may_stand_under,
    mixed_kinds,
    quarter_of,
)


@pytest.mark.parametrize(
    ("kind", "parent", "expected"),
    [
        ("branch", "head_office", True),
        ("sub_branch", "branch", True),
        ("sub_branch", "head_office", False),
        ("branch", "branch", False),
        ("head_office", "head_office", False),
    ],
)
def test_a_unit_stands_only_under_the_next_kind_up(kind, parent, expected):
    assert may_stand_under(kind=kind, parent_kind=parent) is expected


def test_two_kinds_of_roles_are_named_and_one_is_none():
    assert mixed_kinds(["business", "audit", "business"]) == ["audit", "business"]
    assert mixed_kinds(["system", "system"]) == []


def test_only_whole_pairs_conflict():
    pairs = [("a", "b"), ("b", "c")]
    assert conflicts_within({"a", "c"}, pairs) == []
    assert conflicts_within({"a", "b", "c"}, pairs) == pairs


@pytest.mark.parametrize(
    ("cases", "limit", "level"),
    [(0, 0, "unknown"), (31, 40, "green"), (32, 40, "orange"), (40, 40, "orange"), (41, 40, "red")],
)
def test_PRE_12c_the_load_is_green_then_orange_then_red(cases, limit, level):
    assert load_level(cases=cases, limit=limit) == level


def test_a_quarter_is_written_as_people_do():
    assert quarter_of(dt.date(2026, 12, 31)) == "2026Q4"
    assert quarter_of(dt.date(2026, 1, 1)) == "2026Q1"
