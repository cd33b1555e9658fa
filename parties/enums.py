"""Words of the parties and of what is done with their data."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class PartyKind(models.TextChoices):
    PERSON = "person", _("Natural person")
    ENTERPRISE = "enterprise", _("Enterprise")
    UNKNOWN = "unknown", _("Unknown")


class RevealedField(models.TextChoices):
    """What of an identity may be revealed."""

    NAME = "name", _("Name")
    DOCUMENT = "document", _("Document number")


class UseKind(models.TextChoices):
    """What of a person's work with personal data is counted."""

    REVEAL = "reveal", _("Records revealed")
    EXPORT_ROW = "export_row", _("Rows exported")
    LOOK_UP = "look_up", _("Records looked up")


class Window(models.TextChoices):
    HOUR = "hour", _("hour")
    DAY = "day", _("day")


class ExportStatus(models.TextChoices):
    WAITING = "waiting", _("Waits for approval")
    CLEARED = "cleared", _("Being made")
    TURNED_DOWN = "turned_down", _("Turned down")
    MADE = "made", _("Ready")


class AlertKind(models.TextChoices):
    OVER_QUOTA = "over_quota", _("Over the quota")
    UNUSUAL = "unusual", _("Unusually much")


class AlertConclusion(models.TextChoices):
    JUSTIFIED = "justified", _("Justified by the work")
    INSTRUCTED = "instructed", _("Person instructed")
    MISUSE = "misuse", _("Misuse: reported as an incident")


class RecordKind(models.TextChoices):
    """Every kind of original that the house keeps. Source: PRE-10d."""

    IDENTITY = "identity", _("Identity of a party")
    LENDER_FILE = "lender_file", _("Lender file with rejected lines")
    WARNING_EVIDENCE = "warning_evidence", _("Evidence of a warning's step")
    FINANCE_FILE = "finance_file", _("Finance figures")
    REPORT_FILE = "report_file", _("Files of a quarterly report")
    EXPORT_FILE = "export_file", _("File made for an export")
    POLICY_PAPER = "policy_paper", _("Papers of a policy")


class RuleStatus(models.TextChoices):
    """What is shipped serves until an approved rule covers the day."""

    UNAPPROVED = "unapproved", _("Unapproved")
    PROPOSED = "proposed", _("Proposed")
    APPROVED = "approved", _("Approved")
    REJECTED = "rejected", _("Rejected")


class ListStatus(models.TextChoices):
    PROPOSED = "proposed", _("Proposed")
    APPROVED = "approved", _("Approved and deleted")
    RETURNED = "returned", _("Returned")


class RequestKind(models.TextChoices):
    """What a person may ask of their data. Source: PIPL 44 to 48, 15."""

    ACCESS = "access", _("See what is held")
    COPY = "copy", _("Have a copy")
    CORRECT = "correct", _("Have it corrected")
    DELETE = "delete", _("Have it deleted")
    WITHDRAW = "withdraw", _("Withdraw consent")


class PersonRequestState(models.TextChoices):
    RECEIVED = "received", _("Received")
    VERIFIED = "verified", _("Identity checked")
    ANSWERED = "answered", _("Answered")
    TURNED_AWAY = "turned_away", _("Identity not shown")


class AnswerKind(models.TextChoices):
    TOLD = "told", _("Told what is held")
    COPIED = "copied", _("Copy handed over")
    CORRECTED = "corrected", _("Corrected")
    RESTRICTED = "restricted", _("Kept under a legal duty, use restricted")
    DELETED = "deleted", _("Deleted")
    NOTHING_HELD = "nothing_held", _("Nothing is held")
    REFUSED = "refused", _("Refused with a reason")


class ContactKind(models.TextChoices):
    """What reaches a party or pays to it; each kind has its normal form and its mask."""

    PHONE = "phone", _("Telephone number")
    CARD = "card", _("Card or account number")
    EMAIL = "email", _("E-mail address")
    ADDRESS = "address", _("Address")
