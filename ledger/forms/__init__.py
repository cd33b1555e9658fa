"""Shape of what people send to the books."""

from ledger.forms.figures import FinanceFileForm, ReasonForm, RemarkForm

__all__ = ["FinanceFileForm", "ReasonForm", "RemarkForm"]
