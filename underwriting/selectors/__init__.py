"""Reads of loans under cover and of controls on new business."""

from underwriting.selectors.controls import (
    control_register,
    controls_on,
    new_business_findings,
)

__all__ = ["control_register", "controls_on", "new_business_findings"]
