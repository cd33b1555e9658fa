"""The ciphers of sealed values: AES-256-GCM and SM4-GCM, both with a tag of 16 bytes."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers import Cipher as _Cipher
from cryptography.hazmat.primitives.ciphers import algorithms, modes
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from core.enums import FieldCipher

TAG = 16
# The byte that names a cipher in a sealed value. Never reuse one.
NUMBERS = {FieldCipher.AES_256_GCM: 1, FieldCipher.SM4_GCM: 2}
BY_NUMBER = {number: name for name, number in NUMBERS.items()}


@dataclass(frozen=True)
class SealingKey:
    """The name of a key and the cipher it is used with."""

    key_id: str
    cipher: str


class Cipher(Protocol):
    """Authenticated encryption with associated data."""

    def encrypt(self, nonce: bytes, data: bytes, associated_data: bytes) -> bytes:
        """Return ciphertext and tag."""

    def decrypt(self, nonce: bytes, data: bytes, associated_data: bytes) -> bytes:
        """Return the plain bytes; `InvalidTag` where anything was altered."""


class _Sm4Gcm:
    """SM4-GCM (RFC 8998); its 128-bit key is derived from the house's 256-bit one (HKDF)."""

    def __init__(self, key: bytes):
        derive = HKDF(algorithm=SHA256(), length=16, salt=None, info=b"xinbao field SM4-GCM")
        self._algorithm = algorithms.SM4(derive.derive(key))

    def encrypt(self, nonce: bytes, data: bytes, associated_data: bytes) -> bytes:
        """Return ciphertext and tag."""
        work = _Cipher(self._algorithm, modes.GCM(nonce)).encryptor()
        work.authenticate_additional_data(associated_data)
        return work.update(data) + work.finalize() + work.tag

    def decrypt(self, nonce: bytes, data: bytes, associated_data: bytes) -> bytes:
        """Return the plain bytes; `InvalidTag` where anything was altered."""
        if len(data) < TAG:
            raise InvalidTag
        mode = modes.GCM(nonce, data[-TAG:])
        work = _Cipher(self._algorithm, mode).decryptor()
        work.authenticate_additional_data(associated_data)
        return work.update(data[:-TAG]) + work.finalize()


def make_cipher(name: str, key: bytes) -> Cipher:
    """Return the cipher of this name under a 256-bit key."""
    return _Sm4Gcm(key) if name == FieldCipher.SM4_GCM else AESGCM(key)
