"""Seal and unseal.

A sealed value is `head ‖ nonce ‖ ciphertext and tag`. The head is `0 ‖ cipher ‖ length ‖ key id`;
before ADR 0014 it was `length ‖ key id` and the cipher AES-256-GCM: such values still open. The
associated data is `table.column‖key of the row`, so that a value moved to another row does not
open; behind a new head it holds the head as well.
"""

from __future__ import annotations

import os

from cryptography.exceptions import InvalidTag

from core.encryption.ciphers import BY_NUMBER, NUMBERS, SealingKey
from core.encryption.keys import cipher_of, sealing_key
from core.enums import FieldCipher

NONCE = 12
_NEW = 0


class Unsealable(Exception):
    """The value was altered, moved to another row, or its key is not at hand."""


def _place(column: str, key: object) -> bytes:
    return f"{column}‖{key}".encode()


def place_key(*values: object) -> str:
    """Return the key of a row out of what identifies it; bytes in hexadecimal, parts by colon."""
    return ":".join(
        bytes(value).hex() if isinstance(value, bytes | memoryview) else str(value)
        for value in values
    )


def sealed_head(key: SealingKey) -> bytes:
    """Return what every value sealed under this key begins with."""
    name = key.key_id.encode()
    return bytes([_NEW, NUMBERS[FieldCipher(key.cipher)], len(name)]) + name


def seal(plain: str | bytes, *, column: str, key: object) -> bytes:
    """Encrypt `plain` for the row `key` of `column` (`table.column`) under the current key.

    Raises:
        KeyNotAtHand: this process was not given the current key.
    """
    data = plain.encode() if isinstance(plain, str) else plain
    under = sealing_key()
    head, nonce = sealed_head(under), os.urandom(NONCE)
    cipher = cipher_of(under.key_id, under.cipher)
    return head + nonce + cipher.encrypt(nonce, data, head + _place(column, key))


def key_id_of(sealed: bytes) -> str:
    """Return the name of the key that a sealed value names."""
    start = 2 if sealed[0] == _NEW else 0
    return sealed[start + 1 : start + 1 + sealed[start]].decode(errors="replace")


def unseal_bytes(sealed: bytes, *, column: str, key: object) -> bytes:
    """Decrypt a sealed value.

    Raises:
        Unsealable: the value, its place or its key is wrong.
    """
    sealed = bytes(sealed)
    try:
        is_new = sealed[0] == _NEW
        start = 2 if is_new else 0
        cut = start + 1 + sealed[start]
        key_id = sealed[start + 1 : cut].decode()
        name = BY_NUMBER[sealed[1]] if is_new else FieldCipher.AES_256_GCM
        nonce, body = sealed[cut : cut + NONCE], sealed[cut + NONCE :]
        place = _place(column, key)
        context = sealed[:cut] + place if is_new else place
        return cipher_of(key_id, name).decrypt(nonce, body, context)
    except (InvalidTag, KeyError, IndexError, ValueError) as refusal:
        raise Unsealable(f"{column}‖{key} cannot be opened") from refusal


def unseal(sealed: bytes, *, column: str, key: object) -> str:
    """Decrypt a sealed text. Raises `Unsealable` as `unseal_bytes` does."""
    return unseal_bytes(sealed, column=column, key=key).decode()
