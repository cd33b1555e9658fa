"""Jobs, stored files, audit records and regulatory parameters."""

from core.models.audit import AuditRecord
from core.models.files import StoredFile
from core.models.jobs import Job
from core.models.parameters import RegulatoryParameter

__all__ = ["AuditRecord", "Job", "RegulatoryParameter", "StoredFile"]
