"""Words of the books."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class FinanceLine(models.TextChoices):
    """What finance reports for a month, in yuan. Source: POST-35a-c; letters as in F1 and F2."""

    # F1: A to G
    CLAIMS_PAID = "claims_paid", _("A: claims paid")
    RECOVERY_INCOME = "recovery_income", _("B: recovery income (accrual)")
    CEDED_CLAIMS_RECOVERED = "ceded_claims_recovered", _("C: ceded claims recovered")
    INWARD_RI_CLAIMS = "inward_ri_claims", _("D: inward reinsurance claims")
    CLAIMS_RESERVE_CHANGE = (
        "claims_reserve_change",
        _("E: net change of outstanding claims reserve"),
    )
    RI_CLAIMS_RESERVE_CHANGE = (
        "ri_claims_reserve_change",
        _("F: net change of the reinsurers' share of outstanding claims reserve"),
    )
    EARNED_PREMIUM = "earned_premium", _("G: earned premium")
    # F1a: what G must reconcile with
    PREMIUM_INCOME = "premium_income", _("Premium income, inward included")
    CEDED_PREMIUM = "ceded_premium", _("Ceded premium")
    UPR_CHANGE_NET = (
        "upr_change_net",
        _("Net change of unearned premium reserve, net of the reinsurers' share"),
    )
    # F2: X1 to X5
    OPERATING_EXPENSE = "operating_expense", _("X1: operating and administrative expense")
    RI_COMMISSION_RECOVERED = "ri_commission_recovered", _("X2: reinsurance commission recovered")
    COMMISSION_EXPENSE = "commission_expense", _("X3: fees and commission")
    INWARD_RI_EXPENSE = "inward_ri_expense", _("X4: inward reinsurance expense")
    TAXES_AND_SURCHARGES = "taxes_and_surcharges", _("X5: taxes and surcharges")
    # F3: gross of cession, and net of it (HQ-07)
    CLAIMS_INDEMNITY = "claims_indemnity", _("Indemnity paid, gross of cession")
    RECOVERED_CASH = "recovered_cash", _("Cash recovered, gross of cession")
    CLAIMS_INDEMNITY_NET = "claims_indemnity_net", _("Indemnity paid, net of ceded claims")
    RECOVERED_CASH_NET = "recovered_cash_net", _("Cash recovered, net of ceded recoveries")


CHANGES = frozenset(
    {
        FinanceLine.CLAIMS_RESERVE_CHANGE,
        FinanceLine.RI_CLAIMS_RESERVE_CHANGE,
        FinanceLine.UPR_CHANGE_NET,
    }
)
"""Lines that go below zero in the ordinary course; any other negative amount is pointed out."""


class BatchState(models.TextChoices):
    DRAFT = "draft", _("Awaits sign-off")
    SIGNED_OFF = "signed_off", _("Signed off")
    WITHDRAWN = "withdrawn", _("Withdrawn")


class FigureSource(models.TextChoices):
    """Where a figure of a month comes from; what finance imported wins. Source: F1a."""

    IMPORTED = "imported", _("Imported by finance")
    LEDGER = "ledger", _("From the closed books")
    OPEN_LEDGER = "open_ledger", _("From the books, month still open")


class RowFault(models.TextChoices):
    """Why a line of a finance file was rejected."""

    COLUMN_COUNT = "column_count", _("Wrong number of columns")
    MONTH_UNREADABLE = "month_unreadable", _("The month is not written as YYYY-MM")
    CODE_UNKNOWN = "code_unknown", _("The code is not one of the finance lines")
    AMOUNT_UNREADABLE = "amount_unreadable", _("The amount is not a plain number")
    MORE_DECIMALS = "more_decimals", _("Money with more than two decimals")
    AMOUNT_TOO_LARGE = "amount_too_large", _("The amount has more than 18 digits before the point")
    REPEATED = "repeated", _("The month and code are repeated in the file")


class CheckCode(models.TextChoices):
    """What the person who signs off should look at; none of these stops the sign-off."""

    PREMIUM_DIFFERS = "premium_differs", _("Earned premium does not reconcile (F1a)")
    LINES_MISSING = "lines_missing", _("Lines are missing; ratios of the month stay undefined")
    NEGATIVE_EARNED_PREMIUM = (
        "negative_earned_premium",
        _("Earned premium is negative; F1 and F2 stay undefined"),
    )
    NEGATIVE_AMOUNT = "negative_amount", _("Negative amount on a line that is seldom negative")


class RatioReason(models.TextChoices):
    """Why a ratio is undefined; `PARTIAL_YEAR` alone marks a value."""

    FINANCE_FIGURES_MISSING = "finance_figures_missing", _("Finance figures are missing")
    DENOMINATOR_ZERO = "denominator_zero", _("The denominator is zero")
    NEGATIVE_EARNED_PREMIUM = "negative_earned_premium", _("Earned premium is negative")
    NEGATIVE_EXPOSURE = (
        "negative_exposure",
        _("Retained exposure is negative: an error in the data"),
    )
    NO_MONTH_BEFORE = "no_month_before", _("The month before is not closed")
    EXPOSURE_MISSING = "exposure_missing", _("A month of the year is not closed")
    PARTIAL_YEAR = "partial_year", _("Average over the months in force, less than a year")


class RecoveryWindow(models.TextChoices):
    """Which recoveries the month-end annualised loss rate subtracts. Source: HQ-05."""

    YEAR_TO_DATE = "year_to_date", _("Recovered in the year to date (literal)")
    MONTH = "month", _("Recovered in the month (consistent)")


class ClaimBasis(models.TextChoices):
    """Whether claims and recoveries are before or after cession. Source: HQ-07."""

    GROSS = "gross", _("Gross of cession")
    NET = "net", _("Net of cession")


# the double-entry book


class AccountKind(models.TextChoices):
    ASSET = "asset", _("Asset account")
    LIABILITY = "liability", _("Liability account")
    EQUITY = "equity", _("Equity account")
    INCOME = "income", _("Income account")
    EXPENSE = "expense", _("Expense account")


class Side(models.TextChoices):
    DEBIT = "debit", _("Debit")
    CREDIT = "credit", _("Credit")


class LedgerEvent(models.TextChoices):
    """What happens to money; each has a posting rule. Amounts: `ledger.rules.events`."""

    BALANCES_BROUGHT_FORWARD = "balances_brought_forward", _("Balances brought forward")
    POLICY_ISSUED = "policy_issued", _("Policy issued: premium written")
    PREMIUM_DUE = "premium_due", _("Premium due")
    PREMIUM_RECEIVED = "premium_received", _("Premium received")
    PREMIUM_OVERDUE = "premium_overdue", _("Premium overdue")
    PREMIUM_RETURNED = "premium_returned", _("Premium receipt returned by the bank")
    PREMIUM_WRITTEN_OFF = "premium_written_off", _("Premium written off")
    POLICY_CANCELLED = "policy_cancelled", _("Policy cancelled")
    PREMIUM_REFUND = "premium_refund", _("Premium refunded")
    COMMISSION = "commission", _("Commission incurred")
    COMMISSION_PAID = "commission_paid", _("Commission paid")
    CEDED_PREMIUM = "ceded_premium", _("Premium ceded")
    CEDING_COMMISSION = "ceding_commission", _("Ceding commission")
    CEDED_CLAIM = "ceded_claim", _("Claim recovered from reinsurers")
    RI_SETTLED = "ri_settled", _("Reinsurance account settled")
    INWARD_RI = "inward_ri", _("Inward reinsurance accepted")
    UNEARNED_PREMIUM = "unearned_premium", _("Unearned premium reserve set")
    RI_UNEARNED_PREMIUM = "ri_unearned_premium", _("Reinsurers' unearned premium reserve set")
    CLAIM_RESERVE = "claim_reserve", _("Outstanding claims reserve set")
    RI_CLAIM_RESERVE = "ri_claim_reserve", _("Reinsurers' outstanding claims reserve set")
    CLAIM_APPROVED = "claim_approved", _("Claim approved")
    CLAIM_PAID = "claim_paid", _("Claim paid out")
    SUBROGATION_RECOGNISED = "subrogation_recognised", _("Subrogation receivable recognised")
    SUBROGATION_IMPAIRED = "subrogation_impaired", _("Subrogation allowance set")
    SUBROGATION_WRITTEN_OFF = "subrogation_written_off", _("Subrogation receivable written off")
    RECOVERY_RECEIVED = "recovery_received", _("Recovery received")
    RECOVERY_CEDED = "recovery_ceded", _("Recovery passed on to reinsurers")
    YEAR_CLOSED = "year_closed", _("Result of the year carried forward")
    MANUAL = "manual", _("Manual voucher")


class RuleStatus(models.TextChoices):
    PROPOSED = "proposed", _("Awaits approval")
    APPROVED = "approved", _("Approved")
    REFUSED = "refused", _("Refused")


class VoucherStatus(models.TextChoices):
    DRAFT = "draft", _("Voucher awaits approval")
    APPROVED = "approved", _("Approved and posted")
    REFUSED = "refused", _("Refused")


class PeriodStatus(models.TextChoices):
    OPEN = "open", _("Open for posting")
    PREPARED = "prepared", _("Prepared, awaits confirmation")
    CLOSED = "closed", _("Books closed")


class CloseCheck(models.TextChoices):
    """What must hold before a month of the books is closed. Source: I1, I8."""

    BALANCED = "balanced", _("Every entry balances")
    MONTH_BEFORE = "month_before", _("The month before is closed")
    VOUCHERS_DECIDED = "vouchers_decided", _("No voucher of the month awaits approval")
    SUBLEDGERS = "subledgers", _("Sub-ledgers equal the general ledger")
    EXPLAINED = "explained", _("Differences to the figures of finance are explained")


class RuleFault(models.TextChoices):
    """Why a posting rule is refused."""

    NO_LINES = "no_lines", _("A rule needs at least two lines")
    LINE_UNREADABLE = "line_unreadable", _("A line names side, account and amount, and no more")
    ACCOUNT_UNKNOWN = "account_unknown", _("The account is not in the chart")
    AMOUNT_UNKNOWN = "amount_unknown", _("The event has no such amount")
    AMOUNT_UNUSED = "amount_unused", _("An amount of the event is posted nowhere")
    UNBALANCED = "unbalanced", _("Debit and credit differ for some amounts")
    NO_SINGLE_RESERVE = (
        "no_single_reserve",
        _("A rule that sets a reserve names exactly one balance sheet account"),
    )
