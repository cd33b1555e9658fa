"""Deliver what waits in the outbox: say that an attempt begins, call the channel, say how it ended.

Not one transaction: that an attempt began is committed before the channel is called. Whoever finds
an attempt begun and not ended knows that its process died between. A short message is then unclear
and waits for a person, for nobody may be told twice of a debt; an e-mail carries its number, and
is given to its channel again.
"""

from __future__ import annotations

import datetime as dt

from django.db import transaction
from django.utils import timezone

from core.channels import Down, Parcel, Refused, Unclear, carrier_of
from core.enums import DeliveryOutcome, MessageChannel, MessageStatus
from core.events import MessageInDoubt, message_in_doubt
from core.models import Message, OutboxEntry
from core.models.messages import OPEN
from core.selectors.messages import address_of, words_of
from core.selectors.parameters import parameters_under
from core.services.messages.clearing import CLEARABLE
from core.services.messages.records import note_deliveries
from core.services.messages.sending import TOPIC
from core.wording import clean

__all__ = ["TOPIC", "deliver"]
SUBJECT, BODY = 200, 4000
ONCE_ONLY = {MessageChannel.SMS}


def deliver(entry: OutboxEntry, at: dt.datetime) -> dt.datetime | None:
    """Drive one message; return when to try again, or nothing.

    Source: safety.md I6, R3 (what is unclear is never repeated by itself), R4.
    """
    begun = _begin(entry.subject, at)
    if begun is None:
        return None
    message, attempt = begun
    carrier = carrier_of(message.channel)
    words = {"attempt": attempt, "at": at, "carrier": carrier.name}
    try:
        receipt = carrier.deliver(_parcel(message))
    except Refused as refusal:
        return _end(message, DeliveryOutcome.FAILED, str(refusal), **words)
    except Down as failure:
        again = _again(attempt, at)
        status = MessageStatus.WAITING if again else MessageStatus.FAILED
        words |= {"status": status, "again": again}
        return _end(message, DeliveryOutcome.FAILED, str(failure), **words)
    except Unclear as failure:
        return _end(message, DeliveryOutcome.UNCLEAR, str(failure), **words)
    return _end(message, DeliveryOutcome.DELIVERED, receipt, **words)


@transaction.atomic
def _begin(number: str, at: dt.datetime) -> tuple[Message, int] | None:
    """Say that an attempt begins; nothing where there is nothing to do."""
    message = (
        Message.objects.select_for_update(of=("self",))
        .select_related("template")
        .filter(pk=number, status__in=OPEN)
        .first()
    )
    if message is None:
        return None
    made = message.deliveries.filter(outcome=DeliveryOutcome.STARTED).count()
    if message.status == MessageStatus.SENDING and message.channel in ONCE_ONLY:
        _end(message, DeliveryOutcome.UNCLEAR, "the process died", attempt=made, at=at)
        return None
    message.status = MessageStatus.SENDING
    message.save(update_fields=["status"])
    note_deliveries(messages=[message], outcome=DeliveryOutcome.STARTED, at=at, attempt=made + 1)
    return message, made + 1


@transaction.atomic
def _end(
    message: Message,
    outcome: DeliveryOutcome,
    receipt: str,
    *,
    attempt: int,
    at: dt.datetime,
    carrier: str = "",
    status: str = "",
    again: dt.datetime | None = None,
) -> dt.datetime | None:
    message.status = status or outcome.value
    message.settled_at = None if message.status in OPEN else at
    message.save(update_fields=["status", "settled_at"])
    note_deliveries(
        messages=[message],
        outcome=outcome,
        at=at,
        attempt=attempt,
        carrier=carrier,
        receipt=receipt,
    )
    if message.status in CLEARABLE:
        words = {"channel": message.channel, "status": message.status}
        message_in_doubt.send(Message, event=MessageInDoubt(message_id=message.pk, at=at, **words))
    return again


def _parcel(message: Message) -> Parcel:
    words = words_of(message)
    body = (
        words.body if message.channel == MessageChannel.EMAIL else clean(words.body, at_most=BODY)
    )
    return Parcel(
        key=str(message.pk),
        address=address_of(message),
        subject=clean(words.subject, at_most=SUBJECT),
        body=body,
    )


def _again(attempt: int, at: dt.datetime) -> dt.datetime | None:
    """Return when to try again, later each time; nothing after the last attempt."""
    figures = parameters_under(prefix="notify.", as_of=timezone.localdate(at))
    if attempt >= int(figures["most_attempts"]):
        return None
    seconds = int(figures["backoff_seconds"]) * 2 ** (attempt - 1)
    return at + dt.timedelta(seconds=min(seconds, int(figures["backoff_most_seconds"])))
