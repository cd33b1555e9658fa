"""The data inventory: every field of every table with level, keeping, purpose and basis.

Read from the models, so that it cannot grow old. Source: PRE-45a, CRM-46, CRM-47.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.apps import apps
from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from core.data_levels import FOREIGN, OBLIGORS, STAFF, WORK, DataLevels, Ground

# The purpose of an app's tables, where a table does not state its own.
GROUNDS: dict[str, Ground] = {
    "core": WORK,
    "desk": WORK,
    "organization": STAFF,
    "parties": OBLIGORS,
    "ledger": WORK,
    "partners": OBLIGORS,
    "products": WORK,
    "underwriting": OBLIGORS,
    "postloss": OBLIGORS,
    "reporting": WORK,
}
SEALED, INDEX, CLEAR, NUMBER = "sealed", "index", "clear", "number"
KEEPING = {
    SEALED: _("Sealed"),
    INDEX: _("Keyed hash"),
    CLEAR: _("In clear"),
    NUMBER: _("Figure or reference"),
}


@dataclass(frozen=True)
class Entry:
    """One field of the inventory. Personal data is never sent abroad: `goes_abroad` is False."""

    app: str
    table: str
    field: str
    level: str
    keeping: str
    reason: Any
    ground: Ground | None
    is_ours: bool
    goes_abroad: bool = False

    @property
    def keeping_words(self) -> Any:
        """Say how the field is kept."""
        return KEEPING[self.keeping]


def tables() -> list[type[models.Model]]:
    """Return every table of ours and of others, by app and name; tables of relations aside."""
    found = [model for model in apps.get_models() if not model._meta.proxy]
    return sorted(found, key=lambda model: (model._meta.app_label, model.__name__))


def is_ours(model: type[models.Model]) -> bool:
    """Tell whether a table is of this house."""
    return Path(apps.get_app_config(model._meta.app_label).path).parent == Path(settings.BASE_DIR)


def levels_of(model: type[models.Model]) -> DataLevels | None:
    """Return a table's data levels; a row history has those of the table it follows."""
    if hasattr(model, "pgh_tracked_model"):
        return _history_levels(model)
    if is_ours(model):
        return getattr(model, "data_levels", None)
    return FOREIGN.get(model._meta.label)


def _history_levels(model: type[models.Model]) -> DataLevels | None:
    known = levels_of(model.pgh_tracked_model)
    if known is None:
        return None
    names = {field.name for field in fields_of(model)}
    own = {name for name in names if name.startswith("pgh_")}
    picked = [getattr(known, level) & names for level in ("c3", "c2", "c1")]
    rest = (known.none & names) | own | (names & {"id"})
    return DataLevels(*picked, none=rest, clear=known.clear, ground=known.ground)


def fields_of(model: type[models.Model]) -> list[models.Field]:
    """Return the fields that need a level: all but the automatic key and composite keys."""
    own = [
        field
        for field in model._meta.local_fields
        if field.concrete and field.column and not isinstance(field, models.AutoField)
    ]
    return [*own, *model._meta.local_many_to_many]


def entries() -> Iterator[Entry]:
    """Yield the inventory, table by table; of others' tables only what is classified."""
    for model in tables():
        known = levels_of(model)
        if known is None:
            continue
        ours = is_ours(model)
        ground = known.ground or GROUNDS.get(model._meta.app_label)
        for field in fields_of(model):
            level = known.level_of(field.name)
            if ours or level:
                yield Entry(
                    app=model._meta.app_label,
                    table=model.__name__,
                    field=field.name,
                    level=level,
                    keeping=_keeping(field),
                    reason=known.clear.get(field.name, ""),
                    ground=ground if level else None,
                    is_ours=ours,
                )


def _keeping(field: models.Field) -> str:
    if isinstance(field, models.BinaryField):
        return SEALED if field.name.startswith("sealed_") else INDEX
    base = getattr(field, "base_field", field)
    texts = (models.CharField, models.TextField, models.JSONField, models.GenericIPAddressField)
    return CLEAR if isinstance(base, texts) else NUMBER
