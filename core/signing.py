"""Ed25519 signatures. The private key stands in the environment or the home, never in the database.

A key has an id that every signature names; the register (`SigningKey`) and the folder of the audit
administrator keep its public half for good, so that old signatures stay verifiable after a change
of key. Source: EVID-13.
"""

from __future__ import annotations

import base64
from functools import cache

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from django.conf import settings


@cache
def _private(secret: str) -> Ed25519PrivateKey:
    return Ed25519PrivateKey.from_private_bytes(base64.b64decode(secret))


def sign(data: bytes) -> str:
    """Sign with the present key; 128 hexadecimal digits."""
    return _private(settings.EVIDENCE_SIGNING_KEY).sign(data).hex()


def public_key() -> str:
    """Return the public half of the present key; 64 hexadecimal digits."""
    return _private(settings.EVIDENCE_SIGNING_KEY).public_key().public_bytes_raw().hex()


def is_signed(data: bytes, signature: str, *, key: str) -> bool:
    """Tell whether the signature over the data is of this public key."""
    try:
        Ed25519PublicKey.from_public_bytes(bytes.fromhex(key)).verify(
            bytes.fromhex(signature), data
        )
    except (InvalidSignature, ValueError):
        return False
    return True
