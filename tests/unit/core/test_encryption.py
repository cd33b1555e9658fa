"""Sealed values, blind indexes and masks."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.encryption import (
    Unsealable,
    blind_index,
    keyed_digest,
    mask_document,
    mask_name,
    seal,
    unseal,
    unseal_bytes,
)

PLACE = {"column": "parties_party.sealed_name", "key": 7}


@settings(deadline=None, max_examples=50)
@given(st.text(max_size=50))
def test_a_sealed_text_opens_in_its_own_place(text):
    assert unseal(seal(text, **PLACE), **PLACE) == text


def test_the_same_text_is_never_sealed_alike_and_never_shows():
    sealed = {seal("张三", **PLACE) for _ in range(20)}
    assert len(sealed) == 20
    assert all("张三".encode() not in each for each in sealed)


@pytest.mark.parametrize(
    "place",
    [{"column": "parties_party.sealed_name", "key": 8}, {"column": "other.column", "key": 7}],
)
def test_a_value_moved_to_another_place_does_not_open(place):
    with pytest.raises(Unsealable):
        unseal(seal("张三", **PLACE), **place)


def test_an_altered_value_does_not_open():
    sealed = seal(b"\x00\x01", **PLACE)
    for spot in range(len(sealed)):
        spoilt = sealed[:spot] + bytes([sealed[spot] ^ 1]) + sealed[spot + 1 :]
        with pytest.raises(Unsealable):
            unseal_bytes(spoilt, **PLACE)
    for cut in (b"", sealed[:1], sealed[:5], sealed[:-1]):
        with pytest.raises(Unsealable):
            unseal_bytes(cut, **PLACE)


def test_a_blind_index_folds_width_case_and_space_and_keeps_purposes_apart():
    ways = [
        "11010519491231002X",
        "11010519491231002x",
        " 110105 19491231 002X ",
        "１１０１０５１９４９１２３１００２Ｘ",
    ]
    assert len({blind_index(way, purpose="document") for way in ways}) == 1
    assert blind_index(ways[0], purpose="document") != blind_index(ways[0], purpose="name")


def test_a_digest_folds_nothing():
    texts = ["ab\x1fc", "a\x1fbc", "AB\x1fc", "ab \x1fc", "ａb\x1fc"]
    assert len({keyed_digest(text, purpose="x") for text in texts}) == len(texts)
    assert len(keyed_digest("", purpose="x")) == 32


@pytest.mark.parametrize(
    ("number", "masked"),
    [
        ("11010519491231002X", "1101**********002X"),
        ("12345678901", "1234***8901"),
        ("1234567890", "**********"),
        ("", ""),
    ],
)
def test_a_document_number_keeps_its_ends_alone(number, masked):
    assert mask_document(number) == masked


@pytest.mark.parametrize(
    ("name", "masked"), [("张三", "张*"), ("欧阳锋", "欧**"), ("张", "张*"), ("", "")]
)
def test_a_name_keeps_its_first_character_alone(name, masked):
    assert mask_name(name) == masked
