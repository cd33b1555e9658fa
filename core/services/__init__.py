"""Writes of the ground floor."""

from core.services.audit import record_audit
from core.services.calendar import decide_calendar, propose_calendar
from core.services.parameters import approve_parameter, propose_parameter, reject_parameter

__all__ = [
    "approve_parameter",
    "decide_calendar",
    "propose_calendar",
    "propose_parameter",
    "record_audit",
    "reject_parameter",
]
