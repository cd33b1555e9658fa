"""Reads of the register of keys, and of what is sealed under which."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass

from django.apps import apps
from django.db import connection, models
from psycopg2 import sql

from core.encryption import SealingKey, key_id_of, sealed_head
from core.encryption.keys import check_value, is_at_hand, names_at_hand
from core.encryption.texts import sealed_texts
from core.enums import FieldKeyStatus
from core.models import FieldKey, KeyRotation


@dataclass(frozen=True)
class SealedColumn:
    """A sealed column, and the fields of its row that tie a value to its place."""

    model: type[models.Model]
    field: str
    key_fields: tuple[str, ...]

    @property
    def column(self) -> str:
        """Return `table.column`, as the associated data has it."""
        return f"{self.model._meta.db_table}.{self.model._meta.get_field(self.field).column}"


def sealed_columns() -> list[SealedColumn]:
    """Return every sealed column of the house, as its table declares it."""
    return [
        SealedColumn(model, field, fields)
        for model in sorted(apps.get_models(), key=lambda model: model._meta.label)
        if model._meta.managed and not model._meta.proxy and not hasattr(model, "pgh_tracked_model")
        for field, fields in sorted(getattr(model, "sealed_by", {}).items())
    ]


@dataclass(frozen=True)
class KeyOverview:
    """A key of the register: has this process got it, and is it the one that was registered?"""

    key: FieldKey
    is_at_hand: bool
    is_the_same: bool


def field_keys() -> list[KeyOverview]:
    """Return the register, newest first."""
    return [
        KeyOverview(
            key=key,
            is_at_hand=(known := is_at_hand(key.key_id)),
            is_the_same=known and check_value(key.key_id) == key.check_value,
        )
        for key in FieldKey.objects.select_related("made_by", "retired_by").order_by("-pk")
    ]


def proposable_keys() -> list[str]:
    """Return the names of the keys at hand that may be proposed: new ones, and the current one."""
    used = [FieldKeyStatus.READABLE, FieldKeyStatus.RETIRED]
    gone = set(FieldKey.objects.filter(status__in=used).values_list("key_id", flat=True))
    return [name for name in names_at_hand() if name not in gone]


def values_by_key() -> Counter[str]:
    """Count the sealed values of the house by the key that each names.

    Reads every one, with the eyes of whoever asks: jobs ask, pages see what was counted.
    """
    counts: Counter[str] = Counter()
    for place in sealed_columns():
        table, column = place.column.split(".")
        # new head: 0, cipher, length, key id; old head: length, key id
        query = sql.SQL(
            "SELECT CASE WHEN get_byte({c}, 0) = 0"
            " THEN substring({c} FROM 4 FOR get_byte({c}, 2))"
            " ELSE substring({c} FROM 2 FOR get_byte({c}, 0)) END AS key_id, count(*)"
            " FROM {t} WHERE length({c}) > 3 GROUP BY 1"
        ).format(c=sql.Identifier(column), t=sql.Identifier(table))
        with connection.cursor() as cursor:
            cursor.execute(query)
            for key_id, number in cursor.fetchall():
                counts[bytes(key_id).decode(errors="replace")] += number
    for texts in sealed_texts():
        counts.update(key_id_of(value) for _handle, value in texts.values())
    return counts


def rotations() -> models.QuerySet[KeyRotation]:
    """Return the rotations of keys, newest first, with their people."""
    return KeyRotation.objects.select_related("key", "proposed_by", "decided_by").order_by("-pk")


def stale_values(
    place: SealedColumn, *, under: SealingKey, after: object, at_most: int
) -> list[tuple]:
    """Return (id, value, place fields) of values under another key or cipher, by primary key."""
    head = sealed_head(under)
    start = models.functions.Substr(
        models.F(place.field), 1, len(head), output_field=models.BinaryField()
    )
    rows = place.model._base_manager.filter(**{f"{place.field}__isnull": False})
    rows = rows.exclude(**{place.field: b""})  # erased at the end of its time
    if after is not None:
        rows = rows.filter(pk__gt=after)
    names = [place.model._meta.get_field(name).attname for name in place.key_fields]
    stale = rows.alias(_head=start).exclude(_head=head).order_by("pk")
    return list(stale.values_list("pk", place.field, *names)[:at_most])
