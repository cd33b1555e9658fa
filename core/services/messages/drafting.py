"""Draw a message up: in the recipient's language, sealed, not yet written."""

from __future__ import annotations

import datetime as dt
import json
import re
import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.db.models import Model
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from core.encryption import blind_index, seal
from core.enums import MessageChannel, MessageStatus
from core.errors import RuleBroken
from core.masking import scrub
from core.models import Message, MessageTemplate
from core.notices import Notice, notice_of
from core.quiet import after_quiet
from core.selectors.parameters import parameters_under
from core.wording import clean

PURPOSE = "message address"
NAMESPACE = uuid.UUID("6f1f3c1e-6a55-5d0e-9c4b-5a1d5a3c7b10")
_EMAIL = re.compile(r"[^@\s<>,;:\"\\]+@[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)+")
_PHONE = re.compile(r"\+?[0-9]{6,15}")
_PAGE = re.compile(r"/(?!/)[^\s\\]*")


@dataclass(frozen=True, kw_only=True)
class Outside:
    """A recipient who is no colleague: an address, and the language that is spoken there."""

    address: str
    language: str = settings.LANGUAGE_CODE


@dataclass(frozen=True, kw_only=True)
class Order:
    """What one call sends, whoever gets it."""

    notice: Notice
    values: Mapping[str, Any]
    at: dt.datetime
    is_urgent: bool
    key: str
    subject: Model | None
    url: str


def check_address(*, channel: str, address: str) -> None:
    """Refuse what is no address of the channel.

    Raises:
        RuleBroken: as said; the address is not repeated.
    """
    shape = {MessageChannel.EMAIL: _EMAIL, MessageChannel.SMS: _PHONE}.get(channel)
    if shape is None or not shape.fullmatch(address) or len(address) > 120:
        raise RuleBroken(
            "address_unfit", _("This is no address for the channel."), field=str(channel)
        )


def address_index(address: str) -> bytes:
    """Return the blind index by which an address outside is known."""
    return blind_index(address.lower(), purpose=PURPOSE)


def make_order(
    code: str,
    values: Mapping[str, Any],
    at: dt.datetime,
    *,
    urgent: bool,
    key: str,
    subject: Model | None,
    url: str,
) -> Order:
    """Check what one call sends, whoever gets it.

    Raises:
        Missing: the kind is unknown.
        RuleBroken: a value is missing or not declared, or the page is none of ours.
    """
    notice = notice_of(code)
    given, declared = set(values), set(notice.samples)
    if given != declared:
        raise RuleBroken(
            "values_unfit",
            _("The message “%(code)s” takes exactly these values: %(names)s.")
            % {"code": code, "names": ", ".join(sorted(declared))},
        )
    if url and not _PAGE.fullmatch(url):
        raise RuleBroken("url_unfit", _("A message leads to a page of ours or nowhere."))
    return Order(
        notice=notice,
        values=values,
        at=at,
        is_urgent=urgent or notice.is_urgent,
        key=key,
        subject=subject,
        url=url,
    )


def drawn(
    order: Order, template: MessageTemplate, person: Any, address: str, language: str
) -> Message:
    """Return the message, not yet written; what leaves the house waits for its hour."""
    is_inside = template.channel == MessageChannel.IN_APP
    index = None if person is not None else address_index(address)
    number = _number(template, person, index, order.key)
    status = MessageStatus.DELIVERED if is_inside else MessageStatus.WAITING
    return Message(
        id=number,
        template=template,
        channel=template.channel,
        to=person,
        sealed_address=None if is_inside else _sealed(address, "sealed_address", number),
        address_index=index,
        sealed_values=_sealed(
            json.dumps(_said(order.values, language, person), ensure_ascii=False),
            "sealed_values",
            number,
        ),
        subject_type=order.subject._meta.label_lower if order.subject else "",
        subject_id=str(order.subject.pk) if order.subject else "",
        url=order.url,
        key=order.key,
        is_urgent=order.is_urgent,
        status=status,
        created_at=order.at,
        not_before=order.at if is_inside else _when(order),
        settled_at=order.at if is_inside else None,
    )


def _number(template: MessageTemplate, person: Any, index: bytes | None, key: str) -> uuid.UUID:
    if not key:
        return uuid.uuid4()
    who = f"staff {person.pk}" if person is not None else f"outside {(index or b'').hex()}"
    return uuid.uuid5(NAMESPACE, f"{template.code}\n{template.channel}\n{who}\n{key}")


def _said(values: Mapping[str, Any], language: str, person: Any) -> dict[str, str]:
    """Return the values as texts in a language; colleagues are told no personal numbers."""
    with translation.override(language):
        texts = {name: clean(_text(value)) for name, value in values.items()}
    return texts if person is None else {name: scrub(text) for name, text in texts.items()}


def _text(value: Any) -> str:
    if isinstance(value, dt.datetime):
        return f"{timezone.localtime(value):%Y-%m-%d %H:%M}"
    return str(value)


def _when(order: Order) -> dt.datetime:
    """Return when an outside channel may be used: urgent words at once, others not by night."""
    if order.is_urgent:
        return order.at
    hours = parameters_under(prefix="notify.quiet_", as_of=timezone.localdate(order.at))
    begins, ends = (dt.time.fromisoformat(hours[name]) for name in ("from", "to"))
    return after_quiet(local=timezone.localtime(order.at), begins=begins, ends=ends)


def _sealed(text: str, column: str, number: uuid.UUID) -> bytes:
    return seal(text, column=f"core_message.{column}", key=str(number))


def language_of(person: Any) -> str:
    """Return the language in which a colleague is told things."""
    is_known = person.language in dict(settings.LANGUAGES)
    return person.language if is_known else settings.LANGUAGE_CODE
