"""Writes of identities, and of the registers about their data."""

from parties.services.behaviour import conclude_alert, look_for_unusual_use
from parties.services.contacts import end_contact, know_contact
from parties.services.deletions import decide_deletion, propose_deletion
from parties.services.exports import (
    Order,
    ask_export,
    decide_export,
    export_now,
    fetch_export,
    mark_of,
    record_copy,
    register_maker,
)
from parties.services.identities import know_parties
from parties.services.mapping import Ended, keep_for_good, register_source
from parties.services.requests import COPY_KIND, answer_request, check_identity, enter_request
from parties.services.retention import compute_retention, lift_hold, open_hold
from parties.services.retention_rules import decide_rule, propose_rule
from parties.services.reveals import reveal_identity
from parties.services.uses import count_look_up

__all__ = [
    "COPY_KIND",
    "Ended",
    "Order",
    "answer_request",
    "ask_export",
    "check_identity",
    "compute_retention",
    "conclude_alert",
    "count_look_up",
    "decide_deletion",
    "decide_export",
    "decide_rule",
    "end_contact",
    "enter_request",
    "export_now",
    "fetch_export",
    "keep_for_good",
    "know_contact",
    "know_parties",
    "lift_hold",
    "look_for_unusual_use",
    "mark_of",
    "open_hold",
    "propose_deletion",
    "propose_rule",
    "record_copy",
    "register_maker",
    "register_source",
    "reveal_identity",
]
