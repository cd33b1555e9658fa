"""A panel of real loans beside this folder: unpacked, loaded, closed, compared cell by cell."""

from __future__ import annotations

import csv
import hashlib
import re
import tarfile
from pathlib import Path

from tests.builders import close, indicators, load

DATA = Path(__file__).parent / "data"


def unpack(panel: str, target: Path) -> Path:
    """Unpack a panel's archive, which must be the one that SOURCE.md names."""
    archive = DATA / panel / "lender_files.tar.xz"
    promised = re.search(
        rf"{panel}/lender_files.tar.xz \| (\w+)", (DATA / "SOURCE.md").read_text("utf-8")
    )
    assert promised
    assert hashlib.sha256(archive.read_bytes()).hexdigest() == promised[1]
    with tarfile.open(archive) as source:
        for entry in source:
            if entry.isfile():
                (target / Path(entry.name).name).write_bytes(source.extractfile(entry).read())
    return target


def load_and_close(folder: Path, *, first: str, last: str, lender: str) -> tuple[list, list]:
    """Load every file of a panel and close every month of it."""
    return load(folder, lender=lender), close(first, through=last)


def oracle(panel: str, name: str) -> list[dict[str, str]]:
    """The published figures, cells as text."""
    with (DATA / panel / name).open(encoding="utf-8", newline="") as lines:
        return list(csv.DictReader(lines))


def differences(expected: list[dict[str, str]], *words: str) -> list[tuple]:
    """What `indicators` prints otherwise than the figures expected, month by month."""
    found = []
    for month in sorted({line["month"] for line in expected}):
        names = [*expected[0]]
        wanted = [line for line in expected if line["month"] == month]
        ours = [{name: line[name] for name in names} for line in indicators(month, *words)]
        found += [pair for pair in zip(wanted, ours, strict=False) if pair[0] != pair[1]]
        found += [(month, len(wanted), len(ours))] if len(wanted) != len(ours) else []
    return found
