"""Removing the bytes of a stored file whose key is destroyed."""

from __future__ import annotations

import structlog
from botocore.exceptions import BotoCoreError, ClientError

from core import storage

log = structlog.get_logger(__name__)


def remove_bytes(path: str) -> None:
    """Unlink an encrypted file. Failing is no loss: without its key nobody reads it."""
    try:
        storage.remove(path)
    except (OSError, BotoCoreError, ClientError) as failure:
        log.warning("bytes_left_behind", path=path, failure=type(failure).__name__)
