"""Jobs, stored files, audit records, evidence, parameters and the register of keys."""

from core.models.audit import AuditRecord, ChainLink, RowChange
from core.models.evidence import (
    AnchorReceipt,
    EvidencePack,
    PackEntry,
    PublicCheck,
    SignedHead,
    SigningKey,
)
from core.models.files import StoredFile
from core.models.jobs import Job
from core.models.keys import FieldKey, KeyRotation
from core.models.parameters import RegulatoryParameter

__all__ = [
    "AnchorReceipt",
    "AuditRecord",
    "ChainLink",
    "EvidencePack",
    "FieldKey",
    "Job",
    "KeyRotation",
    "PackEntry",
    "PublicCheck",
    "RegulatoryParameter",
    "RowChange",
    "SignedHead",
    "SigningKey",
    "StoredFile",
]
