"""Writes of the organisation."""

from organization.services.staff import appoint_staff
from organization.services.units import open_unit

__all__ = ["appoint_staff", "open_unit"]
