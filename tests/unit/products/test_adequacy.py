"""PRE-33c: whether what happened still carries the filed price."""

from decimal import Decimal

import pytest

from products.rules.adequacy import Verdict, indicated_change, verdict_of

D = Decimal


@pytest.mark.parametrize(
    ("actual", "assumed", "verdict"),
    [
        (D("0.45"), D("0.45"), Verdict.WITHIN),
        (D("0.4500001"), D("0.45"), Verdict.ABOVE),
        (D(0), D("0.45"), Verdict.WITHIN),
        (None, D("0.45"), Verdict.UNKNOWN),
        (D("0.1"), None, Verdict.UNKNOWN),
    ],
)
def test_exactly_as_assumed_is_within_and_unknown_is_never_green(actual, assumed, verdict):
    assert verdict_of(actual, assumed) == verdict


@pytest.mark.parametrize(
    ("actual", "assumed", "change"),
    [
        (D("0.54"), D("0.45"), D("0.2")),
        (D("0.36"), D("0.45"), D("-0.2")),
        (None, D("0.45"), None),
        (D("0.36"), None, None),
        (D("0.36"), D(0), None),
    ],
)
def test_the_rate_follows_the_loss_ratio(actual, assumed, change):
    assert indicated_change(actual, assumed) == change
