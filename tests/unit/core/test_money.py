"""Fen, ratios and splits."""

from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.money import from_fen, plain_ratio, round_fen, split_fen, to_fen

FEW = settings(deadline=None, max_examples=50)


@pytest.mark.parametrize(
    ("amount", "fen"), [("1.005", "1.01"), ("1.004", "1.00"), ("-1.005", "-1.01")]
)
def test_fen_are_rounded_half_up(amount, fen):
    assert round_fen(Decimal(amount)) == Decimal(fen)


@FEW
@given(st.integers(-(10**17), 10**17))
def test_yuan_and_fen_are_each_others_mirror(fen):
    assert to_fen(from_fen(fen)) == fen
    assert from_fen(fen).as_tuple().exponent == -2


def test_parts_of_a_fen_are_refused():
    with pytest.raises(ValueError, match="parts of a fen"):
        to_fen(Decimal("0.001"))


@pytest.mark.parametrize(
    ("ratio", "text"),
    [
        (Decimal(0), "0.00000000"),
        (Decimal("0E-18"), "0.00000000"),
        (Decimal("0.123456785"), "0.12345679"),
        (Decimal("0.123456784999"), "0.12345678"),
        (Decimal(50001), "50001.00000000"),
        (None, None),
    ],
)
def test_a_ratio_is_printed_plainly_to_eight_places(ratio, text):
    assert plain_ratio(ratio) == text


weights = st.lists(st.integers(0, 10**6), min_size=1, max_size=12).filter(any)


@FEW
@given(st.integers(0, 10**15), weights)
def test_a_split_conserves_every_fen_and_is_off_by_less_than_one(total, parts):
    split = split_fen(total, parts)
    assert sum(split) == total
    for part, weight in zip(split, parts, strict=True):
        assert abs(part * sum(parts) - total * weight) < sum(parts)
        assert part == 0 or weight > 0


def test_a_split_without_weight_is_refused():
    for wrong in ([0, 0], [], [3, -1]):
        with pytest.raises(ValueError, match="weights"):
            split_fen(100, wrong)
