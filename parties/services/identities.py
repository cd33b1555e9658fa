"""Writes of identities."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping

from django.db import connection, transaction
from psycopg2.extras import execute_values

from core.encryption import blind_index, normalise, place_key, seal
from parties.models import Party, PartyName
from parties.rules import kind_of_document
from parties.selectors.identities import DOCUMENT, EARLIER_NAME, NAME, clear_identity


@transaction.atomic
def know_parties(*, names_by_document: Mapping[str, str], at: dt.datetime) -> dict[str, int]:
    """Make sure that every document number has its one identity; return the ids by number.

    A name that differs from the known one takes its place, and the one before goes into the
    history (`PartyName`) with the instant `at`. The associated data of the sealed values is the
    blind index, known before the row is.
    Source: PRE-40a (one identity per person), safety.md (field encryption).
    """
    indexes = {number: blind_index(number, purpose="document") for number in names_by_document}
    known, name_indexes = _known(set(indexes.values()))
    fresh = {
        index: (number, names_by_document[number])
        for number, index in indexes.items()
        if index not in known
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
        ids, names = _known(set(fresh))
        known, name_indexes = known | ids, name_indexes | names
    renamed = {
        index: name
        for number, name in names_by_document.items()
        if name.strip()
        and name_indexes[index := indexes[number]] != blind_index(name, purpose="name")
    }
    if renamed:
        _rename(renamed, at)
    return {number: known[index] for number, index in indexes.items()}


def _known(indexes: set[bytes]) -> tuple[dict[bytes, int], dict[bytes, bytes]]:
    rows = Party.objects.filter(document_index__in=indexes)
    found = [
        (bytes(index), pk, bytes(name_index))
        for pk, index, name_index in rows.values_list("pk", "document_index", "name_index")
    ]
    return {row[0]: row[1] for row in found}, {row[0]: row[2] for row in found}


def _row(index: bytes, number: str, name: str) -> tuple[object, ...]:
    key = place_key(index)
    return (
        kind_of_document(normalise(number)).value,
        seal(number, column=DOCUMENT, key=key),
        index,
        seal(name, column=NAME, key=key),
        blind_index(name, purpose="name"),
    )


def _rename(renamed: Mapping[bytes, str], at: dt.datetime) -> None:
    """Give parties the name that was stated last; rows are locked in the order of their keys."""
    parties = Party.objects.select_for_update().filter(document_index__in=renamed).order_by("pk")
    changed, history = [], []
    for party in parties:
        name = renamed[bytes(party.document_index)]
        index = blind_index(name, purpose="name")
        if bytes(party.name_index) == index:
            continue
        before = clear_identity(party).name
        history.append(
            PartyName(
                party=party,
                sealed_name=seal(
                    before, column=EARLIER_NAME, key=place_key(party.pk, party.name_index)
                ),
                name_index=party.name_index,
                replaced_at=at,
            )
        )
        party.sealed_name = seal(name, column=NAME, key=place_key(party.document_index))
        party.name_index = index
        changed.append(party)
    PartyName.objects.bulk_create(history, batch_size=1000)
    Party.objects.bulk_update(changed, ["sealed_name", "name_index"], batch_size=1000)
