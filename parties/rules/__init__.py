"""Rules of the parties: documents, times of keeping, unusual use. Pure."""

from parties.rules.behaviour import is_unusual, usual
from parties.rules.documents import (
    is_credit_code,
    is_resident_number,
    kind_of_document,
    normal_contact,
)
from parties.rules.retention import Years, deletable_from, ended_on, shortcomings, years_after

__all__ = [
    "Years",
    "deletable_from",
    "ended_on",
    "is_credit_code",
    "is_resident_number",
    "is_unusual",
    "kind_of_document",
    "normal_contact",
    "shortcomings",
    "usual",
    "years_after",
]
