"""Keyed hashes: a blind index for exact look-ups, a digest for comparisons."""

from __future__ import annotations

import base64
import hashlib
import hmac
import unicodedata
from functools import cache

from django.conf import settings


@cache
def _index_key() -> bytes:
    return base64.b64decode(settings.BLIND_INDEX_KEY)


def normalise(text: str) -> str:
    """Fold width, case and white space, so that one person's number has one blind index."""
    return "".join(unicodedata.normalize("NFKC", text).upper().split())


def blind_index(text: str, *, purpose: str) -> bytes:
    """Return the 32-byte keyed hash of the normalised text, apart for every purpose."""
    return hmac.digest(_index_key(), f"{purpose}‖{normalise(text)}".encode(), hashlib.sha256)


def keyed_digest(text: str, *, purpose: str) -> bytes:
    """Return the 32-byte keyed hash of the text exactly as it is, apart for every purpose."""
    return hmac.digest(_index_key(), f"{purpose}‖{text}".encode(), hashlib.sha256)
