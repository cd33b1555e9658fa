"""Removing the bytes of a stored file whose key is destroyed."""

from __future__ import annotations

from pathlib import Path

import structlog
from django.conf import settings

log = structlog.get_logger(__name__)


def remove_bytes(path: str) -> None:
    """Unlink an encrypted file. Failing is no loss: without its key nobody reads it."""
    try:
        Path(settings.FILES_ROOT, path).unlink(missing_ok=True)
    except OSError as failure:
        log.warning("bytes_left_behind", path=path, failure=type(failure).__name__)
