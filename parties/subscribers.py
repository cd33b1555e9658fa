"""What the parties answer when the organisation asks who is who."""

from __future__ import annotations

from django.db import connection

from organization.events import IdentitiesAskedAbout, PartiesAskedAbout
from parties.models import PersonRequest

Pairs = list[tuple[str, bytes]]


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
