"""Where the pieces of a file lie: a folder of ours, or a bucket of an S3-compatible store.

What is written here is encrypted already. A file appears whole or not at all. Source: CRM-40, R6.
"""

from __future__ import annotations

import datetime as dt
import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import BinaryIO

from botocore.exceptions import BotoCoreError, ClientError
from django.conf import settings
from django.core.files.base import File
from django.core.files.storage import Storage, storages

OUTSIDE = "files"  # its entry in STORAGES


class StoreFailed(OSError):
    """The store is full, broken or not to be reached."""


def _bucket() -> Storage | None:
    return storages[OUTSIDE] if OUTSIDE in settings.STORAGES else None


@contextmanager
def writer(path: str) -> Iterator[BinaryIO]:
    """Open a new file for writing; when anything is raised nothing of it stays.

    Raises:
        StoreFailed: the medium refuses.
    """
    bucket = _bucket()
    try:
        with _written_here(path) if bucket is None else _carried_over(path, bucket) as sink:
            yield sink
    except StoreFailed:
        raise
    except (BotoCoreError, ClientError) as failure:
        raise StoreFailed(type(failure).__name__) from failure


@contextmanager
def _written_here(path: str) -> Iterator[BinaryIO]:
    target = Path(settings.FILES_ROOT, path)
    try:
        target.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        opened = target.open("xb", buffering=0)
    except OSError as failure:
        raise StoreFailed(failure.errno, failure.strerror) from failure
    try:
        with opened as sink:
            yield _Guarded(sink)
            _settle(sink)
    except BaseException:
        with suppress(OSError):
            target.unlink(missing_ok=True)
        raise


def _settle(sink: BinaryIO) -> None:
    try:
        os.fsync(sink.fileno())
    except OSError as failure:
        raise StoreFailed(failure.errno, failure.strerror) from failure


@contextmanager
def _carried_over(path: str, bucket: Storage) -> Iterator[BinaryIO]:
    with tempfile.TemporaryFile() as sink:
        yield _Guarded(sink)
        sink.seek(0)
        try:
            bucket.save(path, File(sink))
        except BaseException:
            with suppress(BotoCoreError, ClientError):
                bucket.delete(path)
            raise


class _Guarded:
    """Writes everything or says that the store failed."""

    def __init__(self, sink: BinaryIO):
        self._sink = sink

    def write(self, content: bytes) -> int:
        rest = memoryview(content)
        try:
            while rest:
                rest = rest[self._sink.write(rest) :]
        except OSError as failure:
            raise StoreFailed(failure.errno, failure.strerror) from failure
        return len(content)


@contextmanager
def reader(path: str) -> Iterator[BinaryIO]:
    """Open a file for reading.

    Raises:
        FileNotFoundError: it is not there.
    """
    bucket = _bucket()
    if bucket is None:
        with Path(settings.FILES_ROOT, path).open("rb") as source:
            yield source
        return
    with bucket.open(path, "rb") as source:
        yield source


def remove(path: str) -> None:
    """Take a file away; one that is gone already is gone."""
    bucket = _bucket()
    if bucket is None:
        Path(settings.FILES_ROOT, path).unlink(missing_ok=True)
    else:
        bucket.delete(path)


def exists(path: str) -> bool:
    """Tell whether a file is there."""
    bucket = _bucket()
    return Path(settings.FILES_ROOT, path).is_file() if bucket is None else bucket.exists(path)


def settled(*, before: dt.datetime) -> Iterator[str]:
    """Yield the paths of all files that were written before an instant."""
    bucket = _bucket()
    if bucket is None:
        root = Path(settings.FILES_ROOT)
        for path in sorted(root.glob("[0-9]*/[0-9]*/*")):
            if path.stat().st_mtime < before.timestamp():
                yield path.relative_to(root).as_posix()
        return
    for folder in _folders(bucket, ""):
        for name in bucket.listdir(folder)[1]:
            path = f"{folder}/{name}"
            if bucket.get_modified_time(path) < before:
                yield path


def _folders(bucket: Storage, above: str) -> Iterator[str]:
    for year in bucket.listdir(above)[0]:
        for month in bucket.listdir(year)[0]:
            yield f"{year}/{month}"
