"""Note that somebody read what they were told."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.db import transaction

from core.enums import DeliveryOutcome, MessageChannel
from core.models import Message
from core.selectors.messages import messages_to
from core.services.messages.records import note_deliveries

AT_ONCE = 1000


@transaction.atomic
def read_message(*, message: Message, by: Any, at: dt.datetime) -> Message:
    """Note that its recipient read a message; again, nothing happens."""
    return (_read(by, at, pk=message.pk) or [message])[0]


@transaction.atomic
def read_all(*, by: Any, at: dt.datetime) -> int:
    """Note that a person read everything told so far; return how many messages that were."""
    return len(_read(by, at, created_at__lte=at))


def _read(by: Any, at: dt.datetime, **which: object) -> list[Message]:
    unread = messages_to(person=by, is_unread=True).filter(**which)
    rows = list(unread.select_for_update(of=("self",))[:AT_ONCE])
    for each in rows:
        each.read_at = at
    Message.objects.filter(pk__in=[each.pk for each in rows]).update(read_at=at)
    note_deliveries(
        messages=rows,
        outcome=DeliveryOutcome.READ,
        at=at,
        carrier=MessageChannel.IN_APP,
        by=by,
    )
    return rows
