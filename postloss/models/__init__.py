"""Tables of watching, by noun."""

from postloss.models.history import (
    Figure,
    Finding,
    LoanStatus,
    Migration,
    MonthEnd,
    RejectedLine,
    Snapshot,
)

__all__ = [
    "Figure",
    "Finding",
    "LoanStatus",
    "Migration",
    "MonthEnd",
    "RejectedLine",
    "Snapshot",
]
