"""Reads of the books."""

from ledger.selectors.batches import (
    batch_of,
    batches,
    checks_of,
    previous_amounts,
    require_finance_reader,
)
from ledger.selectors.figures import batches_in_force, figures_in_force, finance_figures
from ledger.selectors.ratios import Exposure, Ratio, ratios_of_month

__all__ = [
    "Exposure",
    "Ratio",
    "batch_of",
    "batches",
    "batches_in_force",
    "checks_of",
    "figures_in_force",
    "finance_figures",
    "previous_amounts",
    "ratios_of_month",
    "require_finance_reader",
]
