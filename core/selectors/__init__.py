"""Reads of the ground floor."""

from core.selectors.audit import audit_of
from core.selectors.jobs import job_of, jobs_of, open_keys
from core.selectors.parameters import parameter

__all__ = ["audit_of", "job_of", "jobs_of", "open_keys", "parameter"]
