"""Who must stay out of a case: by what was declared, and by what the records show.

Source: PRE-12e (declared relations and automatic match of identity number, phone, address,
employer and bank account; assignment and approval blocked).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

ARTICLE = "PRE-12e"


@dataclass(frozen=True, kw_only=True)
class Traits:
    """Blind indexes by kind of identity: (kind, index) pairs of one person or one case."""

    pairs: frozenset[tuple[str, bytes]]


@dataclass(frozen=True, kw_only=True)
class Relation:
    """A relation that somebody declared: to a colleague, or to whoever has this identity."""

    kind: str
    colleague_id: int | None
    index: bytes | None


@dataclass(frozen=True, kw_only=True)
class RecusalFinding:
    """Why somebody stays out: `declared` or `detected`, and what of."""

    source: str
    kind: str
    article: str = ARTICLE


def recusal_findings(
    *,
    own: Traits,
    relations: Iterable[Relation],
    case: Traits,
    maker_id: int | None,
) -> tuple[RecusalFinding, ...]:
    """Return every reason why the person stays out of the case; none when there is none.

    A declared relation binds when its identity is one of the case's, or its colleague made the
    case. A detected one is a trait that person and case share.
    """
    indexes = {index for _, index in case.pairs}
    found = [
        RecusalFinding(source="declared", kind=each.kind)
        for each in relations
        if (each.index is not None and each.index in indexes)
        or (each.colleague_id is not None and each.colleague_id == maker_id)
    ]
    shared = sorted({kind for kind, _ in own.pairs & case.pairs})
    return tuple(found) + tuple(RecusalFinding(source="detected", kind=each) for each in shared)


def traits(pairs: Mapping[str, bytes] | Iterable[tuple[str, bytes]]) -> Traits:
    """Make traits of pairs, or of a mapping from kind to index."""
    items = pairs.items() if isinstance(pairs, Mapping) else pairs
    return Traits(pairs=frozenset((str(kind), bytes(index)) for kind, index in items))
