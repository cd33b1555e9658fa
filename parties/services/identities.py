"""Writes of identities."""

from __future__ import annotations

from collections.abc import Mapping

from django.db import connection, transaction
from psycopg2.extras import execute_values

from core.encryption import blind_index, normalise, seal
from parties.rules import kind_of_document
from parties.selectors.identities import DOCUMENT, NAME, ids_by_document


@transaction.atomic
def know_parties(*, names_by_document: Mapping[str, str]) -> dict[str, int]:
    """Make sure that every document number has its one identity; return the ids by number.

    The associated data of the sealed values is the blind index, known before the row is.
    Source: PRE-40a (one identity per person), safety.md (field encryption).
    """
    known = ids_by_document(numbers=list(names_by_document))
    fresh = {
        blind_index(number, purpose="document"): (number, name)
        for number, name in names_by_document.items()
        if number not in known
    }
    if fresh:
        with connection.cursor() as cursor:
            execute_values(
                cursor,
                "INSERT INTO parties_party"
                " (kind, sealed_document, document_index, sealed_name, name_index) VALUES %s"
                " ON CONFLICT (document_index) DO NOTHING",
                [_row(index, *words) for index, words in sorted(fresh.items())],
                page_size=1000,
            )
        known |= ids_by_document(numbers=[n for n in names_by_document if n not in known])
    return known


def _row(index: bytes, number: str, name: str) -> tuple[object, ...]:
    key = index.hex()
    return (
        kind_of_document(normalise(number)).value,
        seal(number, column=DOCUMENT, key=key),
        index,
        seal(name, column=NAME, key=key),
        blind_index(name, purpose="name"),
    )
