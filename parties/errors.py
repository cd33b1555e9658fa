"""Refusals of the parties."""

from core.errors import Conflict, Missing, NotPermitted, RuleBroken, WrongState

__all__ = [
    "Conflict",
    "ContactRefused",
    "Missing",
    "NotPermitted",
    "OverQuota",
    "RuleBroken",
    "WrongState",
]


class ContactRefused(RuleBroken):
    """The contact is not what its kind asks for."""


class OverQuota(RuleBroken):
    """The person used up what the house allows per hour or day; the facts are in `context`."""
