"""Sizes of enterprises: every measure of a size at once, and what is missing stays open."""

from decimal import Decimal

import pytest

from underwriting.rules.sizes import size_of

INDUSTRY = {
    "large": {"headcount": 1000, "revenue": 40000},
    "medium": {"headcount": 300, "revenue": 2000},
    "small": {"headcount": 20, "revenue": 300},
}


@pytest.mark.parametrize(
    ("headcount", "revenue", "size"),
    [
        (1000, 40000, "large"),
        (999, 40000, "medium"),
        (1000, 39999, "medium"),
        (300, 2000, "medium"),
        (299, 2000, "small"),
        (5000, 1999, "small"),
        (20, 300, "small"),
        (19, 300, "micro"),
        (5000, 299, "micro"),
        (None, 299, "micro"),
        (10, None, "micro"),
        (None, 2000, None),
        (1000, None, None),
        (None, None, None),
    ],
)
def test_PRE_02c_a_size_is_reached_by_all_of_its_measures(headcount, revenue, size):
    figures = {
        "headcount": None if headcount is None else Decimal(headcount),
        "revenue": None if revenue is None else Decimal(revenue),
    }
    assert size_of(figures, **INDUSTRY) == size
