"""Which objects can be proven, and who builds the content of their packs.

An app registers a builder for its model in `ready()`; the builder finds the object for a person
(scope included) and says what a pack of it holds. Source: EVID-03.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.db.models import Model
from django.utils.translation import gettext as _

from core.errors import Missing


@dataclass(frozen=True)
class Artefact:
    """A file of the pack: its name below `artefacts/` and its bytes."""

    name: str
    content: bytes


@dataclass(frozen=True)
class Section:
    """A table of the summary."""

    title: str
    header: Sequence[str]
    rows: Sequence[Sequence[str]]


@dataclass(frozen=True)
class PackContent:
    """What a pack of an object holds; personal data is masked before it comes here.

    `outside` are files that do not leave the house, by name and SHA-256; `subjects` are the objects
    whose audit records belong to the pack, the object itself first.
    """

    title: str
    facts: Sequence[tuple[str, str]]
    subjects: Sequence[Model]
    sections: Sequence[Section] = ()
    artefacts: Sequence[Artefact] = ()
    outside: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Builder:
    """How the objects of a model are found by a person, named and built."""

    label: str
    noun: Any
    find: Callable[[Any, int, dt.date], Model]
    name: Callable[[Model], str]
    build: Callable[[Model], PackContent]
    url: Callable[[Model], str]


_builders: dict[str, Builder] = {}


def register_builder(builder: Builder) -> None:
    """Make the objects of a model provable."""
    _builders[builder.label] = builder


def builder_of(*, label: str) -> Builder:
    """Return the builder of a model.

    Raises:
        Missing: objects of this kind have no packs.
    """
    if label not in _builders:
        raise Missing("not_provable", _("There are no evidence packs of this kind of object."))
    return _builders[label]


def is_provable(thing: object) -> bool:
    """Tell whether packs of this object exist."""
    return isinstance(thing, Model) and thing._meta.label_lower in _builders


def nouns() -> dict[str, str]:
    """Return the kinds of provable objects in words, by label."""
    return {label: str(builder.noun) for label, builder in sorted(_builders.items())}
