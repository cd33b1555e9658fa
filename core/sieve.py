"""The sieve of the logs: the last step of every line, whoever wrote it. Source: A19, I9.

A processor of structlog that knows no Django, so that settings can name it. A value whose name is
that of a secret is hidden; every text is scrubbed; what is neither text nor number is scrubbed as
it would be printed.
"""

from __future__ import annotations

from collections.abc import Mapping, MutableMapping
from typing import Any

from core.masking import HIDDEN, is_secret_name, scrub_line

_DEEPEST = 6


def sieve(_logger: Any, _method: str, line: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    """Return the line without personal data and secrets."""
    return {str(name): _sifted(str(name), value, 0) for name, value in line.items()}


def _sifted(name: str, value: Any, depth: int) -> Any:
    if is_secret_name(name):
        return HIDDEN
    if value is None or isinstance(value, bool | float):
        return value
    if isinstance(value, int):
        text = str(value)
        clean = scrub_line(text)
        return value if clean == text else clean
    if depth < _DEEPEST and isinstance(value, Mapping):
        return {str(key): _sifted(str(key), each, depth + 1) for key, each in value.items()}
    if depth < _DEEPEST and isinstance(value, list | tuple | set | frozenset):
        return [_sifted("", each, depth + 1) for each in value]
    return scrub_line(value if isinstance(value, str) else str(value))
