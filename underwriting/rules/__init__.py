"""Rules of loans under cover and of new business."""

from underwriting.rules.controls import (
    ControlFinding,
    ControlOrder,
    NewBusiness,
    SetControl,
    WarningClosure,
    is_stricter,
    judge_new_business,
    line_factor,
    strictest,
    why_not_lifted,
)

__all__ = [
    "ControlFinding",
    "ControlOrder",
    "NewBusiness",
    "SetControl",
    "WarningClosure",
    "is_stricter",
    "judge_new_business",
    "line_factor",
    "strictest",
    "why_not_lifted",
]
