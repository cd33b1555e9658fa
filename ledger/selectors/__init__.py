"""Reads of the books."""

from ledger.rules.earning import unearned_by_days, unearned_by_exposure
from ledger.selectors.batches import (
    batch_of,
    batches,
    checks_of,
    previous_amounts,
    require_finance_reader,
)
from ledger.selectors.entries import (
    account_lines,
    account_of,
    chart,
    entries_of_month,
    entry_of,
    last_month,
    lines_of_entry,
    voucher_of,
    vouchers,
)
from ledger.selectors.exposure import ExposureSource, LossRates, loss_rates, register_exposure
from ledger.selectors.figures import batches_in_force, figures_in_force, finance_figures
from ledger.selectors.periods import (
    balance_by_policy,
    is_closed,
    periods,
    posting_month,
    trial_balance,
)
from ledger.selectors.posting_rules import (
    chart_kinds,
    posting_rule_of,
    posting_rules,
    rule_in_force,
    version_before,
)
from ledger.selectors.ratios import Exposure, Ratio, ratios_of_month
from ledger.selectors.reconciliation import (
    figure_lines,
    figures_of_month,
    figures_with_books,
    imported_figures,
    ledger_figures,
    reconciliation,
)

__all__ = [
    "Exposure",
    "ExposureSource",
    "LossRates",
    "Ratio",
    "account_lines",
    "account_of",
    "balance_by_policy",
    "batch_of",
    "batches",
    "batches_in_force",
    "chart",
    "chart_kinds",
    "checks_of",
    "entries_of_month",
    "entry_of",
    "figure_lines",
    "figures_in_force",
    "figures_of_month",
    "figures_with_books",
    "finance_figures",
    "imported_figures",
    "is_closed",
    "last_month",
    "ledger_figures",
    "lines_of_entry",
    "loss_rates",
    "periods",
    "posting_month",
    "posting_rule_of",
    "posting_rules",
    "previous_amounts",
    "ratios_of_month",
    "reconciliation",
    "register_exposure",
    "require_finance_reader",
    "rule_in_force",
    "trial_balance",
    "unearned_by_days",
    "unearned_by_exposure",
    "version_before",
    "voucher_of",
    "vouchers",
]
