"""What a manager reads from figures."""

from decimal import Decimal

import pytest

from postloss.rules.portfolio import (
    VintagePoint,
    change,
    migration_matrix,
    shade,
    share_shade,
    vintage_curves,
    vintage_end,
    why_undefined,
)


def test_the_age_of_a_vintage_counts_from_the_end_of_its_quarter():
    assert vintage_end("2017Q1") == 2017 * 12 + 2
    assert vintage_end("2016Q4") == 2016 * 12 + 11


def test_a_vintage_curve_is_the_late_share_of_what_was_disbursed():
    may = 2017 * 12 + 4
    points = [
        VintagePoint(
            vintage="2017Q1", month=may, late_balance=Decimal(30), disbursed=Decimal(1000)
        ),
        VintagePoint(
            vintage="2017Q1", month=may - 3, late_balance=Decimal(9), disbursed=Decimal(500)
        ),
        VintagePoint(vintage="2016Q4", month=may, late_balance=Decimal(1), disbursed=Decimal(0)),
    ]
    old, new = vintage_curves(points)
    assert (old.vintage, old.by_age) == ("2016Q4", {5: None})
    assert (new.vintage, new.by_age) == ("2017Q1", {2: Decimal("0.03")})


def test_a_cohort_cell_is_its_part_of_the_balance_before():
    cells = [
        (0, 0, 9, Decimal(900), Decimal(850)),
        (0, 1, 1, Decimal(100), Decimal(100)),
        (1, 0, 1, Decimal(0), Decimal(5)),
    ]
    matrix = migration_matrix(cells)
    assert [matrix[0][after].share for after in (0, 1)] == [Decimal("0.9"), Decimal("0.1")]
    assert [matrix[0][after].is_worse for after in (0, 1)] == [False, True]
    assert matrix[1][0].share is None


def test_written_off_is_worse_and_settled_is_not():
    matrix = migration_matrix(
        [(3, 6, 1, Decimal(1), Decimal(0)), (3, 5, 1, Decimal(1), Decimal(0))]
    )
    assert matrix[3][6].is_worse
    assert not matrix[3][5].is_worse


@pytest.mark.parametrize(
    ("now", "before", "expected"),
    [
        (Decimal(3), Decimal(5), Decimal(-2)),
        (None, Decimal(5), None),
        (Decimal(3), None, None),
        (Decimal(0), Decimal(0), Decimal(0)),
    ],
)
def test_a_change_needs_both_sides(now, before, expected):
    assert change(now, before) == expected


@pytest.mark.parametrize(
    ("is_roll", "has_month", "balance", "code"),
    [
        (False, False, None, "no_outstanding"),
        (True, False, None, "month_not_closed"),
        (True, True, None, "new_slice"),
        (True, True, Decimal(0), "zero_denominator"),
    ],
)
def test_an_undefined_ratio_says_why(is_roll, has_month, balance, code):
    words = {"is_roll": is_roll, "has_month_before": has_month, "balance_before": balance}
    assert why_undefined(**words) == code


def test_an_unknown_rate_has_no_shade_and_zero_is_the_lightest():
    assert shade(None, Decimal(1)) is None
    assert shade(Decimal(1), None) is None
    assert shade(Decimal(1), Decimal(0)) is None
    rates = ("0", "0.04", "0.05", "0.10", "0.15", "0.20")
    assert [shade(Decimal(rate), Decimal("0.1")) for rate in rates] == [0, 0, 1, 2, 3, 4]
    assert [share_shade(Decimal(s)) for s in ("0", "0.05", "0.2", "0.5", "0.51")] == [0, 1, 2, 3, 4]
    assert share_shade(None) is None
