"""The virus scanner: clamd on a Unix or TCP socket, spoken to in `INSTREAM`; none by default."""

from __future__ import annotations

import socket
import struct
from collections.abc import Iterable
from dataclasses import dataclass
from urllib.parse import urlsplit

from django.conf import settings

PIECE = 1 << 16
LONGEST_ANSWER = 4096


class ScannerSilent(Exception):
    """The scanner cannot be reached or gave no verdict."""


@dataclass(frozen=True)
class Scan:
    """The scanner's word: clean, or the name of what it found."""

    is_clean: bool
    found: str = ""


def is_configured() -> bool:
    """Tell whether files are to be scanned here."""
    return bool(settings.CLAMD_ADDRESS)


def scan(pieces: Iterable[bytes], *, seconds: int) -> Scan:
    """Send a file to the scanner piece by piece.

    Raises:
        ScannerSilent: no verdict came.
    """
    try:
        with _line(seconds) as line:
            line.sendall(b"zINSTREAM\0")
            for piece in pieces:
                for start in range(0, len(piece), PIECE):
                    part = piece[start : start + PIECE]
                    line.sendall(struct.pack(">I", len(part)) + part)
            line.sendall(struct.pack(">I", 0))
            answer = _answer(line)
    except OSError as failure:
        raise ScannerSilent(type(failure).__name__) from failure
    if answer.endswith(" FOUND"):
        return Scan(is_clean=False, found=answer.removeprefix("stream: ").removesuffix(" FOUND"))
    if answer != "stream: OK":
        raise ScannerSilent(answer)
    return Scan(is_clean=True)


def _line(seconds: int) -> socket.socket:
    address = urlsplit(settings.CLAMD_ADDRESS)
    if address.scheme == "unix":
        line = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        line.settimeout(seconds)
        try:
            line.connect(address.path)
        except OSError:
            line.close()
            raise
        return line
    return socket.create_connection((address.hostname, address.port or 3310), timeout=seconds)


def _answer(line: socket.socket) -> str:
    answer = b""
    while not answer.endswith(b"\0") and len(answer) < LONGEST_ANSWER:
        piece = line.recv(LONGEST_ANSWER)
        if not piece:
            break
        answer += piece
    return answer.rstrip(b"\0").decode(errors="replace").strip()
