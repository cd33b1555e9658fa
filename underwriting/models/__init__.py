"""Loans under cover, the names that lenders use for our places, and our share of each loan."""

from underwriting.models.controls import Control, ControlQuerySet
from underwriting.models.loans import Loan, LoanFacts, LoanTerms, Segment
from underwriting.models.names import BookName, NameMapping
from underwriting.models.shares import ShareLine

__all__ = [
    "BookName",
    "Control",
    "ControlQuerySet",
    "Loan",
    "LoanFacts",
    "LoanTerms",
    "NameMapping",
    "Segment",
    "ShareLine",
]
