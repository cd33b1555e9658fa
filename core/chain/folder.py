"""The audit administrator's folder: signed heads with their leaves, and public keys.

`heads/<stream>/<serial>.json` holds statement, signature and key id; `<serial>.leaves` the hash of
every link of the stretch, one a line; `keys/<key id>.pub` a public key. Files are never replaced.
Put the folder (setting `EVIDENCE_ROOT`) where those who keep the database cannot write.
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from django.conf import settings

from core.signing import is_signed


class OtherContent(Exception):
    """The folder holds something else under this name."""


@dataclass(frozen=True)
class KeptHead:
    """A head as the folder has it."""

    serial: int
    statement: str
    signature: str
    key_id: str
    path: Path

    @property
    def says(self) -> dict:
        """What the statement says."""
        return json.loads(self.statement)

    def leaves(self) -> list[str]:
        """Return the hashes of the stretch; empty where the file is not there."""
        path = self.path.with_suffix(".leaves")
        return path.read_text().split() if path.exists() else []


def keep(*, name: str, content: bytes, root: Path | None = None) -> None:
    """Write a file once; the same content again is nothing.

    Raises:
        OtherContent: the name is taken by something else.
    """
    path = Path(root or settings.EVIDENCE_ROOT, name)
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    if path.exists():
        if path.read_bytes() != content:
            raise OtherContent(name)
        return
    fresh = path.with_name(f".{path.name}.{os.getpid()}")
    with fresh.open("wb") as sink:
        sink.write(content)
        sink.flush()
        os.fsync(sink.fileno())
    try:
        os.link(fresh, path)
    except FileExistsError:
        if path.read_bytes() != content:
            raise OtherContent(name) from None
    finally:
        fresh.unlink()


def head_name(stream: str, serial: int, ending: str = "json") -> str:
    """Return where a head stands in the folder."""
    return f"heads/{stream}/{serial:06d}.{ending}"


def kept_heads(*, stream: str, root: Path | None = None) -> Iterator[KeptHead]:
    """Yield the heads of the folder by serial.

    Raises:
        OtherContent: a file cannot be read as a head.
    """
    folder = Path(root or settings.EVIDENCE_ROOT, "heads", stream)
    for path in sorted(folder.glob("*.json")):
        try:
            found = json.loads(path.read_text())
            head = KeptHead(
                int(path.stem), found["statement"], found["signature"], found["key_id"], path
            )
            head.says  # noqa: B018 (must be readable)
        except (ValueError, KeyError, TypeError) as wrong:
            raise OtherContent(path.name) from wrong
        yield head


def streams(*, root: Path | None = None) -> set[str]:
    """Return the streams that the folder has heads of."""
    return {path.name for path in Path(root or settings.EVIDENCE_ROOT, "heads").glob("*")}


def key_of(key_id: str, *, root: Path | None = None) -> str | None:
    """Return the public key that the folder keeps under this id."""
    path = Path(root or settings.EVIDENCE_ROOT, "keys", f"{Path(key_id).name}.pub")
    return path.read_text().strip() if path.is_file() else None


def is_genuine(head: KeptHead, *, root: Path | None = None) -> bool:
    """Tell whether a kept head bears the signature of the key that the folder keeps."""
    key = key_of(head.key_id, root=root)
    return key is not None and is_signed(head.statement.encode(), head.signature, key=key)
