"""A word about an attempt, with its audit record."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from typing import Any

from core.enums import DeliveryOutcome
from core.models import Delivery, Message
from core.services.audit import audit_record, record_audits


def note_deliveries(
    *,
    messages: Iterable[Message],
    outcome: DeliveryOutcome,
    at: dt.datetime,
    attempt: int = 1,
    carrier: str = "",
    receipt: str = "",
    by: Any = None,
    remark: str = "",
) -> None:
    """Append what became of an attempt, for messages with their templates, in two statements.

    The audit names template, channel and receipt; neither recipient nor words.
    """
    rows = list(messages)
    Delivery.objects.bulk_create(
        Delivery(
            message=message,
            attempt=attempt,
            outcome=outcome,
            carrier=carrier,
            receipt=receipt[:200],
            by=by,
            at=at,
            remark=remark,
        )
        for message in rows
    )
    record_audits(
        records=[
            audit_record(
                action=f"core.message_{outcome}",
                subject=message,
                by=by,
                at=at,
                reason=remark,
                template=message.template.code,
                version=message.template.version,
                language=message.template.language,
                channel=message.channel,
                attempt=attempt,
                carrier=carrier,
                receipt=receipt[:200],
            )
            for message in rows
        ]
    )
