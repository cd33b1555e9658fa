"""Writes of lenders."""

from __future__ import annotations

from django.db import transaction
from django.utils.translation import gettext

from core.errors import RuleBroken
from partners.models import Channel, Lender


@transaction.atomic
def admit_lender(*, code: str, name: str) -> Lender:
    """Enter a lender, or return the one that has this code.

    Raises:
        RuleBroken: the code or the name is empty or too long.
    """
    if not (0 < len(code) <= 20 and 0 < len(name) <= 120):
        raise RuleBroken(
            "lender_words",
            gettext("A lender needs a code (1-20 characters) and a name (1-120)."),
        )
    lender, _ = Lender.objects.get_or_create(code=code, defaults={"name": name})
    return lender


@transaction.atomic
def enter_channel(*, name: str) -> Channel:
    """Enter a channel under the name that lenders use, or return the one of this name."""
    channel, _ = Channel.objects.get_or_create(code=name[:40], defaults={"name": name})
    return channel
