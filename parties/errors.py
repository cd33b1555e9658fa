"""Refusals of the parties."""

from core.errors import Conflict, Missing, NotPermitted, RuleBroken, WrongState

__all__ = ["Conflict", "Missing", "NotPermitted", "OverQuota", "RuleBroken", "WrongState"]


class OverQuota(RuleBroken):
    """The person used up what the house allows per hour or day; the facts are in `context`."""
