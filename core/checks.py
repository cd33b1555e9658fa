"""System checks: every field has its data level, and personal text stands sealed.

Source: safety.md (a system check fails where a level is missing), PRE-45a, docs/adr/0014.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.core.checks import CheckMessage, Error
from django.db import models

from core.data_inventory import fields_of, is_ours, levels_of, tables
from core.data_levels import DataLevels

TEXTS = (models.CharField, models.TextField, models.JSONField, models.GenericIPAddressField)


def check_data_levels(app_configs: Iterable[Any] | None = None, **_: object) -> list[CheckMessage]:
    """Refuse a table whose fields are not all classified, or whose personal text is in clear."""
    chosen = None if app_configs is None else {config.label for config in app_configs}
    return [
        finding
        for model in tables()
        if chosen is None or model._meta.app_label in chosen
        for finding in findings_of(model)
    ]


def findings_of(model: type[models.Model]) -> list[CheckMessage]:
    """Return what is wrong with one table."""
    known = levels_of(model)
    if known is None:
        hint = (
            "Add data_levels = levels(...) to the model."
            if is_ours(model)
            else "Name the table in core.data_levels.FOREIGN."
        )
        return [_error(model, "has no data levels", hint, 1)]
    return [
        *(_naming(model, known) if is_ours(model) else []),
        *_clear_texts(model, known),
        *_sealing(model),
    ]


def _naming(model: type[models.Model], known: DataLevels) -> list[CheckMessage]:
    wanted = {field.name for field in fields_of(model)}
    named = [name for level in (known.c3, known.c2, known.c1, known.none) for name in level]
    missing, strange = wanted - set(named), set(named) - wanted
    twice = {name for name in named if named.count(name) > 1}
    words = (
        (missing, "has no data level", "Name it in one of c3, c2, c1, none.", 2),
        (twice, "has two data levels", "Leave it in one.", 3),
        (strange, "has a data level and does not exist", "Take the name out.", 4),
    )
    return [
        _error(model, f"{name} {what}", hint, number)
        for names, what, hint, number in words
        for name in sorted(names)
    ]


def _clear_texts(model: type[models.Model], known: DataLevels) -> list[CheckMessage]:
    personal = known.c3 | known.c2
    return [
        _error(
            model,
            f"{field.name} holds personal text in clear",
            "Seal it (sealed_…) or say why not: clear={field: reason}.",
            5,
        )
        for field in fields_of(model)
        if field.name in personal
        and _is_text(field)
        and not str(known.clear.get(field.name, "")).strip()
    ]


def _is_text(field: Any) -> bool:
    base = getattr(field, "base_field", field)
    return isinstance(base, TEXTS) and not getattr(base, "choices", None)


def _sealing(model: type[models.Model]) -> list[CheckMessage]:
    """A sealed column that does not name its place would be left behind by a rotation of keys."""
    places = getattr(model, "sealed_by", {})
    names = {field.name for field in model._meta.concrete_fields}
    sealed = {
        field.name
        for field in model._meta.concrete_fields
        if field.name.startswith("sealed_") and isinstance(field, models.BinaryField)
    }
    known = names | {field.attname for field in model._meta.concrete_fields}
    lost = {each for fields in places.values() for each in fields if each not in known}
    if hasattr(model, "pgh_tracked_model"):
        sealed = set()  # row history leaves sealed columns out or is itself named
    return [
        *(
            _error(model, f"{name} does not say its place", f"sealed_by({name}='…')", 6)
            for name in sorted(sealed - set(places))
        ),
        *(
            _error(model, f"sealed_by names {name}, which does not exist", "Take it out.", 7)
            for name in sorted((set(places) - names) | lost)
        ),
    ]


def _error(model: type[models.Model], what: str, hint: str, number: int) -> CheckMessage:
    label = model._meta.label
    return Error(f"{label}: {what}.", hint=hint, obj=model, id=f"xinbao.data_levels.E{number:03}")
