"""The two hashes of the house: SHA-256, and SM3 where the setting `EVIDENCE_DIGEST` says so."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable

from cryptography.hazmat.primitives import hashes

SHA256, SM3 = "sha256", "sm3"
ALGORITHMS = (SHA256, SM3)
NOTHING = "0" * 64  # what the first link of a chain follows


def digest(data: bytes, *, algorithm: str) -> str:
    """Return the hash as 64 hexadecimal digits."""
    return digest_bytes(data, algorithm=algorithm).hex()


def digest_bytes(data: bytes, *, algorithm: str) -> bytes:
    """Return the 32 bytes of the hash."""
    if algorithm == SHA256:
        return hashlib.sha256(data).digest()
    if algorithm != SM3:
        raise ValueError(f"no such hash: {algorithm}")
    state = hashes.Hash(hashes.SM3())
    state.update(data)
    return state.finalize()


def digest_of_pieces(pieces: Iterable[bytes]) -> str:
    """Return the SHA-256 of a stream as 64 hexadecimal digits."""
    state = hashlib.sha256()
    for piece in pieces:
        state.update(piece)
    return state.hexdigest()
