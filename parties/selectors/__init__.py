"""Reads of identities and of the registers about their data."""

from parties.selectors.behaviour import alerts, quota_of, uses_since
from parties.selectors.exports import export_of, exports_for, waiting_exports
from parties.selectors.identities import (
    ids_by_document,
    mask_if_person,
    masked_identity,
    party_by_document,
)
from parties.selectors.requests import person_request, person_requests
from parties.selectors.retention import (
    deletion_of,
    deletions,
    held_reason,
    held_reasons,
    holds,
    kept_records,
    rule_of,
    rules_in_force,
)
from parties.selectors.reveals import reveals_for

__all__ = [
    "alerts",
    "deletion_of",
    "deletions",
    "export_of",
    "exports_for",
    "held_reason",
    "held_reasons",
    "holds",
    "ids_by_document",
    "kept_records",
    "mask_if_person",
    "masked_identity",
    "party_by_document",
    "person_request",
    "person_requests",
    "quota_of",
    "reveals_for",
    "rule_of",
    "rules_in_force",
    "uses_since",
    "waiting_exports",
]
