"""What the parties answer to the organisation: who is who, and what a leaver took along."""

from __future__ import annotations

from django.db import connection
from django.dispatch import receiver
from django.urls import reverse
from django.utils.translation import gettext as _

from organization.events import (
    IdentitiesAskedAbout,
    LeaverAskedAbout,
    LeaverThing,
    PartiesAskedAbout,
    leaver_asked_about,
)
from parties.enums import ExportStatus
from parties.models import PersonRequest
from parties.selectors.exports import exports_of_leaver

Pairs = list[tuple[str, bytes]]


@receiver(leaver_asked_about, dispatch_uid="parties.exports_of_leaver")
def answer_with_exports(event: LeaverAskedAbout, **_words: object) -> list[LeaverThing]:
    """Tell number, kind and size of each export, and what becomes of those that still wait."""
    becomes = {
        ExportStatus.WAITING: _("cannot be approved any more"),
        ExportStatus.CLEARED: _("is fetched by nobody"),
        ExportStatus.TURNED_DOWN: _("was turned down"),
        ExportStatus.MADE: _("left the house"),
    }
    return [
        LeaverThing(
            label=_("Export"),
            title=_("%(number)s · %(day)s · %(rows)s rows")
            % {
                "number": export.number,
                "day": f"{export.asked_at:%Y-%m-%d}",
                "rows": f"{export.rows:,}",
            },
            url=reverse("parties:export", args=[export.pk]),
            becomes=becomes[ExportStatus(export.status)],
            is_taken=True,
        )
        for export in exports_of_leaver(staff_id=event.staff_id, since=event.since)
    ]


def same_parties(*, event: IdentitiesAskedAbout, **_words: object) -> Pairs:
    """Answer every index by which the same persons and enterprises are known here; one query."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT kind, idx FROM parties_same_as(%s)", [[index for _, index in event.pairs]]
        )
        return [(kind, bytes(index)) for kind, index in cursor.fetchall()]


def party_of_request(*, event: PartiesAskedAbout, **_words: object) -> Pairs:
    """Answer whose data a request is about."""
    if event.subject_type != PersonRequest._meta.label_lower:
        return []
    with connection.cursor() as cursor:
        cursor.execute("SELECT parties_request_index(%s)", [int(event.subject_id)])
        (index,) = cursor.fetchone()
    return [] if index is None else [("document", bytes(index))]
