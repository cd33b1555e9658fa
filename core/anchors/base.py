"""What every anchor can do."""

from __future__ import annotations

import datetime as dt
from typing import Protocol


class AnchorDown(Exception):
    """The anchor does not answer, or not now."""


class BadReceipt(Exception):
    """The receipt does not prove this root."""


class Anchor(Protocol):
    """A place outside that attests to a root: bytes in, a receipt out."""

    kind: str

    def submit(self, *, root: bytes, at: dt.datetime) -> tuple[bytes, dt.datetime | None]:
        """Deposit a root; return the receipt and the instant that it attests.

        Raises:
            AnchorDown: no answer.
            BadReceipt: the answer proves something else.
        """

    def verify(self, *, root: bytes, receipt: bytes) -> dt.datetime | None:
        """Check a receipt; return the instant that it attests.

        Raises:
            BadReceipt: it does not prove this root.
            AnchorDown: it cannot be checked now.
        """
