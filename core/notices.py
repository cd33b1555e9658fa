"""What the house tells people: each kind of message is registered by the app that sends it.

An app says in `ready()` what it will tell, which values it gives, and a sample of each:

    notices.register(Notice(
        code="job_done", title=_("A job of mine is done"), samples={"title": "…"}
    ))

Words stand in `MessageTemplate`; a template may use the values declared here and no others.
A mandatory notice cannot be declined; an urgent one is sent by every channel, at any hour.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from core.errors import Missing


@dataclass(frozen=True, kw_only=True)
class Notice:
    """A kind of message: what it is called, the values that it gives (with a sample of each)."""

    code: str
    title: Any
    samples: Mapping[str, Any]
    is_mandatory: bool = False
    is_urgent: bool = False


_notices: dict[str, Notice] = {}


def register(notice: Notice) -> None:
    """Make a kind of message known."""
    _notices[notice.code] = notice


def notice_of(code: str) -> Notice:
    """Return a kind of message.

    Raises:
        Missing: nobody registered it.
    """
    if code not in _notices:
        raise Missing("notice_missing", _("There is no such kind of message."))
    return _notices[code]


def notices() -> list[Notice]:
    """Return every kind of message, by code."""
    return [_notices[code] for code in sorted(_notices)]
