"""Refusals of reporting."""

from core.errors import Missing, NotPermitted, RuleBroken, WrongState

__all__ = ["Missing", "NotPermitted", "RuleBroken", "WrongState"]
