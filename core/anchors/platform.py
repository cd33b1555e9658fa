"""A deposit platform over HTTP: `{"digest": …}` in, `{"digest", "receipt_no", "at"}` out.

The shape is ours; a platform's own form is put behind this class when a contract with one exists
(EVID-17). What it answers is kept word for word.
"""

from __future__ import annotations

import datetime as dt
import json

from core.anchors.base import BadReceipt
from core.anchors.web import post
from core.canonical import canonical
from core.enums import AnchorKind


class PlatformAnchor:
    """Deposit the root, keep the answer."""

    kind = AnchorKind.PLATFORM.value

    def __init__(self, url: str):
        self.url = url

    def submit(self, *, root: bytes, at: dt.datetime) -> tuple[bytes, dt.datetime | None]:
        """Send the root and nothing else."""
        body = canonical({"digest": root.hex(), "algorithm": "sha256"})
        receipt = post(url=self.url, body=body, content_type="application/json")
        return receipt, self.verify(root=root, receipt=receipt)

    def verify(self, *, root: bytes, receipt: bytes) -> dt.datetime | None:
        """Check that the receipt names this root, a number and an instant."""
        try:
            says = json.loads(receipt)
            attested = dt.datetime.fromisoformat(says["at"])
            number = says["receipt_no"]
        except (ValueError, KeyError, TypeError, AttributeError) as wrong:
            raise BadReceipt("the receipt cannot be read") from wrong
        if says.get("digest") != root.hex() or not number or attested.tzinfo is None:
            raise BadReceipt("the receipt is of another root")
        return attested
