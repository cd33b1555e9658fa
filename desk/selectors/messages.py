"""What the message pages show: words opened for their reader, samples for who writes them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.utils import translation

from core.enums import MessageChannel
from core.errors import Missing
from core.masking import mask
from core.models import Message, MessageTemplate
from core.notices import Notice, notice_of, notices
from core.selectors.messages import Words, address_of, words_of
from core.wording import clean, fill


@dataclass(frozen=True)
class Told:
    """A message of the reader's, with what it says."""

    message: Message
    words: Words


@dataclass(frozen=True)
class Version:
    """A version of words, with the kind's name and its values."""

    row: MessageTemplate
    title: Any
    language: str
    preview: Words
    places: list[str]


def opened(messages: Iterable[Message]) -> list[Told]:
    """Return messages of the reader with their words."""
    return [Told(each, words_of(each)) for each in messages]


def optional_notices() -> list[Notice]:
    """Return the kinds of message that may be declined."""
    return [each for each in notices() if not each.is_mandatory]


def title_of(code: str) -> Any:
    """Return what a kind of message is called; its code where nobody sends it any more."""
    try:
        return notice_of(code).title
    except Missing:
        return code


def version_of(row: MessageTemplate) -> Version:
    """Return a version of words as it reads with sample values, in its own language."""
    return Version(
        row=row,
        title=title_of(row.code),
        language=dict(settings.LANGUAGES)[row.language],
        preview=preview_of(
            code=row.code, language=row.language, subject=row.subject, body=row.body
        ),
        places=[f"{{{name}}}" for name in row.placeholders],
    )


def preview_of(*, code: str, language: str, subject: str, body: str) -> Words:
    """Return words with the sample values of their kind in them."""
    try:
        texts = notice_of(code).samples
    except Missing:
        texts = {}
    with translation.override(language):
        samples = {name: clean(value) for name, value in texts.items()}
    return Words(fill(subject, samples), fill(body, samples))


def recipient_of(message: Message) -> str:
    """Return who was told: a colleague by name, an address outside masked."""
    if message.to is not None:
        return message.to.name
    kind = "email" if message.channel == MessageChannel.EMAIL else "phone"
    return mask(address_of(message), kind)
