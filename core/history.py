"""Row history: which tables' rows are kept before and after each change, and which columns.

`keep_history(Model)` in an app's `ready()` is all that an app does; the triggers are put up after
each migration from the columns as they then are. Left out are binary and sealed columns, what the
model's data levels call C3 or C2, and what `without` names. Tables that are filled by `COPY` in the
millions are not watched. Source: CRM-34.
"""

from __future__ import annotations

from collections.abc import Iterable

from django.db import connection
from django.db.models import BinaryField, Field, Model

FUNCTION, TRIGGER = "core_note_change", "row_history"
_watched: dict[type[Model], frozenset[str]] = {}


def keep_history(model: type[Model], *, without: Iterable[str] = ()) -> None:
    """Watch the table of a model (also the through-model of a many-to-many field)."""
    _watched[model] = frozenset(without)


def watched() -> list[type[Model]]:
    """Return the models whose rows are watched."""
    return list(_watched)


def kept_columns(model: type[Model]) -> list[str]:
    """Return the columns that the history of a model keeps."""
    levels = getattr(model, "data_levels", None)
    secret = (levels.c3 | levels.c2) if levels else frozenset()
    return [
        field.column
        for field in model._meta.local_concrete_fields
        if not (field.name in secret | _watched[model] or _is_sealed(field))
    ]


def _is_sealed(field: Field) -> bool:
    return isinstance(field, BinaryField) or field.name.startswith("sealed_")


def put_up_triggers(**_signal: object) -> None:
    """Put up the triggers that are missing or keep other columns. Runs after each migration."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT to_regproc(%s)", [FUNCTION])
        if cursor.fetchone() == (None,):
            return
        cursor.execute(
            "SELECT tgrelid::regclass::text, tgargs FROM pg_trigger WHERE tgname = %s",
            [TRIGGER],
        )
        present = {table: bytes(arguments).decode() for table, arguments in cursor.fetchall()}
        for model in _watched:
            table, key = model._meta.db_table, model._meta.pk.column
            columns = "{" + ",".join(kept_columns(model)) + "}"
            if present.get(table) != f"{key}\0{columns}\0":
                cursor.execute(
                    f"CREATE OR REPLACE TRIGGER {TRIGGER} AFTER INSERT OR UPDATE OR DELETE"
                    f' ON "{table}"'
                    f" FOR EACH ROW EXECUTE FUNCTION {FUNCTION}('{key}', '{columns}')"
                )
