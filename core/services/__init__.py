"""Writes of the ground floor."""

from core.services.audit import audit_record, record_audit, record_audits, settle
from core.services.calendar import decide_calendar, propose_calendar
from core.services.messages import Outside, send_message, tell
from core.services.numbering import take_numbers
from core.services.parameters import approve_parameter, propose_parameter, reject_parameter

__all__ = [
    "Outside",
    "approve_parameter",
    "audit_record",
    "decide_calendar",
    "propose_calendar",
    "propose_parameter",
    "record_audit",
    "record_audits",
    "reject_parameter",
    "send_message",
    "settle",
    "take_numbers",
    "tell",
]
