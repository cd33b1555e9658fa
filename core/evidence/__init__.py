"""Evidence packs: what proves an object to somebody who has no Xinbao. Source: EVID-03."""

from pathlib import Path

from core.evidence.registry import (
    Artefact,
    Builder,
    PackContent,
    Section,
    builder_of,
    is_provable,
    nouns,
    register_builder,
)
from core.evidence.verifier import verify


def verify_pack(*, path: Path, key: str | None = None) -> tuple[list[str], bool]:
    """Check a pack as its own verifier does; return the lines and whether everything holds."""
    return verify(path, key)


__all__ = [
    "Artefact",
    "Builder",
    "PackContent",
    "Section",
    "builder_of",
    "is_provable",
    "nouns",
    "register_builder",
    "verify_pack",
]
