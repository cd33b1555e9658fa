"""An authenticator app in a few lines (RFC 6238), independent of what the house uses."""

from __future__ import annotations

import base64
import hashlib
import hmac
import struct
import time

PERIOD = 30
_shown: dict[str, int] = {}


def code_at(secret: str, counter: int) -> str:
    """Return the six digits that an app shows in a period."""
    digest = hmac.new(base64.b32decode(secret), struct.pack(">Q", counter), hashlib.sha1).digest()
    start = digest[-1] & 15
    number = struct.unpack(">I", digest[start : start + 4])[0] & 0x7FFFFFFF
    return f"{number % 1_000_000:06}"


def code_now(secret: str) -> str:
    """Return what the app shows now."""
    return code_at(secret, int(time.time()) // PERIOD)


def next_code(secret: str, person: str) -> str:
    """Return a code that the person has not used: each works once, one ahead is taken too."""
    counter = max(int(time.time()) // PERIOD, _shown.get(person, 0) + 1)
    while counter > int(time.time()) // PERIOD + 1:
        time.sleep(0.5)
    _shown[person] = counter
    return code_at(secret, counter)
