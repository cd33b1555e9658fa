"""What the products announce to the apps above."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from django.dispatch import Signal


@dataclass(frozen=True, kw_only=True)
class VersionMoved:
    """A version of a product was approved, put on sale or stopped, in this transaction."""

    version_id: int
    product_code: str
    status: str
    at: dt.datetime


version_moved = Signal()
