"""Words of the products."""

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class BucketBasis(models.TextChoices):
    """How overdue is counted. Source: POST-35h-j, HQ-01."""

    DAYS = "days", _("Days past due")
    INSTALMENTS = "instalments", _("Overdue instalments")


class CoverKind(models.TextChoices):
    """Whose duty is covered: the policyholder's own (guarantee), or another's (credit)."""

    GUARANTEE = "guarantee", _("Guarantee insurance")
    CREDIT = "credit", _("Credit insurance")


class VersionStatus(models.TextChoices):
    """Where a version stands; `watched` came with lender files and can never be sold."""

    DRAFT = "draft", _("Draft")
    IN_REVIEW = "in_review", _("Before the committee")
    APPROVED = "approved", _("Approved")
    ON_SALE = "on_sale", _("On sale")
    STOPPED = "stopped", pgettext_lazy("product", "Sale stopped")
    WATCHED = "watched", _("Watched only")


class FilingKind(models.TextChoices):
    """By what right terms and rates are used. Source: PRE-34a."""

    FILED = "filed", _("Filed for record")
    APPROVED = "approved", _("Approved by the regulator")


class InsuredSum(models.TextChoices):
    """The words of `SumInsuredBasis`. Source: PRE-35."""

    PRINCIPAL = "principal", _("Principal of the loan")
    PRINCIPAL_AND_INTEREST = "principal_and_interest", _("Principal and interest")
    OPENING_OUTSTANDING = "opening_outstanding", _("Principal owed when each period begins")


class PaymentMode(models.TextChoices):
    """The words of `PremiumMode`. Source: PRE-36b, PRE-36c."""

    SINGLE = "single", _("Single premium")
    LEVEL = "level", _("Level instalments")
    DECLINING = "declining", _("Declining instalments")


class RateTime(models.TextChoices):
    """The words of `RatePer`."""

    TERM = "term", _("for the term")
    YEAR = "year", _("per year")
    PERIOD = "period", _("per period")


class PremiumDue(models.TextChoices):
    """The words of `PaidAt`."""

    INSTALMENT = "instalment", _("With the loan's instalment")
    PERIOD_START = "period_start", _("When the period begins")


class Policyholder(models.TextChoices):
    OBLIGOR = "obligor", _("The obligor")
    INSURED = "insured", _("The insured")


class ClaimParty(models.TextChoices):
    """Who might have a right to claim; only the insured may. Source: PRE-34c."""

    INSURED = "insured", _("The insured")
    OBLIGOR = "obligor", _("The obligor")
    GUARANTOR = "guarantor", _("A guarantor")
    PARTNER = "partner", _("A partner or channel")
    OTHER = "other", _("Somebody else")


class Debt(models.TextChoices):
    """What a part payment pays off. Source: HQ-33."""

    COSTS = "costs", _("Costs of enforcing")
    INTEREST = "interest", _("Interest")
    PRINCIPAL = "principal", _("Principal")


class RefundKind(models.TextChoices):
    """How unearned premium goes back when cover ends early."""

    PRO_RATA = "pro_rata", _("By days not covered")
    SHORT_RATE = "short_rate", _("By a short-rate table")
    NONE = "none", _("No refund")


class FiledTerm(models.TextChoices):
    """The terms that a filing fixes, and that no special agreement alters. Source: PRE-34b."""

    INSURED_SUM = "sum_insured_basis", _("Basis of the sum insured")
    PREMIUM_MODES = "premium_modes", _("Ways of paying the premium")
    RATES = "rates", _("Rates")
    FORMULA = "formula", _("Premium formula")
    WAITING = "waiting_days", _("Waiting period of a claim")
    ALLOCATION = "allocation_order", _("Order of allocation")
    OBLIGORS = "obligor_types", _("Permitted obligors")
    LENDERS = "lender_codes", _("Permitted lenders")
    OWN_SHARE = "own_share_min", _("Own share of the insured")
    REFUND = "refund_rule", _("Refund of premium")
    POLICYHOLDER = "policyholder", pgettext_lazy("insurance", "Policyholder")
    CLAIMANTS = "claimants", _("Who may claim")
    EXCLUSIONS = "exclusions", _("Exclusions")
    OVERDUE = "bucket_basis", _("Overdue basis")
    NOTICE = "notices", _("Notices and delivery")
    PAYMENT_ACCOUNT = "payment_account", _("Account for payments")


class ClauseStatus(models.TextChoices):
    PROPOSED = "proposed", _("Proposed")
    APPROVED = "approved", _("Approved")
    REFUSED = "refused", _("Refused")
    WITHDRAWN = "withdrawn", _("Withdrawn")


