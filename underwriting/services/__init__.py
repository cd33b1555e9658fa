"""Writes of loans under cover and of controls on new business."""

from underwriting.rules import ControlOrder, WarningClosure
from underwriting.services.controls import (
    check_new_business,
    cut_line,
    freeze_loosening,
    lift_control,
    suspend_segment,
    tighten_controls,
)

__all__ = [
    "ControlOrder",
    "WarningClosure",
    "check_new_business",
    "cut_line",
    "freeze_loosening",
    "lift_control",
    "suspend_segment",
    "tighten_controls",
]
