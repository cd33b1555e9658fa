"""Field and file encryption: AES-256-GCM with a key id, and a keyed blind index for look-ups.

A sealed value is `key id length ‖ key id ‖ nonce ‖ ciphertext and tag`; the associated data is
`table.column‖key of the row`, so that a value moved to another row does not open.
Source: safety.md, field encryption; PRE-40a, CRM-39.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import os
import unicodedata
from functools import cache

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from django.conf import settings

_NONCE = 12


class Unsealable(Exception):
    """The value was altered, moved to another row, or its key is not at hand."""


@cache
def _cipher(key_id: str) -> AESGCM:
    return AESGCM(base64.b64decode(settings.FIELD_KEYS[key_id]))


@cache
def _index_key() -> bytes:
    return base64.b64decode(settings.BLIND_INDEX_KEY)


def _place(column: str, key: object) -> bytes:
    return f"{column}‖{key}".encode()


def seal(plain: str | bytes, *, column: str, key: object) -> bytes:
    """Encrypt `plain` for the row `key` of `column` (`table.column`) under the current key."""
    data = plain.encode() if isinstance(plain, str) else plain
    key_id = settings.FIELD_KEY_ID
    nonce = os.urandom(_NONCE)
    head = key_id.encode()
    return (
        bytes([len(head)])
        + head
        + nonce
        + _cipher(key_id).encrypt(nonce, data, _place(column, key))
    )


def unseal_bytes(sealed: bytes, *, column: str, key: object) -> bytes:
    """Decrypt a sealed value.

    Raises:
        Unsealable: the value, its place or its key is wrong.
    """
    sealed = bytes(sealed)
    try:
        cut = 1 + sealed[0]
        key_id = sealed[1:cut].decode()
        nonce, body = sealed[cut : cut + _NONCE], sealed[cut + _NONCE :]
        return _cipher(key_id).decrypt(nonce, body, _place(column, key))
    except (InvalidTag, KeyError, IndexError, ValueError) as refusal:
        raise Unsealable(f"{column}‖{key} cannot be opened") from refusal


def unseal(sealed: bytes, *, column: str, key: object) -> str:
    """Decrypt a sealed text. Raises `Unsealable` as `unseal_bytes` does."""
    return unseal_bytes(sealed, column=column, key=key).decode()


def normalise(text: str) -> str:
    """Fold width, case and white space, so that one person's number has one blind index."""
    return "".join(unicodedata.normalize("NFKC", text).upper().split())


def blind_index(text: str, *, purpose: str) -> bytes:
    """Return the 32-byte keyed hash of the normalised text, apart for every purpose."""
    return hmac.digest(_index_key(), f"{purpose}‖{normalise(text)}".encode(), hashlib.sha256)


def keyed_digest(text: str, *, purpose: str) -> bytes:
    """Return the 32-byte keyed hash of the text exactly as it is, apart for every purpose."""
    return hmac.digest(_index_key(), f"{purpose}‖{text}".encode(), hashlib.sha256)


def mask_document(text: str) -> str:
    """Mask an identity or card number: first 4 and last 4 kept when longer than 10 characters."""
    return f"{text[:4]}{'*' * (len(text) - 8)}{text[-4:]}" if len(text) > 10 else "*" * len(text)


def mask_name(text: str) -> str:
    """Mask a person's name: the first character is kept."""
    return text[:1] + "*" * max(len(text) - 1, 1) if text else ""
