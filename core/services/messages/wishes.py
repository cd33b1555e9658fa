"""What people want to hear of, and where they are reached."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from core.encryption import seal
from core.errors import RuleBroken
from core.models import MessageAddress, MessageOptOut
from core.notices import notice_of, notices
from core.selectors.messages import addresses_of
from core.services.audit import record_audit
from core.services.messages.drafting import address_index, check_address


@transaction.atomic
def set_wishes(*, person: Any, declined: Collection[str], at: dt.datetime) -> None:
    """Set the optional kinds of message that a person does not want; the rest is wanted.

    Raises:
        RuleBroken: one of them is mandatory.
        Missing: one of them is unknown.
    Source: CRM-13 (opt-out honoured).
    """
    for code in declined:
        _check_optional(code)
    known = set(person.message_opt_outs.values_list("code", flat=True))
    gone = [each.code for each in notices() if each.code in known - set(declined)]
    person.message_opt_outs.filter(code__in=gone).delete()
    MessageOptOut.objects.bulk_create(
        (MessageOptOut(code=code, person=person, since=at) for code in set(declined) - known),
        ignore_conflicts=True,
    )
    record_audit(
        action="core.message_wishes", subject=person, by=person, at=at, declined=sorted(declined)
    )


@transaction.atomic
def stop_messages(*, notice: str, address: str, at: dt.datetime, by: Any = None) -> None:
    """Note that an address outside does not want a kind of message any more.

    Raises:
        RuleBroken: the kind is mandatory.
    Source: CRM-13.
    """
    _check_optional(notice)
    row, is_new = MessageOptOut.objects.get_or_create(
        code=notice, address_index=address_index(address), defaults={"since": at}
    )
    if is_new:
        record_audit(action="core.message_stopped", subject=row, by=by, at=at, notice=notice)


@transaction.atomic
def set_address(*, person: Any, channel: str, address: str, at: dt.datetime) -> bool:
    """Set, or with an empty text forget, where a person is reached; return whether it changed.

    Raises:
        RuleBroken: it is no address of the channel.
    """
    address = address.strip()
    if address == addresses_of(person=person).get(channel, ""):
        return False
    if not address:
        MessageAddress.objects.filter(person=person, channel=channel).delete()
    else:
        check_address(channel=channel, address=address)
        sealed = seal(
            address,
            column="core_messageaddress.sealed_address",
            key=f"{person.pk}:{channel}",
        )
        MessageAddress.objects.update_or_create(
            person=person,
            channel=channel,
            defaults={"sealed_address": sealed, "changed_at": at},
        )
    record_audit(
        action="core.message_address",
        subject=person,
        by=person,
        at=at,
        channel=channel,
        is_set=bool(address),
    )
    return True


def _check_optional(code: str) -> None:
    if notice_of(code).is_mandatory:
        raise RuleBroken("notice_mandatory", _("This kind of message cannot be declined."))
