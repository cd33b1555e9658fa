"""Reads of loans under cover and of controls on new business."""

from underwriting.selectors.controls import (
    control_register,
    controls_on,
    live_control_of,
    new_business_findings,
    partner_traits,
    who_could_lift,
)

__all__ = [
    "control_register",
    "controls_on",
    "live_control_of",
    "new_business_findings",
    "partner_traits",
    "who_could_lift",
]
