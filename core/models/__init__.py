"""Jobs, stored files, audit records, regulatory parameters and the working-day calendar."""

from core.models.audit import AuditRecord
from core.models.calendar import CalendarDay, CalendarNotice
from core.models.files import StoredFile
from core.models.jobs import Job
from core.models.parameters import RegulatoryParameter

__all__ = [
    "AuditRecord",
    "CalendarDay",
    "CalendarNotice",
    "Job",
    "RegulatoryParameter",
    "StoredFile",
]
