"""How figures and manifest are written: the same bytes whenever the same rows are given."""

import csv
import hashlib
import io
import json
from collections.abc import Iterable, Mapping

from reporting.rules.rows import FigureRow

COLUMNS = ("code", "period", "dimension", "value", "unit", "version", "reason")


def figures_csv(rows: Iterable[FigureRow]) -> bytes:
    """Write rows as UTF-8 CSV; amounts in yuan, ratios as fractions, undefined empty with a reason.

    Names neither draft nor clock time. Source: HQ-45.
    """
    text = io.StringIO(newline="")
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(COLUMNS)
    writer.writerows([getattr(row, column) for column in COLUMNS] for row in rows)
    return text.getvalue().encode()


def sha256(content: bytes) -> str:
    """Return the SHA-256 of bytes in hexadecimal."""
    return hashlib.sha256(content).hexdigest()


def manifest_json(
    *,
    files: Mapping[str, bytes],
    missing: Mapping[str, str],
    about: Mapping[str, object],
) -> bytes:
    """Write the manifest: what the pack holds with hash and size, what not and why, the rest."""
    body = {
        **about,
        "files": {
            name: {"sha256": sha256(content), "bytes": len(content)}
            for name, content in files.items()
        },
        "missing": dict(missing),
    }
    return (json.dumps(body, ensure_ascii=False, indent=2) + "\n").encode()
