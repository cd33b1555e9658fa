"""Files at rest: pieces of AES-256-GCM under a key of their own, hashed on the way in.

Source: safety.md (stored files are encrypted from the first migration); EVID-09.
"""

from __future__ import annotations

import datetime as dt
import functools
import hashlib
import struct
import uuid
from collections.abc import Iterator
from typing import Any, BinaryIO

import structlog
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from django.db import transaction
from django.utils.translation import gettext as _

from core import storage
from core.encryption import seal, unseal_bytes
from core.errors import Conflict, Missing, RuleBroken
from core.models import StoredFile

log = structlog.get_logger(__name__)
PIECE = 1 << 20
_COLUMN = "core_storedfile.sealed_key"


class StoreUnavailable(Conflict):
    """The store takes nothing at this moment; what was sent was not taken in."""


def store(
    *,
    stream: BinaryIO,
    name: str,
    by: Any,
    at: dt.datetime,
    max_bytes: int | None = None,
    **facts: Any,
) -> StoredFile:
    """Encrypt a stream to the store and record it; the file is there before its row is.

    `facts`: kind, purpose and quarantine of a file that came from outside.

    Raises:
        RuleBroken: the stream is larger than `max_bytes`.
        StoreUnavailable: the store is full or failing; neither file nor row stays.
    """
    path = f"{at:%Y/%m}/{uuid.uuid4().hex}"
    key = AESGCM.generate_key(256)
    cipher, digest, size = AESGCM(key), hashlib.sha256(), 0
    try:
        with storage.writer(path) as sink:
            for number, piece in enumerate(iter(lambda: stream.read(PIECE), b"")):
                size += len(piece)
                if max_bytes is not None and size > max_bytes:
                    raise _too_large(name, max_bytes)
                digest.update(piece)
                sink.write(cipher.encrypt(struct.pack(">IQ", 0, number), piece, None))
    except storage.StoreFailed as failure:
        log.exception("store_failed", errno=failure.errno)
        raise StoreUnavailable(
            "store_unavailable",
            _("“%(name)s” could not be kept: the store is full or failing. Try again later.")
            % {"name": name},
        ) from failure
    try:
        with transaction.atomic():
            return StoredFile.objects.create(
                name=name,
                size=size,
                sha256=digest.hexdigest(),
                sealed_key=seal(key, column=_COLUMN, key=path),
                path=path,
                created_by=by,
                created_at=at,
                **facts,
            )
    except BaseException:
        storage.remove(path)
        raise


def _too_large(name: str, max_bytes: int) -> RuleBroken:
    words = _("“%(name)s” is larger than %(most)s MiB.") % {"name": name, "most": max_bytes >> 20}
    return RuleBroken("file_too_large", words)


def discard(stored: StoredFile) -> None:
    """Take back a file that nothing refers to yet, with its copy."""
    for each in filter(None, (stored, stored.copy)):
        each.delete()
        transaction.on_commit(functools.partial(storage.remove, each.path))


def pieces(stored: StoredFile) -> Iterator[bytes]:
    """Decrypt a stored file, piece by piece of at most 1 MiB.

    Raises:
        Missing: the file is not in the store, or was deleted at the end of its time.
        cryptography.exceptions.InvalidTag: it was altered.
    """
    if not stored.sealed_key:
        raise Missing(
            "file_deleted",
            _("“%(name)s” was deleted at the end of its time.") % {"name": stored.name},
        )
    cipher = AESGCM(unseal_bytes(stored.sealed_key, column=_COLUMN, key=stored.path))
    try:
        with storage.reader(stored.path) as source:
            for number, piece in enumerate(iter(lambda: source.read(PIECE + 16), b"")):
                yield cipher.decrypt(struct.pack(">IQ", 0, number), piece, None)
    except FileNotFoundError as gone:
        raise Missing(
            "file_gone", _("“%(name)s” is not in the store.") % {"name": stored.name}
        ) from gone
