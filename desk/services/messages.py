"""Messages by those who may: words, doubtful deliveries, the own addresses."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping

from django.db import transaction
from django.urls import reverse

from core.enums import MessageChannel
from core.models import Message, MessageTemplate
from core.selectors.messages import addresses_of
from core.services import messages, tell
from desk.permissions import check_clear_delivery, check_decide_template
from organization.enums import Permission
from organization.models import Staff
from organization.permissions import check
from organization.services.awaiting import align_work


@transaction.atomic
def propose_template(*, by: Staff, at: dt.datetime, **words: object) -> MessageTemplate:
    """Propose a version of the words. Refusals: `core.services.messages`.

    Raises:
        NotPermitted: the person does not edit templates.
    """
    check(by, Permission.MANAGE_TEMPLATES)
    template = messages.propose_template(by=by, at=at, **words)
    align_work(subjects=[template], by=by, at=at)
    return template


@transaction.atomic
def decide_template(
    *, template: MessageTemplate, is_approved: bool, remark: str, by: Staff, at: dt.datetime
) -> MessageTemplate:
    """Approve or reject a proposed version. Refusals: `core.services.messages`.

    Raises:
        NotPermitted: the person neither edits templates nor approves registers, or proposed it.
    """
    check_decide_template(by, template=template)
    decided = messages.decide_template(
        template=template, is_approved=is_approved, remark=remark, by=by, at=at
    )
    align_work(subjects=[decided], by=by, at=at, outcome=decided.status)
    return decided


@transaction.atomic
def clear_delivery(
    *, message: Message, has_arrived: bool, remark: str, by: Staff, at: dt.datetime
) -> Message:
    """Say of a doubtful delivery that it arrived, or send the message again.

    Raises:
        NotPermitted: the person does not look after delivery.
        WrongState, RuleBroken: as `core.services.messages` says.
    """
    check_clear_delivery(by)
    return messages.clear_delivery(
        message=message, has_arrived=has_arrived, remark=remark, by=by, at=at
    )


@transaction.atomic
def change_addresses(*, staff: Staff, addresses: Mapping[str, str], at: dt.datetime) -> int:
    """Set where a person is reached; the addresses before are told. Return how many changed.

    Raises:
        RuleBroken: one of them is no address of its channel.
    """
    known = addresses_of(person=staff)
    changed = [name for name, text in addresses.items() if text.strip() != known.get(name, "")]
    for channel in changed:
        tell(
            notice="account_address",
            people=[staff],
            values={"channel": MessageChannel(channel).label, "time": at},
            at=at,
            subject=staff,
            url=reverse("desk:message_addresses"),
        )
    for channel in changed:
        messages.set_address(person=staff, channel=channel, address=addresses[channel], at=at)
    return len(changed)
