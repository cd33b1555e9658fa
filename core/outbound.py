"""The only way by which messages leave over HTTP: to named hosts, on public addresses, no detours.

The host must be on the list of the settings; its name is resolved once, every address must be a
public one, and the connection goes to the address that was looked at, so the name cannot lead
elsewhere a moment later. A redirect is an answer like any other and is not followed.
Source: safety.md A10 (SSRF).
"""

from __future__ import annotations

import http.client
import ipaddress
import json
import socket
import ssl
from collections.abc import Callable, Collection
from dataclasses import dataclass
from typing import Any
from urllib.parse import SplitResult, urlsplit

LONGEST_ANSWER = 1 << 16
SECONDS = 10


class Forbidden(Exception):
    """The address is none that this house calls."""


class NotSent(Exception):
    """Nothing was sent: no connection came about."""


class NoAnswer(Exception):
    """Something was sent, and no whole answer came back."""


@dataclass(frozen=True)
class Answer:
    """Status and body of an answer; the body is empty where it is no JSON table."""

    status: int
    body: dict[str, Any]


def is_public(address: str) -> bool:
    """Tell whether an address belongs to the public internet."""
    found = ipaddress.ip_address(address)
    mapped = getattr(found, "ipv4_mapped", None)
    return (mapped or found).is_global and not found.is_multicast


@dataclass(frozen=True, kw_only=True)
class Outbound:
    """Who may be called, and how an address is judged."""

    hosts: Collection[str]
    may_reach: Callable[[str], bool] = is_public
    trust: ssl.SSLContext | None = None

    def post(self, *, url: str, payload: dict[str, Any], headers: dict[str, str]) -> Answer:
        """Send a JSON table and return the answer, whatever its status.

        Raises:
            Forbidden: scheme, host or address is not allowed; nothing was sent.
            NotSent: no connection came about.
            NoAnswer: the answer did not come, or not whole.
        """
        parts = urlsplit(url)
        host, port = self._named(parts)
        line = _Pinned(host, port, self._address(host, port), self.trust)
        try:
            try:
                line.connect()
            except OSError as failure:
                raise NotSent(type(failure).__name__) from failure
            body = json.dumps(payload, ensure_ascii=False).encode()
            path = f"{parts.path or '/'}{'?' + parts.query if parts.query else ''}"
            try:
                line.request("POST", path, body, {"Content-Type": "application/json", **headers})
                answer = line.getresponse()
                received = answer.read(LONGEST_ANSWER + 1)
            except (OSError, http.client.HTTPException) as failure:
                raise NoAnswer(type(failure).__name__) from failure
        finally:
            line.close()
        return Answer(answer.status, _table(received))

    def _named(self, parts: SplitResult) -> tuple[str, int]:
        if parts.scheme != "https" or parts.username or parts.password:
            raise Forbidden("only https, and no names in the address")
        try:
            port = parts.port or 443
        except ValueError as wrong:
            raise Forbidden("no such port") from wrong
        if (parts.hostname or "") not in {host.lower() for host in self.hosts}:
            raise Forbidden("the host is not on the list OUTBOUND_HOSTS")
        return parts.hostname or "", port

    def _address(self, host: str, port: int) -> str:
        try:
            found = {row[4][0] for row in socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)}
        except OSError as failure:
            raise NotSent(type(failure).__name__) from failure
        if not all(self.may_reach(str(address)) for address in found):
            raise Forbidden("the host leads to an address that is not public")
        return str(min(found))


class _Pinned(http.client.HTTPSConnection):
    """Connects to one address; certificate and Host header are those of the name."""

    def __init__(self, host: str, port: int, address: str, trust: ssl.SSLContext | None):
        self._trust = trust or ssl.create_default_context()
        super().__init__(host, port, timeout=SECONDS, context=self._trust)
        self._address = address

    def connect(self) -> None:
        plain = socket.create_connection((self._address, self.port), SECONDS)
        self.sock = self._trust.wrap_socket(plain, server_hostname=self.host)


def _table(received: bytes) -> dict[str, Any]:
    if len(received) > LONGEST_ANSWER:
        return {}
    try:
        table = json.loads(received)
    except ValueError:
        return {}
    return table if isinstance(table, dict) else {}
