"""What is unclear or failed, a person decides: it arrived after all, or it is sent again."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from core import outbox
from core.enums import DeliveryOutcome, MessageStatus
from core.errors import RuleBroken, WrongState
from core.models import Message
from core.services.messages.records import note_deliveries
from core.services.messages.sending import TOPIC

CLEARABLE = (MessageStatus.UNCLEAR, MessageStatus.FAILED)


@transaction.atomic
def clear_delivery(
    *, message: Message, has_arrived: bool, remark: str, by: Any, at: dt.datetime
) -> Message:
    """Say of an unclear or failed message that it arrived, or send it again. Asks no permission.

    Raises:
        WrongState: its delivery is neither unclear nor failed.
        RuleBroken: nothing is said about how one knows.
    """
    locked = (
        Message.objects.select_for_update(of=("self",))
        .select_related("template")
        .get(pk=message.pk)
    )
    if locked.status not in CLEARABLE:
        raise WrongState("delivery_clear", _("The delivery of this message is not in doubt."))
    if not remark.strip():
        raise RuleBroken("remark_missing", _("Say how you know."), field="remark")
    attempt = locked.deliveries.filter(outcome=DeliveryOutcome.STARTED).count()
    locked.status = MessageStatus.DELIVERED if has_arrived else MessageStatus.WAITING
    locked.settled_at = at if has_arrived else None
    locked.save(update_fields=["status", "settled_at"])
    outcome = DeliveryOutcome.CONFIRMED if has_arrived else DeliveryOutcome.AGAIN
    note_deliveries(
        messages=[locked], outcome=outcome, at=at, attempt=attempt, by=by, remark=remark.strip()
    )
    if not has_arrived:
        outbox.put(topic=TOPIC, entries=[(str(locked.pk), at)], at=at)
    return locked
