"""Words of watching: statuses, buckets, findings, month-ends."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class RepaymentStatus(models.IntegerChoices):
    """What a lender says of a loan; `WITHDRAWN` is ours: a replacement file no longer names it."""

    WITHDRAWN = 0, _("Withdrawn")
    NORMAL = 1, _("Normal")
    OVERDUE = 2, _("Overdue")
    SETTLED = 3, _("Settled")
    WRITTEN_OFF = 4, _("Written off")


STATUS_WORDS = {
    "正常": RepaymentStatus.NORMAL,
    "逾期": RepaymentStatus.OVERDUE,
    "结清": RepaymentStatus.SETTLED,
    "核销": RepaymentStatus.WRITTEN_OFF,
}


class Bucket(models.IntegerChoices):
    """Where a loan stands at a month-end. Source: F6-F9, HQ-02; the last three hold no balance."""

    M0 = 0, "M0"
    M1 = 1, "M1"
    M2 = 2, "M2"
    M3 = 3, "M3"
    TAIL = 4, _("Over 180 days")
    SETTLED = 5, _("Settled")
    WRITTEN_OFF = 6, _("Written off")
    NOT_REPORTED = 7, _("Not reported")


class FindingLevel(models.TextChoices):
    REJECT = "reject", _("Rejected")
    FLAG = "flag", _("Flagged")


class FindingCode(models.TextChoices):
    """Source: the two levels of findings of the lender file format."""

    COLUMN_COUNT = "column_count", _("Wrong number of columns")
    UNREADABLE = "unreadable", _("Cannot be read as a plain number, date or text")
    UNKNOWN_LOAN = "unknown_loan", _("Unknown loan: load the loans file that names it first")
    REPEATED = "repeated", _("The loan number is repeated in the file")
    NEGATIVE = "negative", _("Negative amount or count")
    OUTSIDE_MONTH = "outside_month", _("The as-of date is outside the file's month")
    STATUS_UNKNOWN = "status_unknown", _("The status is none of 正常 逾期 结清 核销")
    NORMAL_WITH_DAYS = "normal_with_days", _("Status 正常 with days overdue")
    OVERDUE_WITHOUT_DAYS = "overdue_without_days", _("Status 逾期 without days overdue")
    DAYS_AGAINST_INSTALMENTS = (
        "days_against_instalments",
        _("Of days and instalments overdue exactly one is zero"),
    )
    RATE_ABOVE_ONE = "rate_above_one", _("The rate is above 1; write 7.04 % as 0.0704")
    MATURITY_BEFORE = "maturity_before", _("Maturity before disbursement")
    MORE_DECIMALS = "more_decimals", _("Money with more than two decimals")
    # flags
    BALANCE_GREW = "balance_grew", _("The balance grew")
    ABOVE_PRINCIPAL = "above_principal", _("The balance is above the principal")
    MORE_OVERDUE_THAN_DUE = "more_overdue_than_due", _("More instalments overdue than due")
    OVERDUE_AT_ZERO = "overdue_at_zero", _("Overdue at balance zero")
    TERM_AGAINST_DATES = "term_against_dates", _("The term does not match the dates")
    FELL_MORE_THAN_PAID = "fell_more_than_paid", _("The balance fell by more than was paid")
    NEGATIVE_CLOSED = "negative_closed", _("Negative balance on a closed loan, read as 0")
    CHANGED_PRINCIPAL = "changed_principal", _("The principal changed")
    CHANGED_DISBURSEMENT = "changed_disbursement", _("The disbursement date changed")
    CHANGED_OBLIGOR = "changed_obligor", _("The obligor changed")
    NORMALISED = "normalised", _("Full-width digits, separators or another date form, normalised")


class MonthEndState(models.TextChoices):
    BUILDING = "building", _("Being closed")
    CLOSED = "closed", _("Closed")


class Dimension(models.TextChoices):
    """What figures are sliced by; `TOTAL` is the whole of a unit."""

    TOTAL = "total", _("Total")
    BRANCH = "branch", _("Branch")
    LENDER = "lender", _("Lender")
    CHANNEL = "channel", _("Channel")
    PRODUCT = "product", _("Product")
    GRADE = "grade", _("Grade")
    VINTAGE = "vintage", _("Vintage")
    MOB = "mob", _("Months on book")
    OBLIGOR_TYPE = "obligor_type", _("Obligor type")
