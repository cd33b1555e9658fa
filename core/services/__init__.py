"""Writes of the ground floor."""

from core.services.audit import audit_record, record_audit, record_audits, settle

__all__ = ["audit_record", "record_audit", "record_audits", "settle"]
