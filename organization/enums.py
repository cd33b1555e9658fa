"""Words of the organisation."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class UnitKind(models.TextChoices):
    HEAD_OFFICE = "head_office", _("Head office")
    BRANCH = "branch", _("Branch")
    SUB_BRANCH = "sub_branch", _("Sub-branch")


class Permission(models.TextChoices):
    """What a role may do. Where it may do so is the scope: the person's unit and what is below."""

    VIEW_PORTFOLIO = "view_portfolio", _("View dashboard, loans and indicators")
    LOAD_FILES = "load_files", _("Load lender files")
    CONFIRM_NAMES = "confirm_names", _("Confirm names of branches, channels and products")
    CLOSE_MONTH = "close_month", _("Close and restate months")
    IMPORT_FINANCE = "import_finance", _("Import finance figures")
    SIGN_OFF_FINANCE = "sign_off_finance", _("Sign off finance figures")
    PROPOSE_THRESHOLDS = "propose_thresholds", _("Propose thresholds")
    APPROVE_THRESHOLDS = "approve_thresholds", _("Approve thresholds")
    HANDLE_WARNINGS = "handle_warnings", _("Acknowledge and dispose of warnings")
    REVIEW_WARNINGS = "review_warnings", _("Review and close warnings")
    DRAFT_REPORT = "draft_report", _("Draft the quarterly report")
    REVIEW_REPORT = "review_report", _("Review the quarterly report")
    RELEASE_REPORT = "release_report", _("Release the quarterly report")
    EXPORT = "export", _("Export to Excel")
