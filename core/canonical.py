"""One text for one content: what is hashed and signed is written in exactly one way.

JSON after RFC 8785 in all that we use of it: keys in the order of their code points, UTF-8, no
white space, nothing escaped that need not be. Instants are UTC with microseconds
(`2026-03-02T01:00:00.000000Z`), days ISO, decimals and floats text: a number with a fraction has
no one way to be written. Source: EVID-02; docs/adr/0013.
"""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Mapping
from decimal import Decimal
from typing import Any

_encode = json.JSONEncoder(
    ensure_ascii=False, sort_keys=True, separators=(",", ":"), allow_nan=False
).encode


def canonical(value: Any) -> bytes:
    """Return the bytes of a value that `plain` has made plain."""
    return _encode(value).encode()


def plain(value: Any) -> Any:
    """Turn a value into text, whole numbers, booleans, nulls, lists and dictionaries of these.

    What PostgreSQL cannot keep in JSON (a NUL, half of a surrogate pair) becomes U+FFFD.
    """
    if value is None or isinstance(value, bool | int):
        return value
    if isinstance(value, str):
        return _kept(value)
    if isinstance(value, Mapping):
        return {_kept(str(key)): plain(each) for key, each in value.items()}
    if isinstance(value, list | tuple | set | frozenset):
        several = sorted(value, key=str) if isinstance(value, set | frozenset) else value
        return [plain(each) for each in several]
    return _kept(_text(value))


def _text(value: Any) -> str:
    if isinstance(value, dt.datetime):
        return instant(value)
    if isinstance(value, dt.date | dt.time):
        return value.isoformat()
    if isinstance(value, Decimal):
        return f"{value:f}"
    return repr(value) if isinstance(value, float) else str(value)


def instant(at: dt.datetime) -> str:
    """Write an aware instant in UTC with microseconds."""
    return at.astimezone(dt.UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")


def _kept(text: str) -> str:
    if text.isascii() and "\0" not in text:
        return text
    if "\0" in text:
        text = text.replace("\0", "\ufffd")
    return (
        text
        if text.isascii()
        else text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    )
