"""Reads of what was unmasked."""

from __future__ import annotations

from django.db.models import QuerySet

from organization.models import Staff
from parties.models import Reveal
from parties.permissions import may_watch_use


def reveals_for(*, staff: Staff) -> QuerySet[Reveal]:
    """Return reveals, newest first: the own ones, or everybody's for those who watch over use."""
    found = Reveal.objects.select_related("by", "unit").order_by("-at", "-pk")
    return found if may_watch_use(staff) else found.filter(by=staff)
