"""Refusals of the parties."""

from core.errors import RuleBroken


class ContactRefused(RuleBroken):
    """The contact is not what its kind asks for."""
