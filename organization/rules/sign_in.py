"""May somebody sign in from here, with this, at this time? The strictest of all roles counts."""

from __future__ import annotations

import datetime as dt
import ipaddress
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

DEVICE, HOURS, NETWORK = "device", "hours", "network"


@dataclass(frozen=True)
class Limit:
    """What one role allows. No hours and no networks mean: any."""

    devices: tuple[str, ...]
    opens_at: dt.time | None = None
    closes_at: dt.time | None = None
    networks: tuple[str, ...] = ()


def refusal_of(limits: Iterable[Limit], *, device: str, address: str, local_time: dt.time) -> str:
    """Return what forbids it (`device`, `hours`, `network`), or nothing where all limits allow it.

    `local_time` is that of Asia/Shanghai. Source: CRM-37.
    """
    for limit in limits:
        if device not in limit.devices:
            return DEVICE
        if not is_open(limit.opens_at, limit.closes_at, local_time):
            return HOURS
        if limit.networks and not is_within(limit.networks, address):
            return NETWORK
    return ""


def is_open(opens_at: dt.time | None, closes_at: dt.time | None, local_time: dt.time) -> bool:
    """Tell whether the time lies in `[opens_at, closes_at)`, which may run over midnight."""
    if opens_at is None or closes_at is None:
        return True
    if opens_at < closes_at:
        return opens_at <= local_time < closes_at
    return local_time >= opens_at or local_time < closes_at


def is_within(networks: Sequence[str], address: str) -> bool:
    """Tell whether the address lies in one of the networks (each ends in its CIDR range)."""
    ip = ipaddress.ip_address(address)
    return any(ip in ipaddress.ip_network(range_of(line)) for line in networks)


def range_of(line: str) -> str:
    """Return the CIDR range of a named network: the last word of `Beijing branch 10.1.0.0/16`."""
    return line.rsplit(maxsplit=1)[-1]


def unreadable_networks(lines: Iterable[str]) -> list[str]:
    """Return the lines that are no name followed by a CIDR range."""
    wrong = []
    for line in lines:
        words = line.split()
        try:
            ipaddress.ip_network(words[-1])
        except (ValueError, IndexError):
            wrong.append(line)
        else:
            if len(words) < 2:
                wrong.append(line)
    return wrong


def packed(limit: Limit) -> dict[str, object]:
    """Return the limit as JSON keeps it beside a session."""
    return {
        "devices": list(limit.devices),
        "hours": [limit.opens_at.isoformat(), limit.closes_at.isoformat()]
        if limit.opens_at and limit.closes_at
        else None,
        "networks": list(limit.networks),
    }


def unpacked(kept: dict[str, list[str]]) -> Limit:
    """Return the limit that `packed` wrote."""
    opens_at, closes_at = kept["hours"] or (None, None)
    return Limit(
        devices=tuple(kept["devices"]),
        opens_at=dt.time.fromisoformat(opens_at) if opens_at else None,
        closes_at=dt.time.fromisoformat(closes_at) if closes_at else None,
        networks=tuple(kept["networks"]),
    )
