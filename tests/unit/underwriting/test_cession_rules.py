"""Shares of a policy, day by day, and money that is split exactly."""

import datetime as dt
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from underwriting.rules.cessions import (
    CededPolicy,
    Certificate,
    Cession,
    OwnShare,
    TreatyTerms,
    cessions_of,
    commission_on,
    retained_amount,
    shares_on,
    split_among,
    split_own,
    wrong_treaties,
)

D = Decimal
START, END = dt.date(2026, 3, 1), dt.date(2028, 3, 1)


def policy(sum_insured="10000000", **words):
    return CededPolicy(
        **{
            "policy_no": "P1",
            "product_code": "K1",
            "lender_code": "L1",
            "unit_path": "/HQ/BJ/",
            "sum_insured": D(sum_insured),
            "premium": D(0),
            "cover_from": START,
            "cover_to": END,
            **words,
        }
    )


def quota(fraction, *, code="Q", **words):
    return TreatyTerms(
        **{
            "code": code,
            "kind": "quota_share",
            "basis": "risk_attaching",
            "valid_from": dt.date(2026, 1, 1),
            "valid_to": dt.date(2027, 1, 1),
            "fraction": D(fraction),
            **words,
        }
    )


def surplus(retention, lines, *, code="S", **words):
    return quota(0, code=code, kind="surplus", retention=D(retention), lines=D(lines), **words)


def ceded(*treaties, own=(), certificates=(), **words):
    return cessions_of(policy(**words), own=own, certificates=certificates, treaties=treaties)


def whole(code, share):
    return Cession(code=code, share=D(share), valid_from=START, valid_to=END)


def test_F13_the_worked_example():
    assert retained_amount(D("10000000"), D("0.60"), [D("0.25")]) == D("4500000")


def test_F13_a_quota_share_of_a_co_insured_policy():
    own = [OwnShare(valid_from=START, valid_to=None, share=D("0.6"))]
    [line] = ceded(quota("0.25"), own=own)
    assert line == whole("Q", "0.25")
    assert retained_amount(D("10000000"), own[0].share, [line.share]) == D("4500000")


def test_F13_excess_of_loss_reduces_nothing():
    layer = quota(0, code="X", kind="excess_of_loss", retention=D(1000000), max_per_risk=D(9000000))
    assert ceded(layer) == []


def test_a_surplus_takes_what_exceeds_the_line_up_to_its_lines():
    assert ceded(surplus(2000000, 9), sum_insured="2000000") == []
    [fen] = ceded(surplus(2000000, 9), sum_insured="2000000.01")
    assert fen.share == D("0.000000004999")  # 0.01 of 2000000.01, rounded down
    assert ceded(surplus(2000000, 9)) == [whole("S", "0.8")]
    assert ceded(surplus(2000000, 3)) == [whole("S", "0.6")]


def test_a_surplus_looks_at_our_own_part_of_a_co_insured_policy():
    own = [OwnShare(valid_from=START, share=D("0.5"))]
    assert ceded(surplus(2000000, 9), own=own) == [whole("S", "0.6")]


def test_facultative_comes_first_then_surplus_then_quota_share_on_what_is_left():
    slip = [Certificate(code="F", share=D("0.4"), valid_from=START, valid_to=END)]
    lines = ceded(surplus(2000000, 1), quota("0.25"), certificates=slip)
    # 10 m: 4 m facultative, 2 m of the 4 m above the line, a quarter of the 4 m that are left
    assert lines == [whole("F", "0.4"), whole("Q", "0.1"), whole("S", "0.2")]


def test_a_quota_share_takes_no_more_than_its_limit_per_risk():
    assert ceded(quota("0.5", max_per_risk=D(4000000))) == [whole("Q", "0.2")]
    assert ceded(quota("0.5", max_per_risk=D(10000000))) == [whole("Q", "0.5")]


def test_a_treaty_of_attaching_risks_holds_for_the_whole_cover_of_what_begins_in_its_time():
    later = quota("0.3", code="Q27", valid_from=dt.date(2027, 1, 1), valid_to=dt.date(2028, 1, 1))
    assert ceded(quota("0.25"), later) == [whole("Q", "0.25")]
    assert ceded(quota("0.25", valid_to=START)) == []
    assert ceded(quota("0.25", valid_from=START)) == [whole("Q", "0.25")]


