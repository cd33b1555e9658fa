"""Words of the quarterly report and of the governance registers."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class ReportState(models.TextChoices):
    DRAFT = "draft", _("Draft")
    REVIEWED = "reviewed", _("Reviewed")
    RELEASED = "released", _("Released")


class PackFile(models.TextChoices):
    """The files of a pack, in the order in which they are made."""

    PDF = "report.pdf", _("Report (PDF)")
    WORKBOOK = "report.xlsx", _("Workbook (Excel)")
    FIGURES = "figures.csv", _("Figures (CSV)")
    MANIFEST = "manifest.json", _("Manifest")


class FigureUnit(models.TextChoices):
    YUAN = "yuan", _("yuan")
    RATIO = "ratio", _("ratio")
    COUNT = "count", _("count")


class FigureCode(models.TextChoices):
    """Glossary names of what is reported. Source: POST-35a-m."""

    COMPREHENSIVE_LOSS_RATIO = "comprehensive_loss_ratio", _("Comprehensive loss ratio (F1)")
    COMPREHENSIVE_EXPENSE_RATIO = (
        "comprehensive_expense_ratio",
        _("Comprehensive expense ratio (F2)"),
    )
    ANNUALISED_LOSS_RATE = (
        "annualised_loss_rate",
        _("Annualised loss rate, cell of the regulatory form (F3)"),
    )
    ALR_MONTH_LITERAL = (
        "alr_month_literal",
        _("Annualised loss rate of the month, literal, gross of cession (F3m)"),
    )
    ALR_MONTH = (
        "alr_month",
        _("Annualised loss rate of the month, consistent, net of cession (F3m′)"),
    )
    ALR_GROSS = (
        "alr_gross",
        _("Annualised loss rate of the month, consistent, gross of cession"),
    )
    ALR_MONTH_LITERAL_NET = (
        "alr_month_literal_net",
        _("Annualised loss rate of the month, literal, net of cession"),
    )
    RETAINED_EXPOSURE = "retained_exposure", _("Retained exposure (F13)")
    DISBURSED_AMOUNT = "disbursed_amount", _("Disbursed amount (F4)")
    OUTSTANDING_PRINCIPAL = "outstanding_principal", _("Outstanding principal (F5)")
    M0_BALANCE = "m0_balance", _("M0 balance (F6)")
    M1_BALANCE = "m1_balance", _("M1 balance (F7)")
    M2_BALANCE = "m2_balance", _("M2 balance (F8)")
    M3_BALANCE = "m3_balance", _("M3 balance (F9)")
    TAIL_OVER_180 = "tail_over_180", _("Over 180 days, not claimed (HQ-02)")
    M3_INCL_TAIL = "m3_incl_tail", _("M3 and over 180 days (HQ-02)")
    CLAIMED_PRINCIPAL = "claimed_principal", _("Principal claimed in full")
    ROLL_M0_1 = "roll_m0_1", _("Roll rate M0_1 (F10a)")
    ROLL_M0_2 = "roll_m0_2", _("Roll rate M0_2 (F10b)")
    OVERDUE_RATE = "overdue_rate", _("Overdue rate (F10c)")
    N_M0 = "n_m0", _("Loans in M0")
    N_M1 = "n_m1", _("Loans in M1")
    N_M2 = "n_m2", _("Loans in M2")
    N_M3 = "n_m3", _("Loans in M3")
    N_TAIL = "n_tail", _("Loans over 180 days")
    N_NOT_REPORTED = "n_not_reported", _("Loans not reported")
    NOT_REPORTED_BALANCE = "not_reported_balance", _("Last balance of loans not reported")
    N_BASIS_DIFFERS = "n_basis_differs", _("Loans whose two overdue bases differ (HQ-01)")


class MissingReason(models.TextChoices):
    """Why a figure of a slice is undefined; those of F1 to F3 are the ledger's."""

    NO_MONTH_BEFORE = "no_month_before", _("The month before is not closed")
    NO_TWO_MONTHS_BEFORE = "no_two_months_before", _("The month two before is not closed")
    NO_SUCH_SLICE_BEFORE = "no_such_slice_before", _("The slice did not exist then")
    DENOMINATOR_ZERO = "denominator_zero", _("The denominator is zero")
    CLAIMS_NOT_RECORDED = (
        "claims_not_recorded",
        _("Claims are not kept in this system yet"),
    )


class RegulationStanding(models.TextChoices):
    """What a check of a regulation found."""

    IN_FORCE = "in_force", _("In force, unchanged")
    AMENDED = "amended", _("Amended")
    REPEALED = "repealed", _("Repealed")
    UNSURE = "unsure", _("Unsure")


class PolicyKind(models.TextChoices):
    """Which clauses a policy must hold follows from its kind (parameter)."""

    UNDERWRITING = "underwriting", _("Underwriting")
    PARTNER = "partner", _("Partners")
    PRODUCT = "product", _("Products")
    AUTHORITY = "authority", _("Levels and permissions")
    DATA = "data", _("Data and confidentiality")
    INTERNAL_CONTROL = "internal_control", _("Internal control")
    OTHER = "other", _("Other")


class VersionStatus(models.TextChoices):
    DRAFT = "draft", _("Draft")
    PUBLISHED = "published", _("Published")
    SUPERSEDED = "superseded", _("Superseded")


class AnswerKind(models.TextChoices):
    YES = "yes", _("Complies")
    NO = "no", _("Does not comply")
    NOT_APPLICABLE = "not_applicable", _("Does not apply")


class FindingSeverity(models.TextChoices):
    ORDINARY = "ordinary", _("Ordinary finding")
    MAJOR = "major", _("Major risk")


class IncidentKind(models.TextChoices):
    DATA_LEAK = "data_leak", _("Leak of data")
    SYSTEM = "system", _("System or network")
    EVIDENCE = "evidence", _("Evidence chain broken")
    LOAN_PURPOSE = "loan_purpose", _("Inducing a change of the loan's purpose")
    CONCEALED_USE = "concealed_use", _("Concealing the use of funds")
    MALICIOUS_COMPLAINTS = "malicious_complaints", _("Steering clients to malicious complaints")
    FALSE_ADVERTISING = "false_advertising", _("False advertising")
    OTHER = "other", _("Other")


class IncidentGrade(models.TextChoices):
    """The four grades of the data-security measures 金规〔2024〕24号."""

    EXTRAORDINARY = "extraordinary", _("Extraordinarily serious")
    SERIOUS = "serious", _("Serious")
    LARGER = "larger", _("Larger")
    ORDINARY = "ordinary", _("Ordinary grade")


class IncidentAction(models.TextChoices):
    OPEN = "open", _("Opened")
    REGRADE = "regrade", _("Graded anew")
    CONTAIN = "contain", _("Contained")
    NOTIFY = "notify", _("Notified")
    REPORT = "report", _("Reported")
    PAUSE = "pause", _("Clock stopped for a time")
    RESUME = "resume", _("Clock goes on")
    ESCALATE = "escalate", _("Escalated: the clock ran out")
    CLOSE = "close", _("Closed")


class IncidentClockKind(models.TextChoices):
    FIRST_REPORT = "first_report", _("First report")
    FORMAL_REPORT = "formal_report", _("Formal report")
