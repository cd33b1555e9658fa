"""Which keys are at hand, and which of them seals now.

The bytes of a key stand in the environment or in a folder of secrets, never in the database; the
register (`core.FieldKey`) says which one seals. Every process asks it anew after a few seconds.
Source: EVID-13.
"""

from __future__ import annotations

import base64
import hashlib
import re
import time
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from functools import cache
from pathlib import Path

from django.conf import settings

from core.encryption.ciphers import Cipher, SealingKey, make_cipher
from core.enums import FieldKeyStatus
from core.models import FieldKey

_NAME = re.compile(r"[A-Za-z0-9_-]{1,32}")
_pinned: ContextVar[SealingKey | None] = ContextVar("sealing_key", default=None)


class KeyNotAtHand(KeyError):
    """The key of this name is neither in the environment nor in the folder of keys."""


def key_bytes(key_id: str) -> bytes:
    """Return a key's 32 bytes.

    Raises:
        KeyNotAtHand: nobody gave this process the key, or it has not 32 bytes.
    """
    text = settings.FIELD_KEYS.get(key_id)
    if text is None and is_key_name(key_id):
        path = Path(settings.FIELD_KEYS_FOLDER, key_id)
        text = path.read_text() if path.is_file() else None
    if text is None:
        raise KeyNotAtHand(key_id)
    key = base64.b64decode(text)
    if len(key) != 32:
        raise KeyNotAtHand(key_id)
    return key


def is_key_name(key_id: str) -> bool:
    """Tell whether a key may have this name; it is a file's name as well."""
    return bool(_NAME.fullmatch(key_id))


def is_at_hand(key_id: str) -> bool:
    """Tell whether this process can use the key."""
    try:
        key_bytes(key_id)
    except KeyNotAtHand:
        return False
    return True


def names_at_hand() -> list[str]:
    """Return the names of the keys that this process can use."""
    folder = Path(settings.FIELD_KEYS_FOLDER)
    files = [path.name for path in folder.iterdir()] if folder.is_dir() else []
    return sorted(name for name in {*settings.FIELD_KEYS, *files} if is_at_hand(name))


def check_value(key_id: str) -> str:
    """Return 16 hexadecimal digits that tell two keys of one name apart and nothing of the key."""
    return hashlib.sha256(b"xinbao key check\x00" + key_bytes(key_id)).hexdigest()[:16]


@cache
def cipher_of(key_id: str, cipher: str) -> Cipher:
    """Return the cipher of a key, made once per process."""
    return make_cipher(cipher, key_bytes(key_id))


class _Register:
    """What the register said last, and until when that is believed."""

    def __init__(self) -> None:
        self.forget()

    def forget(self) -> None:
        """Ask anew at the next value."""
        self._known, self._until = None, 0.0

    def sealing_key(self) -> SealingKey:
        """Return the key that seals now."""
        known = self._known
        if known is None or time.monotonic() >= self._until:
            known = self._known = _asked()
            self._until = time.monotonic() + settings.FIELD_KEY_CACHE_SECONDS
        return known


def _asked() -> SealingKey:
    row = (
        FieldKey.objects.filter(status=FieldKeyStatus.CURRENT)
        .values_list("key_id", "cipher")
        .first()
    )
    return SealingKey(*row) if row else SealingKey(settings.FIELD_KEY_ID, settings.FIELD_CIPHER)


_register = _Register()


def sealing_key() -> SealingKey:
    """Return the key that seals in this context: the pinned one, else the register's current."""
    return _pinned.get() or _register.sealing_key()


def forget_sealing_key() -> None:
    """Ask the register anew at the next value: after a rotation was decided."""
    _register.forget()


@contextmanager
def sealing_under(key: SealingKey) -> Iterator[None]:
    """Seal under this key, whatever the register says: for a rotation, and without a database."""
    token = _pinned.set(key)
    try:
        yield
    finally:
        _pinned.reset(token)
