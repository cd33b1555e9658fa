"""The ways by which messages leave: e-mail, and short messages by a gateway or into a folder."""

from __future__ import annotations

from collections.abc import Callable

from django.conf import settings

from core.channels.base import Carrier, Down, Parcel, Refused, Unclear
from core.channels.folder import FolderSms
from core.channels.gateway import Gateway
from core.channels.mail import Mail
from core.enums import MessageChannel
from core.outbound import Outbound

__all__ = [
    "Carrier",
    "Down",
    "Parcel",
    "Refused",
    "Unclear",
    "carrier_of",
    "register_carrier",
]


def _sms() -> Carrier:
    if not settings.SMS_URL:
        return FolderSms()
    outbound = Outbound(hosts=settings.OUTBOUND_HOSTS)
    return Gateway(url=settings.SMS_URL, token=settings.SMS_TOKEN, outbound=outbound)


_carriers: dict[str, Callable[[], Carrier]] = {
    MessageChannel.EMAIL: Mail,
    MessageChannel.SMS: _sms,
}


def register_carrier(channel: str, make: Callable[[], Carrier]) -> None:
    """Let another carrier serve a channel (an app of the house, a deployment of its own)."""
    _carriers[channel] = make


def carrier_of(channel: str) -> Carrier:
    """Return the carrier that serves a channel."""
    return _carriers[channel]()
