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


class Indicator(models.TextChoices):
    """What thresholds are set on. Source: F10a-c; the tail share is ours."""

    OVERDUE_RATE = "overdue_rate", _("Overdue rate")
    ROLL_M0_1 = "roll_m0_1", _("Roll rate M0_1")
    ROLL_M0_2 = "roll_m0_2", _("Roll rate M0_2")
    TAIL_SHARE = "tail_share", _("Share over 180 days")


class WarningLevel(models.TextChoices):
    """Source: POST-07d-f; the highest wins (HQ-28)."""

    RED = "red", _("Red")
    ORANGE = "orange", _("Orange")
    YELLOW = "yellow", _("Yellow")


class ThresholdTest(models.TextChoices):
    """What a slice is measured against."""

    ABSOLUTE = "absolute", _("The value itself")
    AGAINST_BOOK = "against_book", _("Multiple of the whole book")
    AGAINST_TREND = "against_trend", _("Multiple of its own past mean")


class WarningKind(models.TextChoices):
    RISK = "risk", _("Risk")
    UNDEFINED = "undefined", _("Data quality: undefined indicator")
    NOT_REPORTED = "not_reported", _("Data quality: loans not reported")


class WarningState(models.TextChoices):
    OPEN = "open", _("To acknowledge")
    ACKNOWLEDGED = "acknowledged", _("To dispose of")
    DISPOSED = "disposed", _("To review")
    REVIEWED = "reviewed", _("To close")
    CLOSED = "closed", _("Closed")


class WarningAction(models.TextChoices):
    """What happens to a warning; the first five are done by people."""

    ACKNOWLEDGE = "acknowledge", _("Acknowledged")
    DISPOSE = "dispose", _("Disposed of")
    REVIEW = "review", _("Reviewed")
    RETURN = "return", _("Returned by the review")
    CLOSE = "close", _("Closed")
    RAISE = "raise", _("Raised")
    WORSEN = "worsen", _("Level raised")
    ESCALATE = "escalate", _("Escalated: the clock ran out")
    CLEAR = "clear", _("Closed: the cause is gone")
    CONTINUE = "continue", _("Closed: continued in the next month")


class Measure(models.TextChoices):
    """What was done against a risk. Source: POST-08b-i."""

    SUSPEND = "suspend", _("New business suspended and checked")
    CUT_LINE = "cut_line", _("Line cut")
    SHRINK = "shrink", _("Existing business reduced step by step")
    COLLECT = "collect", _("Collection started early")
    POLICY = "policy", _("Business policy changed")
    WATCH = "watch", _("Watched more often")
    DATA = "data", _("Data asked for or corrected")
