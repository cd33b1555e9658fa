"""The anchor without a network: one line per root in the audit administrator's folder."""

from __future__ import annotations

import datetime as dt
import json
import os
from pathlib import Path

from django.conf import settings

from core.anchors.base import AnchorDown, BadReceipt
from core.canonical import canonical, instant
from core.enums import AnchorKind


class FileAnchor:
    """Append to `anchors/roots.jsonl`; the receipt is the line."""

    kind = AnchorKind.FILE.value

    @property
    def path(self) -> Path:
        """Where the lines stand."""
        return Path(settings.EVIDENCE_ROOT, "anchors", "roots.jsonl")

    def submit(self, *, root: bytes, at: dt.datetime) -> tuple[bytes, dt.datetime | None]:
        """Append the root."""
        line = canonical({"root": root.hex(), "at": instant(at)})
        try:
            self.path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
            with self.path.open("ab") as sink:
                sink.write(line + b"\n")
                sink.flush()
                os.fsync(sink.fileno())
        except OSError as failure:
            raise AnchorDown(type(failure).__name__) from failure
        return line, at

    def verify(self, *, root: bytes, receipt: bytes) -> dt.datetime | None:
        """Find the line in the file, and the root in the line."""
        try:
            lines = self.path.read_bytes().splitlines()
            says = json.loads(receipt)
        except OSError as failure:
            raise AnchorDown(type(failure).__name__) from failure
        except ValueError as wrong:
            raise BadReceipt("the receipt cannot be read") from wrong
        if receipt not in lines:
            raise BadReceipt("the line is not in the file")
        if says.get("root") != root.hex():
            raise BadReceipt("the receipt is of another root")
        return dt.datetime.fromisoformat(says["at"])
