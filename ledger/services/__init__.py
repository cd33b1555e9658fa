"""Writes of the books: entries by rule, vouchers, closings, and the figures of finance."""

from ledger.rules.posting import Part
from ledger.services.exporting import (
    VOUCHERS,
    make_vouchers,
    vouchers_order,
    vouchers_workbook,
)
from ledger.services.figures import (
    FINANCE_FILE,
    ended_finance_files,
    import_finance_figures,
    sign_off_finance_figures,
    withdraw_finance_figures,
)
from ledger.services.invariants import subledgers_tie, the_book_balances
from ledger.services.periods import (
    close_period,
    closing_checks,
    prepare_closing,
    return_closing,
)
from ledger.services.posting import number_entries, post, reverse
from ledger.services.posting_rules import (
    approve_posting_rule,
    propose_posting_rule,
    refuse_posting_rule,
)
from ledger.services.preparations import register_preparation
from ledger.services.reconciliation import explain_difference
from ledger.services.subledgers import SubLedger, forget_subledger, register_subledger
from ledger.services.vouchers import approve_voucher, draft_reversal, post_manual, refuse_voucher
from ledger.services.waiting import WAITING

__all__ = [
    "FINANCE_FILE",
    "VOUCHERS",
    "WAITING",
    "Part",
    "SubLedger",
    "approve_posting_rule",
    "approve_voucher",
    "close_period",
    "closing_checks",
    "draft_reversal",
    "ended_finance_files",
    "explain_difference",
    "forget_subledger",
    "import_finance_figures",
    "make_vouchers",
    "number_entries",
    "post",
    "post_manual",
    "prepare_closing",
    "propose_posting_rule",
    "refuse_posting_rule",
    "refuse_voucher",
    "register_preparation",
    "register_subledger",
    "return_closing",
    "reverse",
    "sign_off_finance_figures",
    "subledgers_tie",
    "the_book_balances",
    "vouchers_order",
    "vouchers_workbook",
    "withdraw_finance_figures",
]
