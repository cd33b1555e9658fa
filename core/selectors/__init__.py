"""Reads of the ground floor."""

from core.selectors.audit import audit_of
from core.selectors.calendar import (
    add_working_days,
    is_working_day,
    working_calendar,
    working_days_between,
)
from core.selectors.jobs import job_of, jobs_of, open_keys
from core.selectors.parameters import figure, parameter, parameters_under

__all__ = [
    "add_working_days",
    "audit_of",
    "figure",
    "is_working_day",
    "job_of",
    "jobs_of",
    "open_keys",
    "parameter",
    "parameters_under",
    "working_calendar",
    "working_days_between",
]
