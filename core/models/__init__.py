"""Jobs, stored files, audit records, regulatory parameters and the register of keys."""

from core.models.audit import AuditRecord
from core.models.files import StoredFile
from core.models.jobs import Job
from core.models.keys import FieldKey, KeyRotation
from core.models.parameters import RegulatoryParameter

__all__ = [
    "AuditRecord",
    "FieldKey",
    "Job",
    "KeyRotation",
    "RegulatoryParameter",
    "StoredFile",
]
