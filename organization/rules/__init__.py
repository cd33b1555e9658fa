"""Rules of the organisation: values in, values out."""

from organization.rules.people import (
    PARENT_OF,
    SINCE_EVER,
    conflicts_within,
    load_level,
    may_stand_under,
    mixed_kinds,
    quarter_of,
)

__all__ = [
    "PARENT_OF",
    "SINCE_EVER",
    "conflicts_within",
    "load_level",
    "may_stand_under",
    "mixed_kinds",
    "quarter_of",
]
