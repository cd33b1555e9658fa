"""How secret each field of a table is: C3, C2, C1 of JR/T 0171, or none.

Every model of the house says so beside its fields:

    data_levels = levels(c2="sealed_name sealed_document", c1="amount", none="status created_at")

C3 is what proves who somebody is (passwords, seeds, biometrics); C2 what names or describes a
person (names, identity numbers, phones, cards, balances of one person); C1 what is for the house
alone; `none` is technical. The automatic `id` needs no mention. Source: safety.md; PRE-45a.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class DataLevels:
    """The fields of one table by level, each named once."""

    c3: frozenset[str]
    c2: frozenset[str]
    c1: frozenset[str]
    none: frozenset[str]


def levels(*, c3: str = "", c2: str = "", c1: str = "", none: str = "") -> DataLevels:
    """Read four lists of field names, separated by white space."""
    return DataLevels(*(frozenset(words.split()) for words in (c3, c2, c1, none)))
