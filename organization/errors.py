"""Refusals of the organisation."""

from core.errors import Missing, NotPermitted

__all__ = ["Missing", "NotPermitted"]
