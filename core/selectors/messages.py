"""Reads of messages, their words, their deliveries, and of the register of templates."""

from __future__ import annotations

import datetime as dt
import json
import uuid
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.db.models import F, QuerySet
from django.utils.translation import gettext as _

from core.encryption import unseal
from core.enums import MessageChannel, MessageStatus, TemplateStatus
from core.errors import Missing
from core.models import Delivery, Message, MessageAddress, MessageTemplate
from core.wording import fill


@dataclass(frozen=True)
class Words:
    """What a message says."""

    subject: str
    body: str


@dataclass(frozen=True)
class InForce:
    """The words of one kind of message in force on a day, by channel and language."""

    code: str
    by_place: Mapping[tuple[str, str], MessageTemplate]

    def find(self, channel: str, language: str) -> MessageTemplate | None:
        """Return the words, in the house's language where there are none in the one asked for."""
        found = self.by_place.get((str(channel), language))
        return found or self.by_place.get((str(channel), settings.LANGUAGE_CODE))

    def one(self, channel: str, language: str) -> MessageTemplate:
        """Return the words.

        Raises:
            Missing: there are none in the channel.
        """
        found = self.find(channel, language)
        if found is None:
            raise Missing(
                "template_missing",
                _("No words for “%(code)s” are in force in the channel “%(channel)s”.")
                % {"code": self.code, "channel": MessageChannel(channel).label},
            )
        return found


def templates_in_force(*, code: str, as_of: dt.date) -> InForce:
    """Return the approved words of a kind on the day: of each place the latest first day."""
    rows = (
        MessageTemplate.objects.filter(
            code=code, status=TemplateStatus.APPROVED, valid_from__lte=as_of
        )
        .order_by("channel", "language", "-valid_from", "-version")
        .distinct("channel", "language")
    )
    return InForce(code, {(row.channel, row.language): row for row in rows})


def template_register(*, as_of: dt.date) -> QuerySet[MessageTemplate]:
    """Return the words in force on the day, one row a place, by code, channel and language."""
    chosen = (
        MessageTemplate.objects.filter(status=TemplateStatus.APPROVED, valid_from__lte=as_of)
        .order_by("code", "channel", "language", "-valid_from", "-version")
        .distinct("code", "channel", "language")
    )
    return MessageTemplate.objects.filter(pk__in=chosen.values("pk")).order_by(
        "code", "channel", "language"
    )


def template_proposals() -> QuerySet[MessageTemplate]:
    """Return the versions that wait for a decision, oldest first."""
    return (
        MessageTemplate.objects.filter(status=TemplateStatus.PROPOSED)
        .select_related("proposed_by")
        .order_by("proposed_at", "pk")
    )


def template_of(*, pk: int) -> MessageTemplate:
    """Return one version.

    Raises:
        Missing: there is none.
    """
    row = MessageTemplate.objects.filter(pk=pk).select_related("proposed_by", "decided_by").first()
    if row is None:
        raise Missing("template_missing", _("There is no such template."))
    return row


def template_versions(*, template: MessageTemplate) -> QuerySet[MessageTemplate]:
    """Return every version of the same place, newest first."""
    return (
        MessageTemplate.objects.filter(
            code=template.code, channel=template.channel, language=template.language
        )
        .select_related("proposed_by", "decided_by")
        .order_by("-version")
    )


def messages_to(*, person: Any, is_unread: bool = False) -> QuerySet[Message]:
    """Return what a person was told in the application: unread first, then newest first."""
    rows = Message.objects.filter(
        to=person, channel=MessageChannel.IN_APP, status=MessageStatus.DELIVERED
    ).select_related("template")
    if is_unread:
        rows = rows.filter(read_at__isnull=True)
    return rows.order_by(F("read_at").desc(nulls_first=True), "-created_at", "-pk")


def unread_count(*, person: Any) -> int:
    """Count what a person has not read."""
    return messages_to(person=person, is_unread=True).order_by().count()


def message_to(*, person: Any, pk: uuid.UUID) -> Message:
    """Return one message of the person.

    Raises:
        Missing: it does not exist or is somebody else's.
    """
    row = messages_to(person=person).filter(pk=pk).first()
    if row is None:
        raise Missing("message_missing", _("There is no such message."))
    return row


def words_of(message: Message) -> Words:
    """Return what a message says, opened."""
    values = json.loads(
        unseal(message.sealed_values, column="core_message.sealed_values", key=str(message.pk))
    )
    return Words(
        subject=fill(message.template.subject, values), body=fill(message.template.body, values)
    )


def address_of(message: Message) -> str:
    """Return where a message goes, opened; nothing where it stays in the application."""
    if message.sealed_address is None:
        return ""
    column = "core_message.sealed_address"
    return unseal(message.sealed_address, column=column, key=str(message.pk))


def all_messages(*, status: str = "", channel: str = "") -> QuerySet[Message]:
    """Return every message with recipient and template, newest first; for who looks after them."""
    rows = Message.objects.select_related("template", "to")
    if status:
        rows = rows.filter(status=status)
    if channel:
        rows = rows.filter(channel=channel)
    return rows.order_by("-created_at", "-pk")


def any_message(*, pk: uuid.UUID) -> Message:
    """Return one message, whoever's.

    Raises:
        Missing: it does not exist.
    """
    row = all_messages().filter(pk=pk).first()
    if row is None:
        raise Missing("message_missing", _("There is no such message."))
    return row


def deliveries_of(*, message: Message) -> list[Delivery]:
    """Return what is known of the attempts, in order."""
    return list(message.deliveries.select_related("by").order_by("at", "attempt", "pk"))


def addresses_of(*, person: Any) -> dict[str, str]:
    """Return a person's own addresses by channel, opened."""
    column = "core_messageaddress.sealed_address"
    return {
        row.channel: unseal(row.sealed_address, column=column, key=f"{row.person_id}:{row.channel}")
        for row in MessageAddress.objects.filter(person=person)
    }


def declined_by(*, person: Any) -> set[str]:
    """Return the kinds that a person does not want."""
    return set(person.message_opt_outs.values_list("code", flat=True))


def samples(texts: Iterable[tuple[str, Any]]) -> dict[str, str]:
    """Return sample values as texts."""
    return {name: str(value) for name, value in texts}
