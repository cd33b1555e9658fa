"""What makes a set of thresholds, and what two sets differ in."""

import dataclasses
from decimal import Decimal

import pytest

from postloss.rules.thresholds import ThresholdLine, line_findings, threshold_changes

LINE = ThresholdLine(
    indicator="overdue_rate",
    dimension="total",
    test="absolute",
    limits=(Decimal("0.1"), Decimal("0.2"), Decimal("0.3")),
    min_sample=50,
    hysteresis=Decimal("0.05"),
)
TREND = dataclasses.replace(LINE, test="against_trend", months=6, min_history=6)


def codes(line):
    return [code for _, code in line_findings([line])]


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        (LINE, []),
        (TREND, []),
        (dataclasses.replace(LINE, limits=(None, None, Decimal("0.3"))), []),
        (dataclasses.replace(LINE, limits=(None, None, None)), ["empty"]),
        (
            dataclasses.replace(LINE, limits=(Decimal("0.3"), Decimal("0.2"), None)),
            ["out_of_order"],
        ),
        (dataclasses.replace(LINE, limits=(Decimal(0), None, None)), ["not_positive"]),
        (dataclasses.replace(LINE, hysteresis=Decimal(1)), ["hysteresis"]),
        (dataclasses.replace(TREND, months=None), ["history"]),
        (dataclasses.replace(TREND, min_history=7), ["history"]),
    ],
)
def test_a_line_is_refused_with_every_reason(line, expected):
    assert codes(line) == expected


def test_a_line_twice_is_refused():
    assert line_findings([LINE, LINE]) == [(LINE.key, "repeated")]


def test_changes_are_the_lines_that_differ():
    tighter = dataclasses.replace(LINE, min_sample=30)
    changes = threshold_changes({LINE.key: LINE, TREND.key: TREND}, {LINE.key: tighter})
    assert [(change.key, change.before, change.after) for change in changes] == [
        (LINE.key, LINE, tighter),
        (TREND.key, TREND, None),
    ]


def test_equal_sets_do_not_differ():
    assert threshold_changes({LINE.key: LINE}, {LINE.key: dataclasses.replace(LINE)}) == []
