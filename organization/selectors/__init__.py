"""Reads of the organisation, by scope."""

from organization.selectors.eyes import Eyes, eyes_of
from organization.selectors.staff import staff_with
from organization.selectors.units import head_office, units_in_scope

__all__ = ["Eyes", "eyes_of", "head_office", "staff_with", "units_in_scope"]
