"""Reads of identities and of the registers about their data."""

from parties.selectors.behaviour import alerts, quota_of, uses_since
from parties.selectors.exports import export_of, exports_for, waiting_exports
from parties.selectors.identities import (
    CONTACT,
    DOCUMENT,
    EARLIER_NAME,
    NAME,
    clear_contact,
    clear_identity,
    contact_index,
    earlier_names,
    ids_by_document,
    masked_contacts,
    masked_identity,
    parties_found,
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
from parties.selectors.retention_rules import (
    effect_of,
    proofs_of,
    retention_rule,
    retention_rules,
    rule_words,
    years_of,
)
from parties.selectors.reveals import reveals_for

__all__ = [
    "CONTACT",
    "DOCUMENT",
    "EARLIER_NAME",
    "NAME",
    "alerts",
    "clear_contact",
    "clear_identity",
    "contact_index",
    "deletion_of",
    "deletions",
    "earlier_names",
    "effect_of",
    "export_of",
    "exports_for",
    "held_reason",
    "held_reasons",
    "holds",
    "ids_by_document",
    "kept_records",
    "masked_contacts",
    "masked_identity",
    "parties_found",
    "party_by_document",
    "person_request",
    "person_requests",
    "proofs_of",
    "quota_of",
    "retention_rule",
    "retention_rules",
    "reveals_for",
    "rule_of",
    "rule_words",
    "rules_in_force",
    "uses_since",
    "waiting_exports",
    "years_of",
]
