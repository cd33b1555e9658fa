"""Tables of the books: the double-entry book, and the figures that finance brings in."""

from ledger.models.accounts import Account
from ledger.models.entries import Entry, EntryCounter, EntryLine
from ledger.models.figures import (
    FigureExplanation,
    FinanceBatch,
    FinanceFigure,
    FinanceReject,
)
from ledger.models.periods import LedgerPeriod, TrialBalanceLine
from ledger.models.posting_rules import PostingRule
from ledger.models.vouchers import Voucher

__all__ = [
    "Account",
    "Entry",
    "EntryCounter",
    "EntryLine",
    "FigureExplanation",
    "FinanceBatch",
    "FinanceFigure",
    "FinanceReject",
    "LedgerPeriod",
    "PostingRule",
    "TrialBalanceLine",
    "Voucher",
]
