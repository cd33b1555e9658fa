"""Shares of proportional programmes as others published them.

- Guidewire InsuranceSuite 10, "Proportional treaties": a quota share under two surplus treaties,
  a risk of 10 million (docs of policy administration, common topics).
- Chartered Insurance Institute, M97 Reinsurance 2018-19, example 4.8: retention 10 million, a
  surplus of five lines, facultative 40 million, a risk of 100 million.
- The same, table 4.3: ten lines by class of risk.
"""

from decimal import Decimal

import pytest

from tests.unit.underwriting.test_cession_rules import START, quota, surplus
from underwriting.rules.cessions import Certificate, shares_on, split_own, surplus_amount

D = Decimal
MILLION = 1_000_000


def test_two_surplus_treaties_above_a_quota_share():
    programme = [
        surplus(MILLION, 4, code="S1"),
        surplus(MILLION, 5, code="S2", lines_below=D(4)),
        quota("0.4"),
    ]
    shares = shares_on(risk=D(10 * MILLION), certificates=[], treaties=programme)
    assert shares == {"S2": D("0.5"), "S1": D("0.4"), "Q": D("0.04")}
    kept, parts = split_own(D(10 * MILLION), list(shares.values()))
    assert (kept, sum(parts)) == (D(600_000), D(9_400_000))
    kept, parts = split_own(D(5 * MILLION), [shares["S2"], shares["S1"], shares["Q"]])
    assert parts == [D(2_500_000), D(2_000_000), D(200_000)]
    assert kept == D(300_000)


def test_facultative_above_a_surplus_of_five_lines():
    slip = Certificate(code="F", share=D("0.4"), valid_from=START)
    shares = shares_on(
        risk=D(100 * MILLION), certificates=[slip], treaties=[surplus(10 * MILLION, 5)]
    )
    assert shares == {"F": D("0.4"), "S": D("0.5")}
    assert 1 - sum(shares.values()) == D("0.1")


@pytest.mark.parametrize(
    ("retention", "limit"),
    [(150_000, 1_500_000), (200_000, 2_000_000), (350_000, 3_500_000), (500_000, 5_000_000)],
)
def test_ten_lines_are_ten_retentions(retention, limit):
    assert surplus_amount(D(100 * MILLION), surplus(retention, 10)) == limit
