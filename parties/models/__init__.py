"""Identities, and the registers of what was revealed, exported, kept, deleted and asked."""

from parties.models.behaviour import BehaviourAlert, PersonalDataUse
from parties.models.exports import Export
from parties.models.identities import Party, PartyContact, PartyName
from parties.models.requests import PersonRequest
from parties.models.retention import (
    DeletionLine,
    DeletionList,
    KeptRecord,
    LegalHold,
    RetentionRule,
)
from parties.models.reveals import Reveal

__all__ = [
    "BehaviourAlert",
    "DeletionLine",
    "DeletionList",
    "Export",
    "KeptRecord",
    "LegalHold",
    "Party",
    "PartyContact",
    "PartyName",
    "PersonRequest",
    "PersonalDataUse",
    "RetentionRule",
    "Reveal",
]
