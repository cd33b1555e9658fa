"""PRE-41c, PRE-34a: the short-rate table, and that policies end by exactly this table."""

import datetime as dt
from decimal import Decimal
from fractions import Fraction

import pytest

from products.rules.refunds import RefundStep, read_steps, step_findings
from underwriting.selectors.refunds import example_refund


def steps(*pairs):
    return [RefundStep(Fraction(until), Fraction(kept)) for until, kept in pairs]


@pytest.mark.parametrize(
    ("given", "codes"),
    [
        (steps(("1/12", "0.2"), ("6/12", "0.7"), ("1", "1")), []),
        (steps(("1", "0")), []),
        ([], ["refund_empty"]),
        (steps(("0.5", "0.2"), ("0.5", "0.3"), ("1", "1")), ["refund_not_rising"]),
        (steps(("0.5", "0.4"), ("1", "0.3")), ["refund_falls"]),
        (steps(("0.5", "0.4")), ["refund_ends_early"]),
        (steps(("0", "0.4"), ("1", "1.1")), ["refund_outside", "refund_no_share"]),
    ],
)
def test_a_table_rises_to_the_end_and_what_is_kept_never_falls(given, codes):
    assert [each.code for each in step_findings(given)] == codes


def test_a_table_filed_by_months_is_kept_exactly_and_ends_policies_so():
    rows = [{"until": f"{n}/12", "kept": f"{n}/12"} for n in range(1, 13)]
    rule = {"kind": "short_rate", "table": rows, "months": 12}
    assert read_steps(rule)[0] == RefundStep(Fraction(1, 12), Fraction(1, 12))
    words = {
        "premium": Decimal("12000.00"),
        "begins": dt.date(2026, 1, 1),
        "ends": dt.date(2027, 1, 1),
    }
    # 30 of 365 days are less than a twelfth, 31 are more: the second month has begun
    assert example_refund(rule, on=dt.date(2026, 1, 31), **words) == Decimal("11000.00")
    assert example_refund(rule, on=dt.date(2026, 2, 1), **words) == Decimal("10000.00")
    assert example_refund(rule, on=dt.date(2027, 1, 1), **words) == 0


def test_a_rule_without_a_table_has_no_steps():
    assert read_steps({"kind": "pro_rata"}) == ()
    assert read_steps({}) == ()
