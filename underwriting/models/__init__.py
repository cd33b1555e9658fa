"""Loans and policies under cover, their premiums, lenders' names, shares, and controls."""

from underwriting.models.cessions import (
    Bordereau,
    BordereauPremium,
    CessionLine,
    CoinsuranceShare,
    FacultativeCession,
    Reinsurer,
    Treaty,
    TreatyShare,
)
from underwriting.models.controls import Control, ControlQuerySet
from underwriting.models.corrections import PremiumCorrection
from underwriting.models.endorsements import Endorsement
from underwriting.models.inclusive import (
    BusinessUse,
    InclusiveFlag,
    InclusiveRatio,
    SizeClassification,
)
from underwriting.models.loans import Loan, LoanFacts, LoanTerms, Segment
from underwriting.models.names import BookName, NameMapping
from underwriting.models.notices import ObligorNotice
from underwriting.models.policies import (
    Policy,
    PolicyDelivery,
    PolicyDocument,
    PolicyTerms,
)
from underwriting.models.premiums import PremiumInstalment, PremiumMovement, PremiumReceipt
from underwriting.models.quotes import ClaimTransfer, Quote
from underwriting.models.shares import ShareLine

__all__ = [
    "BookName",
    "Bordereau",
    "BordereauPremium",
    "BusinessUse",
    "CessionLine",
    "ClaimTransfer",
    "CoinsuranceShare",
    "Control",
    "ControlQuerySet",
    "Endorsement",
    "FacultativeCession",
    "InclusiveFlag",
    "InclusiveRatio",
    "Loan",
    "LoanFacts",
    "LoanTerms",
    "NameMapping",
    "ObligorNotice",
    "Policy",
    "PolicyDelivery",
    "PolicyDocument",
    "PolicyTerms",
    "PremiumCorrection",
    "PremiumInstalment",
    "PremiumMovement",
    "PremiumReceipt",
    "Quote",
    "Reinsurer",
    "Segment",
    "ShareLine",
    "SizeClassification",
    "Treaty",
    "TreatyShare",
]
