"""From where and with what somebody comes: address, network and device of a request.

The device is what the browser says of itself: a hint for limits and alerts, never proof of anybody.
Behind proxies (`PROXY_HOPS`) the address is the one that our own outermost proxy wrote.
"""

from __future__ import annotations

import hashlib
import ipaddress
from dataclasses import dataclass

from django.conf import settings
from django.http import HttpRequest

PC, APP = "pc", "app"
NO_ADDRESS = "0.0.0.0"  # noqa: S104  (the unknown address, nothing listens on it)
_APP_WORDS = ("XinbaoApp", "Android", "iPhone", "iPad", "Mobile", "wxwork", "DingTalk")
_BROWSERS = (
    ("XinbaoApp", "Xinbao app"),
    ("wxwork", "WeCom"),
    ("DingTalk", "DingTalk"),
    ("Edg", "Edge"),
    ("OPR/", "Opera"),
    ("Firefox/", "Firefox"),
    ("Chrome/", "Chrome"),
    ("Safari/", "Safari"),
)
_SYSTEMS = (
    ("HarmonyOS", "HarmonyOS"),
    ("Android", "Android"),
    ("iPhone", "iOS"),
    ("iPad", "iPadOS"),
    ("Windows", "Windows"),
    ("Mac OS X", "macOS"),
    ("Linux", "Linux"),
)


@dataclass(frozen=True)
class Visitor:
    """Address and network as text, class of device (`pc`, `app`), its name and its fingerprint."""

    address: str
    network: str
    device: str
    device_name: str
    fingerprint: str


def visitor_of(request: HttpRequest) -> Visitor:
    """Return from where and with what the request comes."""
    agent = request.META.get("HTTP_USER_AGENT", "")[:400]
    address = address_of(request)
    return Visitor(
        address=address,
        network=network_of(address),
        device=APP if any(word in agent for word in _APP_WORDS) else PC,
        device_name=f"{_named(agent, _BROWSERS)} · {_named(agent, _SYSTEMS)}",
        fingerprint=hashlib.sha256(agent.encode()).hexdigest(),
    )


def address_of(request: HttpRequest) -> str:
    """Return the client's address; what a client writes into the header itself never counts."""
    hops = settings.PROXY_HOPS
    told = request.META.get("HTTP_X_FORWARDED_FOR", "").split(",") if hops else []
    given = told[-hops].strip() if 0 < hops <= len(told) else request.META.get("REMOTE_ADDR", "")
    try:
        return str(ipaddress.ip_address(given))
    except ValueError:
        return NO_ADDRESS


def network_of(address: str) -> str:
    """Return the neighbourhood of an address: /24 of IPv4, /64 of IPv6."""
    ip = ipaddress.ip_address(address)
    return str(ipaddress.ip_network(f"{ip}/{24 if ip.version == 4 else 64}", strict=False))


def _named(agent: str, words: tuple[tuple[str, str], ...]) -> str:
    return next((name for word, name in words if word in agent), "?")
