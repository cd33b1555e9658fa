"""Shape of what people send to the books."""

from ledger.forms.books import (
    ExplanationForm,
    LineFilterForm,
    PurposeForm,
    ReversalForm,
    RuleForm,
    VoucherForm,
    VoucherLines,
)
from ledger.forms.figures import FinanceFileForm, ReasonForm, RemarkForm

__all__ = [
    "ExplanationForm",
    "FinanceFileForm",
    "LineFilterForm",
    "PurposeForm",
    "ReasonForm",
    "RemarkForm",
    "ReversalForm",
    "RuleForm",
    "VoucherForm",
    "VoucherLines",
]
