"""Sealed values, blind indexes and masks."""

import base64
import os

import pytest
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from django.conf import settings as django_settings
from hypothesis import given, settings
from hypothesis import strategies as st

from core.encryption import (
    KeyNotAtHand,
    SealingKey,
    Unsealable,
    blind_index,
    keyed_digest,
    place_key,
    seal,
    sealed_head,
    sealing_under,
    unseal,
    unseal_bytes,
)
from core.encryption.ciphers import make_cipher
from core.encryption.keys import check_value, cipher_of, is_at_hand, key_bytes
from core.enums import FieldCipher

PLACE = {"column": "parties_party.sealed_name", "key": 7}
AES, SM4 = FieldCipher.AES_256_GCM, FieldCipher.SM4_GCM
FIRST = SealingKey(django_settings.FIELD_KEY_ID, AES)


@pytest.fixture(autouse=True, scope="module", params=[AES, SM4])
def under(request):
    """Without a database nobody asks the register: seal under the first key, with either cipher."""
    with sealing_under(SealingKey(FIRST.key_id, request.param)):
        yield request.param


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


def test_a_value_names_its_key_and_cipher(under):
    sealed = seal("张三", **PLACE)
    assert sealed.startswith(sealed_head(SealingKey(FIRST.key_id, under)))
    other = SM4 if under == AES else AES
    with sealing_under(SealingKey(FIRST.key_id, other)):
        assert unseal(sealed, **PLACE) == "张三"  # what a value says counts, not what is current


def test_a_value_from_before_ciphers_were_named_still_opens():
    """The format until ADR 0014: length, key id, nonce, AES-256-GCM over the place alone."""
    nonce, name = os.urandom(12), FIRST.key_id.encode()
    place = "parties_party.sealed_name‖7".encode()
    body = AESGCM(key_bytes(FIRST.key_id)).encrypt(nonce, "张三".encode(), place)
    old = bytes([len(name)]) + name + nonce + body
    assert unseal(old, **PLACE) == "张三"
    with pytest.raises(Unsealable):
        unseal(old, column="parties_party.sealed_name", key=8)


def test_sm4_gcm_is_the_cipher_of_the_standard():
    """RFC 8998, appendix A.1, under the raw 128-bit key of the example."""
    from cryptography.hazmat.primitives.ciphers import algorithms

    cipher = make_cipher(SM4, bytes(32))
    cipher._algorithm = algorithms.SM4(bytes.fromhex("0123456789abcdeffedcba9876543210"))
    plain = bytes.fromhex(
        "aaaaaaaaaaaaaaaabbbbbbbbbbbbbbbbccccccccccccccccdddddddddddddddd"
        "eeeeeeeeeeeeeeeeffffffffffffffffeeeeeeeeeeeeeeeeaaaaaaaaaaaaaaaa"
    )
    sealed = bytes.fromhex(
        "17f399f08c67d5ee19d0dc9969c4bb7d5fd46fd3756489069157b282bb200735"
        "d82710ca5c22f0ccfa7cbf93d496ac15a56834cbcf98c397b4024a2691233b8d"
        "83de3541e4c2b58177e065a9bf7b62ec"
    )
    nonce = bytes.fromhex("00001234567800000000abcd")
    context = bytes.fromhex("feedfacedeadbeeffeedfacedeadbeefabaddad2")
    assert cipher.encrypt(nonce, plain, context) == sealed
    assert cipher.decrypt(nonce, sealed, context) == plain


def test_keys_stand_in_the_environment_or_in_a_folder_by_name(settings, tmp_path, monkeypatch):
    settings.FIELD_KEYS_FOLDER = tmp_path
    (tmp_path / "k7").write_text(base64.b64encode(bytes(range(32))).decode())
    (tmp_path / "short").write_text(base64.b64encode(b"short").decode())
    assert key_bytes("k7") == bytes(range(32))
    assert [is_at_hand(name) for name in ("k7", "k8", "short", "../k7", "")] == [
        True, False, False, False, False,
    ]  # fmt: skip
    assert len(check_value("k7")) == 16
    assert check_value("k7") != check_value(FIRST.key_id)
    with sealing_under(SealingKey("k7", AES)):
        sealed = seal("张三", **PLACE)
    (tmp_path / "k7").unlink()
    cipher_of.cache_clear()
    with pytest.raises(Unsealable):
        unseal(sealed, **PLACE)
    with sealing_under(SealingKey("k7", AES)), pytest.raises(KeyNotAtHand):
        seal("张三", **PLACE)


def test_the_key_of_a_place_is_written_in_one_way():
    assert place_key(7, memoryview(b"\x01\xff"), "a/b") == "7:01ff:a/b"
