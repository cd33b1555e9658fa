"""What a channel is: it takes a parcel and answers with a receipt, or says what went wrong.

The parcel's key is the message's number. A carrier that can be asked twice with one key delivers
once: the folder does, a gateway is told the key and must.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol


@dataclass(frozen=True, kw_only=True)
class Parcel:
    """What goes out: to an address, under a key, in words that were made fit for the channel."""

    key: str
    address: str
    subject: str
    body: str


class Carrier(Protocol):
    """One way out."""

    name: str

    def deliver(self, parcel: Parcel) -> str:
        """Deliver and return the channel's receipt.

        Raises:
            Refused: it will never be taken.
            Down: nothing was taken now; it may be tried again.
            Unclear: nobody knows whether it was taken.
        """
        ...


class Refused(Exception):
    """The channel will never take this."""


class Down(Exception):
    """The channel took nothing; later it may."""


class Unclear(Exception):
    """The channel was called and nobody knows what became of it."""
