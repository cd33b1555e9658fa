"""Loans under cover, the names that lenders use for our places, and our share of each loan."""

from underwriting.models.cessions import (
    Bordereau,
    CessionLine,
    CoinsuranceShare,
    FacultativeCession,
    Reinsurer,
    Treaty,
    TreatyShare,
)
from underwriting.models.controls import Control, ControlQuerySet
from underwriting.models.inclusive import InclusiveFlag, InclusiveRatio, SizeClassification
from underwriting.models.loans import Loan, LoanFacts, LoanTerms, Segment
from underwriting.models.names import BookName, NameMapping
from underwriting.models.shares import ShareLine

__all__ = [
    "BookName",
    "Bordereau",
    "CessionLine",
    "CoinsuranceShare",
    "Control",
    "ControlQuerySet",
    "FacultativeCession",
    "InclusiveFlag",
    "InclusiveRatio",
    "Loan",
    "LoanFacts",
    "LoanTerms",
    "NameMapping",
    "Reinsurer",
    "Segment",
    "ShareLine",
    "SizeClassification",
    "Treaty",
    "TreatyShare",
]
