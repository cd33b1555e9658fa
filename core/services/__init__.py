"""Writes of the ground floor."""

from core.services.audit import record_audit

__all__ = ["record_audit"]
