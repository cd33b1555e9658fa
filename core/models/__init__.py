"""Jobs, stored files, audit records, evidence and regulatory parameters."""

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
from core.models.parameters import RegulatoryParameter

__all__ = [
    "AnchorReceipt",
    "AuditRecord",
    "ChainLink",
    "EvidencePack",
    "Job",
    "PackEntry",
    "PublicCheck",
    "RegulatoryParameter",
    "RowChange",
    "SignedHead",
    "SigningKey",
    "StoredFile",
]
