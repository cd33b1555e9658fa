"""Writes of lenders, their licences, and channels."""

from partners.services.lenders import admit_lender, enter_channel
from partners.services.licences import (
    LicenceDraft,
    approve_licence,
    propose_licence,
    refuse_licence,
)

__all__ = [
    "LicenceDraft",
    "admit_lender",
    "approve_licence",
    "enter_channel",
    "propose_licence",
    "refuse_licence",
]
