"""What the products hear of others."""

from typing import Any

from organization.events import ResolutionClosed
from products.models import ProductVersion
from products.services import take_resolution_of


def take_resolution(sender: type, event: ResolutionClosed, **_: Any) -> None:
    """Take what a committee resolved on a version. Source: PRE-33b."""
    if event.subject_type == ProductVersion._meta.label_lower:
        take_resolution_of(event=event)