def test_a_treaty_of_losses_occurring_holds_on_its_own_days():
    basis = {"basis": "losses_occurring"}
    first, second, end = dt.date(2027, 1, 1), dt.date(2028, 1, 1), END
    later = quota("0.2", code="Q27", valid_from=first, valid_to=second, **basis)
    assert ceded(quota("0.25", **basis), later) == [
        Cession(code="Q", share=D("0.25"), valid_from=START, valid_to=first),
        Cession(code="Q27", share=D("0.2"), valid_from=first, valid_to=second),
    ]
    assert second < end  # the last two months are nobody's but ours


def test_products_and_lenders_that_a_treaty_does_not_name_stay_with_us():
    assert ceded(quota("0.25", product_codes=frozenset({"K2"}))) == []
    assert ceded(quota("0.25", lender_codes=frozenset({"L2"}))) == []
    named = quota("0.25", product_codes=frozenset({"K1"}), lender_codes=frozenset({"L1"}))
    assert ceded(named) == [whole("Q", "0.25")]


def test_own_shares_that_change_within_the_cover_make_periods():
    turn = dt.date(2027, 6, 1)
    own = [
        OwnShare(valid_from=START, valid_to=turn, share=D("0.5")),
        OwnShare(valid_from=turn, share=D(1)),
    ]
    assert ceded(surplus(2000000, 9), own=own) == [
        Cession(code="S", share=D("0.6"), valid_from=START, valid_to=turn),
        Cession(code="S", share=D("0.8"), valid_from=turn, valid_to=END),
    ]
    assert ceded(quota("0.25"), own=own) == [whole("Q", "0.25")]


def test_quota_shares_that_meet_cede_no_more_than_the_whole():
    assert wrong_treaties([quota("0.6"), quota("0.4", code="R")]) == []
    assert wrong_treaties([quota("0.6"), quota("0.41", code="R")]) == ["Q", "R"]
    apart = quota("0.41", code="R", product_codes=frozenset({"K2"}))
    assert wrong_treaties([quota("0.6", product_codes=frozenset({"K1"})), apart]) == []
    after = quota("0.41", code="R", valid_from=dt.date(2027, 1, 1), valid_to=None)
    assert wrong_treaties([quota("0.6"), after]) == []


def test_commission_is_rounded_half_up_to_the_fen():
    assert commission_on(D("33.33"), D("0.325")) == D("10.83")
    assert commission_on(D("0.10"), D("0.25")) == D("0.03")


fractions = st.decimals(0, 1, places=12, allow_nan=False)
yuan = st.decimals(0, 10**9, places=2, allow_nan=False)


@given(yuan, fractions, st.lists(st.integers(1, 10**6), min_size=1, max_size=6))
def test_what_is_kept_and_all_parts_are_the_amount(amount, ceded_part, weights):
    shares = [
        (ceded_part * weight / sum(weights)).quantize(D("1e-12"), "ROUND_FLOOR")
        for weight in weights
    ]
    kept, parts = split_own(amount, shares)
    assert kept + sum(parts) == amount
    exact = [amount * share for share in shares]
    assert all(abs(part - own) < D("0.01") for part, own in zip(parts, exact, strict=True))
    among = split_among(amount, [D(weight) / sum(weights) for weight in weights])
    assert sum(among) == amount


@given(
    st.decimals("0.01", 10**9, places=2),
    st.decimals(1, 10**7, places=2),
    st.integers(1, 20),
    st.decimals(0, 1, places=4),
    st.decimals(0, 1, places=4),
)
def test_never_is_more_than_the_whole_ceded(risk, retention, lines, fraction, facultative):
    slip = Certificate(code="F", share=facultative, valid_from=START)
    shares = shares_on(
        risk=risk, certificates=[slip], treaties=[surplus(retention, lines), quota(fraction)]
    )
    assert all(share > 0 for share in shares.values())
    assert sum(shares.values()) <= 1


def test_more_than_the_whole_is_not_split():
    with pytest.raises(ValueError, match="non-negative"):
        split_own(D("1.00"), [D("0.6"), D("0.5")])


def test_what_is_given_back_is_split_as_what_was_taken():
    shares = [D("0.05"), D("0.8"), D("0.033333333333")]
    for fen in range(1, 300):
        kept, parts = split_own(D(fen) / 100, shares)
        back, returned = split_own(-D(fen) / 100, shares)
        assert (back, returned) == (-kept, [-part for part in parts])