class ReviewDecision(models.TextChoices):
    """What a review of a product in use comes to. Source: PRE-33c."""

    KEEP = "keep", _("Keep")
    REVISE = "revise", _("Revise")
    STOP = "stop", _("Stop the sale")


class ProductFigure(models.TextChoices):
    """What is known of a version in use. Source: PRE-33c."""

    POLICIES = "policies", _("Policies sold")
    IN_FORCE = "in_force", _("Policies in force at the end")
    SURRENDERED = "surrendered", _("Policies surrendered")
    SURRENDER_RATE = "surrender_rate", _("Surrender rate")
    PREMIUM = "premium", _("Premium written (yuan)")
    REFUNDED = "refunded", _("Premium cancelled or given back (yuan)")
    EARNED = "earned", _("Premium earned (yuan)")
    CLAIMS = "claims", _("Claims approved (yuan)")
    LOSS_RATIO = "loss_ratio", _("Loss ratio of the product")
    EXPENSE_RATIO = "expense_ratio", _("Expense ratio of the product")
    OVERDUE_RATE = "overdue_rate", _("Overdue rate")
    COMPLAINTS = "complaints", _("Complaints")


class FigureUnit(models.TextChoices):
    """How a figure is printed."""

    COUNT = "count", _("Number")
    YUAN = "yuan", _("yuan")
    SHARE = "share", _("Share")


class FigureReason(models.TextChoices):
    """Why a figure is not known; `OPEN_MONTHS` alone marks a value. Missing is not zero."""

    NOT_REPORTED = "not_reported", _("No part of the system keeps it yet.")
    NO_POLICIES = "no_policies", _("No policy was in force in the period.")
    NO_LOANS = "no_loans", _("No month-end of the period knows a loan under it.")
    NO_BALANCE = "no_balance", _("Nothing is owed on its loans.")
    PART_MONTHS = "part_months", _("The book counts whole months.")
    BOOKS_OPEN = "books_open", _("No month of the period is closed in the books.")
    OPEN_MONTHS = "open_months", _("Months that the books have not closed are left out.")
    NO_EARNED_PREMIUM = "no_earned_premium", _("No premium was earned in the closed months.")
    NOT_BY_POLICY = "not_by_policy", _("The book holds money of the product without a policy no.")


class Assumption(models.TextChoices):
    """What the filed price assumes; codes are those of `ProductFigure`. Source: PRE-33c."""

    LOSS_RATIO = "loss_ratio", _("Assumed loss ratio")
    EXPENSE_RATIO = "expense_ratio", _("Assumed expense ratio")
    SURRENDER_RATE = "surrender_rate", _("Assumed surrender rate")
    OVERDUE_RATE = "overdue_rate", _("Assumed overdue rate")


class Activity(models.TextChoices):
    """What is done for a product, each with its duties. Source: PRE-33a."""

    DESIGN = "design", _("Design of the product")
    PRICING = "pricing", _("Pricing")
    FILING = "filing", _("Filing")
    SALE = "sale", _("Putting on sale")
    REVIEW = "review", _("Review in use")


class DutyKind(models.TextChoices):
    """Who does it, who answers for it, who is asked before, who is told. Source: PRE-33a."""

    ACCOUNTABLE = "accountable", pgettext_lazy("duty", "Answers for it")
    RESPONSIBLE = "responsible", _("Does it")
    CONSULTED = "consulted", _("Is asked before")
    INFORMED = "informed", _("Is told")


class ReviewStatus(models.TextChoices):
    DRAFT = "draft", _("Waits for confirmation")
    CONFIRMED = "confirmed", _("Confirmed")
    REFUSED = "refused", _("Refused")


class LenderType(models.TextChoices):
    """Kinds of lenders by the ceiling of what a loan may cost. Source: HQ-18."""

    BANK = "bank", _("Bank")
    TRUST = "trust", _("Trust company")
    CONSUMER_FINANCE = "consumer_finance", _("Consumer finance company")
    AUTO_FINANCE = "auto_finance", _("Auto finance company")
    LEASING = "leasing", _("Leasing company")
    MICRO_LOAN = "micro_loan", _("Micro-loan company")
    FINANCING_GUARANTEE = "financing_guarantee", _("Financing guarantee company")
    FACTORING = "factoring", _("Commercial factoring company")
    PAWN = "pawn", _("Pawn shop")
    PRIVATE = "private", _("Private lender")


class LoanMethod(models.TextChoices):
    """The words of `Method`, those that can be priced from a few figures."""

    EQUAL_INSTALMENT = "equal_instalment", _("Equal instalments")
    EQUAL_PRINCIPAL = "equal_principal", _("Equal principal")
    INTEREST_FIRST = "interest_first", _("Interest first, principal at the end")
    BULLET = "bullet", _("Everything at the end")
    FLAT = "flat", _("Flat interest")
