"""Tables of watching, by noun."""

from postloss.models.ageing import DailyAgeing
from postloss.models.history import (
    Figure,
    Finding,
    LoanStatus,
    Migration,
    MonthEnd,
    RejectedLine,
    Snapshot,
)
from postloss.models.thresholds import Threshold, ThresholdSet
from postloss.models.warnings import RiskWarning, WarningObservation, WarningStep

__all__ = [
    "DailyAgeing",
    "Figure",
    "Finding",
    "LoanStatus",
    "Migration",
    "MonthEnd",
    "RejectedLine",
    "RiskWarning",
    "Snapshot",
    "Threshold",
    "ThresholdSet",
    "WarningObservation",
    "WarningStep",
]
