"""Jobs, messages, stored files, audit and evidence, parameters, calendar, register of keys."""

from core.models.audit import AuditRecord, ChainLink, RowChange
from core.models.calendar import CalendarDay, CalendarNotice
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
from core.models.messages import (
    Delivery,
    Message,
    MessageAddress,
    MessageOptOut,
    MessageTemplate,
    OutboxEntry,
)
from core.models.numbers import NumberSeries
from core.models.parameters import RegulatoryParameter

__all__ = [
    "AnchorReceipt",
    "AuditRecord",
    "CalendarDay",
    "CalendarNotice",
    "ChainLink",
    "Delivery",
    "EvidencePack",
    "FieldKey",
    "Job",
    "KeyRotation",
    "Message",
    "MessageAddress",
    "MessageOptOut",
    "MessageTemplate",
    "NumberSeries",
    "OutboxEntry",
    "PackEntry",
    "PublicCheck",
    "RegulatoryParameter",
    "RowChange",
    "SignedHead",
    "SigningKey",
    "StoredFile",
]
