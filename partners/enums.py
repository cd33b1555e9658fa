"""Words of the partners."""

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class FileKind(models.TextChoices):
    LOANS = "loans", _("Loans")
    REPAYMENTS = "repayments", _("Repayments")


class FileState(models.TextChoices):
    LOADING = "loading", _("Loading")
    COMPLETE = "complete", _("Complete")
    REFUSED = "refused", _("Refused")


class FunderType(models.TextChoices):
    """The thirteen kinds of funders whose loans may be covered, and what head office adds.

    A further kind qualifies only by the head office's approval of its licence. Source: PRE-02k,
    COMMENT-03.
    """

    BANK = "bank", _("Bank")
    TRUST = "trust", _("Trust company")
    CONSUMER_FINANCE = "consumer_finance", _("Consumer finance company")
    FINANCIAL_LEASING = "financial_leasing", _("Financial leasing company")
    WEALTH_MANAGEMENT = "wealth_management", _("Wealth-management subsidiary of a bank")
    GROUP_FINANCE = "group_finance", _("Finance company of a group")
    LENDING = "lending", _("Lending company")
    ASSET_MANAGEMENT = "asset_management", _("Financial asset management company")
    ASSET_INVESTMENT = "asset_investment", _("Financial asset investment company")
    AUTO_FINANCE = "auto_finance", _("Auto finance company")
    MICRO_LOAN = "micro_loan", _("Micro-loan company")
    FINANCE_LEASING = "finance_leasing", _("Finance leasing company (local supervision)")
    FACTORING = "factoring", _("Commercial factoring company")
    OTHER = "other", _("Another kind that the head office approved")


class FundsSource(models.TextChoices):
    """Whose money a funder lends; an entrusting party is no funder. Source: PRE-02l."""

    OWN = "own", _("Own funds")
    ENTRUSTED = "entrusted", _("Entrusted funds")


class LicenceStanding(models.TextChoices):
    """Where a licence stands with its issuer."""

    ACTIVE = "active", pgettext_lazy("licence", "Active")
    SUSPENDED = "suspended", pgettext_lazy("licence", "Suspended")
    REVOKED = "revoked", pgettext_lazy("licence", "Revoked")


class LicenceStatus(models.TextChoices):
    PROPOSED = "proposed", _("Proposed")
    APPROVED = "approved", _("Approved")
    REFUSED = "refused", _("Refused")
