"""Refusals of the products."""

from core.errors import Conflict, Missing, NotPermitted, RuleBroken, WrongState

__all__ = ["Conflict", "Missing", "NotPermitted", "RuleBroken", "WrongState"]
