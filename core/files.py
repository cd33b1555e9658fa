"""Files at rest: pieces of AES-256-GCM under a key of their own, hashed on the way in.

Source: safety.md (stored files are encrypted from the first migration); EVID-09.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import os
import struct
import uuid
from collections.abc import Iterator
from pathlib import Path
from typing import Any, BinaryIO

from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from django.conf import settings
from django.utils.translation import gettext as _

from core.encryption import seal, unseal_bytes
from core.errors import Missing, RuleBroken
from core.models import StoredFile

PIECE = 1 << 20
_COLUMN = "core_storedfile.sealed_key"


def store(
    *, stream: BinaryIO, name: str, by: Any, at: dt.datetime, max_bytes: int | None = None
) -> StoredFile:
    """Encrypt a stream to disk and record it; the file is on disk before its row is.

    Raises:
        RuleBroken: the stream is larger than `max_bytes`.
    """
    path = f"{at:%Y/%m}/{uuid.uuid4().hex}"
    target = Path(settings.FILES_ROOT, path)
    target.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    key = AESGCM.generate_key(256)
    cipher, digest, size = AESGCM(key), hashlib.sha256(), 0
    try:
        with target.open("xb") as sink:
            for number, piece in enumerate(iter(lambda: stream.read(PIECE), b"")):
                size += len(piece)
                if max_bytes is not None and size > max_bytes:
                    raise _too_large(name, max_bytes)  # noqa: TRY301 (the file goes either way)
                digest.update(piece)
                sink.write(cipher.encrypt(struct.pack(">IQ", 0, number), piece, None))
            sink.flush()
            os.fsync(sink.fileno())
    except BaseException:
        target.unlink(missing_ok=True)
        raise
    return StoredFile.objects.create(
        name=name,
        size=size,
        sha256=digest.hexdigest(),
        sealed_key=seal(key, column=_COLUMN, key=path),
        path=path,
        created_by=by,
        created_at=at,
    )


def _too_large(name: str, max_bytes: int) -> RuleBroken:
    words = _("“%(name)s” is larger than %(most)s MiB.") % {"name": name, "most": max_bytes >> 20}
    return RuleBroken("file_too_large", words)


def pieces(stored: StoredFile) -> Iterator[bytes]:
    """Decrypt a stored file, piece by piece of at most 1 MiB.

    Raises:
        Missing: the file is not on disk, or was deleted at the end of its time.
        cryptography.exceptions.InvalidTag: it was altered.
    """
    if not stored.sealed_key:
        raise Missing(
            "file_deleted",
            _("“%(name)s” was deleted at the end of its time.") % {"name": stored.name},
        )
    cipher = AESGCM(unseal_bytes(stored.sealed_key, column=_COLUMN, key=stored.path))
    try:
        source = Path(settings.FILES_ROOT, stored.path).open("rb")  # noqa: SIM115 (closed below)
    except FileNotFoundError as gone:
        raise Missing(
            "file_gone", _("“%(name)s” is not in the store.") % {"name": stored.name}
        ) from gone
    with source:
        for number, piece in enumerate(iter(lambda: source.read(PIECE + 16), b"")):
            yield cipher.decrypt(struct.pack(">IQ", 0, number), piece, None)
