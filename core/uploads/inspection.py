"""The child process that looks into a file, and the bytes that go in and come out of it.

The content travels in memory files that have no name on any disk.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, BinaryIO

import structlog

log = structlog.get_logger(__name__)
CHILD = Path(__file__).with_name("child.py")
PATIENCE = 3  # of the clock on the wall, to one of the processor's


@dataclass(frozen=True)
class Verdict:
    """What the child says: facts, or the code of a refusal."""

    facts: Mapping[str, Any]
    refused: str = ""


@contextmanager
def nameless(pieces: Iterable[bytes] = ()) -> Iterator[BinaryIO]:
    """Open a file that has no name, in memory where the system can; fill it and go to its start."""
    if hasattr(os, "memfd_create"):
        opened: BinaryIO = os.fdopen(os.memfd_create("upload"), "w+b")
    else:
        opened = tempfile.TemporaryFile("w+b")  # noqa: SIM115 -- closed below
    with opened as file:
        for piece in pieces:
            file.write(piece)
        file.flush()
        file.seek(0)
        yield file


def inspect(source: BinaryIO, kind: str, *, sink: BinaryIO, limits: Mapping[str, int]) -> Verdict:
    """Let the child look into the file; one that does not come back in time refuses it."""
    command = [sys.executable, "-I", str(CHILD), kind]
    places = [source.fileno(), sink.fileno()]
    try:
        done = subprocess.run(  # noqa: S603 -- our own file, no shell
            [*command, *map(str, places), json.dumps(dict(limits))],
            pass_fds=places,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            timeout=limits["child_seconds"] * PATIENCE,
            env={"PATH": os.defpath, "LANG": "C.UTF-8"},
            check=False,
        )
    except subprocess.TimeoutExpired:
        return Verdict({}, "too_much_work")
    if done.returncode:
        log.warning("upload_child_ended", kind=kind, code=done.returncode)
        return Verdict({}, "too_much_work")
    answer = json.loads(done.stdout.splitlines()[-1])
    return Verdict(answer.get("facts", {}), answer.get("refused", ""))
