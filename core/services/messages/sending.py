"""Write messages: in the caller's transaction, in the recipient's language, sealed.

What is in the application is delivered by being written. What leaves goes through the outbox.
"""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import Model
from django.utils import timezone

from core import outbox
from core.encryption import unseal
from core.enums import DeliveryOutcome, MessageChannel, MessageStatus
from core.models import Message, MessageAddress, MessageOptOut
from core.notices import Notice
from core.selectors.messages import templates_in_force
from core.services.messages.drafting import (
    Order,
    Outside,
    check_address,
    drawn,
    language_of,
    make_order,
)
from core.services.messages.records import note_deliveries

TOPIC = "message"


@transaction.atomic
def send_message(
    *,
    template: str,
    to: Any,
    values: Mapping[str, Any],
    at: dt.datetime,
    channel: str = MessageChannel.IN_APP,
    urgent: bool = False,
    key: str = "",
    subject: Model | None = None,
    url: str = "",
) -> Message | None:
    """Send one message by one channel to a colleague or to an address (`Outside`).

    Returns the message; nothing where this recipient was told of the key already. What the
    recipient does not want is kept as declined and goes nowhere.

    Raises:
        Missing: no words of this kind are in force in the channel, or the kind is unknown.
        RuleBroken: a value is missing or not declared, the address is none, or a colleague has no
            address for the channel.
    Source: issue 3 (notifications), CRM-13 (opt-out honoured).
    """
    order = make_order(template, values, at, urgent=urgent, key=key, subject=subject, url=url)
    is_outside = isinstance(to, Outside)
    language = to.language if is_outside else language_of(to)
    words = templates_in_force(code=template, as_of=timezone.localdate(at))
    address = to.address if is_outside else ""
    if not is_outside and channel != MessageChannel.IN_APP:
        address = _addresses_of([to]).get((to.pk, channel), "")
    if is_outside or channel != MessageChannel.IN_APP:
        check_address(channel=channel, address=address)
    message = drawn(
        order, words.one(channel, language), None if is_outside else to, address, language
    )
    wanted = _wanted(order.notice, [message])
    sent = _written([message], order, wanted)
    return sent[0] if sent else None


@transaction.atomic
def tell(
    *,
    notice: str,
    people: Iterable[Any],
    values: Mapping[str, Any],
    at: dt.datetime,
    key: str = "",
    subject: Model | None = None,
    url: str = "",
) -> list[Message]:
    """Tell colleagues of something: in the application, and by the channels they gave addresses of.

    E-mail takes every kind that has words for it, short messages the urgent ones alone. Who does
    not want an optional kind is not disturbed by it. Values that are translated lazily are said in
    each recipient's language.

    Raises:
        Missing, RuleBroken: as `send_message` says.
    """
    told = list({person.pk: person for person in people}.values())
    if not told:
        return []
    order = make_order(notice, values, at, urgent=False, key=key, subject=subject, url=url)
    words = templates_in_force(code=notice, as_of=timezone.localdate(at))
    addresses = _addresses_of(told)
    drafts = []
    for person in told:
        language = language_of(person)
        inside = words.one(MessageChannel.IN_APP, language)
        drafts.append(drawn(order, inside, person, "", language))
        for channel in (MessageChannel.EMAIL, MessageChannel.SMS):
            address = addresses.get((person.pk, channel), "")
            found = words.find(channel, language)
            is_fit = channel == MessageChannel.EMAIL or order.is_urgent
            if address and found and is_fit:
                drafts.append(drawn(order, found, person, address, language))
    return _written(drafts, order, _wanted(order.notice, drafts))


def _wanted(notice: Notice, messages: Sequence[Message]) -> set[uuid.UUID]:
    """Return the numbers of the messages that their recipients did not decline."""
    if notice.is_mandatory:
        return {message.pk for message in messages}
    refused = MessageOptOut.objects.filter(code=notice.code)
    people = set(
        refused.filter(person__in=[each.to_id for each in messages if each.to_id]).values_list(
            "person_id", flat=True
        )
    )
    indexes = [each.address_index for each in messages if each.address_index is not None]
    outside = {
        bytes(index)
        for index in refused.filter(address_index__in=indexes).values_list(
            "address_index", flat=True
        )
    }
    return {
        each.pk
        for each in messages
        if each.to_id not in people
        and (each.address_index is None or bytes(each.address_index) not in outside)
    }


def _written(messages: Sequence[Message], order: Order, wanted: set[uuid.UUID]) -> list[Message]:
    for each in messages:
        if each.pk not in wanted:
            each.status, each.settled_at = MessageStatus.DECLINED, order.at
    fresh = _once(messages) if order.key else Message.objects.bulk_create(messages)
    going = [each for each in fresh if each.status == MessageStatus.WAITING]
    inside = [each for each in fresh if each.status == MessageStatus.DELIVERED]
    note_deliveries(
        messages=inside,
        outcome=DeliveryOutcome.DELIVERED,
        at=order.at,
        carrier=MessageChannel.IN_APP,
    )
    outbox.put(
        topic=TOPIC, entries=[(str(each.pk), each.not_before) for each in going], at=order.at
    )
    return list(fresh)


def _once(messages: Sequence[Message]) -> list[Message]:
    """Write those whose number is not taken, also where the taken one is not ours to see."""
    fresh = []
    for each in messages:
        try:
            with transaction.atomic():
                Message.objects.bulk_create([each])
        except IntegrityError as refusal:
            if "core_message_pkey" not in str(refusal):
                raise
        else:
            fresh.append(each)
    return fresh


def _addresses_of(people: Iterable[Any]) -> dict[tuple[int, str], str]:
    rows = MessageAddress.objects.filter(person__in=[person.pk for person in people])
    return {
        (row.person_id, row.channel): unseal(
            row.sealed_address,
            column="core_messageaddress.sealed_address",
            key=f"{row.person_id}:{row.channel}",
        )
        for row in rows
    }
