"""Which kind of record every stored file is, and what tells when it ended. Source: PRE-10d."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from django.apps import apps
from django.core import checks
from django.db.models import ForeignKey

from core.models import StoredFile
from parties.enums import RecordKind


@dataclass(frozen=True, kw_only=True)
class Ended:
    """An original whose last contract ended: a party's identity or a stored file."""

    ended_on: dt.date
    term_months: int
    party_id: int | None = None
    stored_id: int | None = None


Source = Callable[[dt.date], Iterable[Ended]]
_sources: dict[RecordKind, Source] = {}
_files: dict[str, RecordKind | None] = {
    "parties.keptrecord.stored": None,  # these two point at what others keep
    "parties.legalhold.stored": None,
}


def register_source(kind: RecordKind, source: Source, *files: str) -> None:
    """Name what tells which originals of a kind have ended by a day, and the columns
    (`app.model.field`) through which its files are kept.
    """
    _sources[kind] = source
    _files.update(dict.fromkeys(files, kind))


def keep_for_good(*files: str) -> None:
    """Name columns whose files never end: they have no rule and are never deleted."""
    _files.update(dict.fromkeys(files))


def sources() -> dict[RecordKind, Source]:
    """Return what tells the end of each kind of record."""
    return dict(_sources)


def every_kept_file_has_a_rule(app_configs: Any = None, **_: object) -> list[checks.CheckMessage]:
    """Fail where a table keeps files of a kind for which no rule says how long. Source: PRE-10d."""
    keepers = {
        f"{model._meta.label_lower}.{field.name}"
        for model in apps.get_models()
        for field in model._meta.local_fields
        if isinstance(field, ForeignKey) and field.related_model is StoredFile
    }
    errors = [
        checks.Error(
            f"{place} keeps files, and no retention rule is named for them.",
            hint="Name the column to parties.services.register_source or keep_for_good.",
            id="parties.E001",
        )
        for place in sorted(keepers - set(_files))
    ]
    return errors + [
        checks.Error(
            f"Nothing tells when records of the kind {kind.value} have ended.",
            hint="Register a source with parties.services.register_source.",
            id="parties.E002",
        )
        for kind in RecordKind
        if kind not in _sources
    ]
