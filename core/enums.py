"""Words of the ground floor."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class JobStatus(models.TextChoices):
    QUEUED = "queued", _("Queued")
    RUNNING = "running", _("Running")
    DONE = "done", _("Done")
    REFUSED = "refused", _("Refused")
    FAILED = "failed", _("Failed")


class ApprovalStatus(models.TextChoices):
    UNAPPROVED = "unapproved", _("Unapproved")
    APPROVED = "approved", _("Approved")


class AnchorKind(models.TextChoices):
    """Where the root of a head is deposited outside the database."""

    FILE = "file", _("Folder of the audit administrator")
    RFC3161 = "rfc3161", _("Time-stamp authority (RFC 3161)")
    PLATFORM = "platform", _("Deposit platform")


class FieldCipher(models.TextChoices):
    """Ciphers of sealed values; the values stand in settings and in the register of keys."""

    AES_256_GCM = "AES-256-GCM", _("AES-256-GCM")
    SM4_GCM = "SM4-GCM", _("SM4-GCM")


class FieldKeyStatus(models.TextChoices):
    """A key waits for its approval, seals, opens what it sealed before, or is no longer needed."""

    WAITING = "waiting", _("Waiting")
    CURRENT = "current", _("Seals now")
    READABLE = "readable", _("Opens old values")
    RETIRED = "retired", _("Retired")


class RotationStatus(models.TextChoices):
    PROPOSED = "proposed", _("Proposed")
    RUNNING = "running", _("Running")
    DONE = "done", _("Done")
    REJECTED = "rejected", _("Rejected")


class ParameterStatus(models.TextChoices):
    """A starter or a row checked against its text serves until an approved one covers the day."""

    UNAPPROVED = "unapproved", _("Unapproved")
    VERIFIED = "verified", _("Checked against the text")
    PROPOSED = "proposed", _("Proposed")
    APPROVED = "approved", _("Approved")
    REJECTED = "rejected", _("Rejected")
    SUPERSEDED = "superseded", _("Superseded")


class ParameterKind(models.TextChoices):
    """What a value is; a percent is stored as printed: 30 means 30 %."""

    NUMBER = "number", _("Numeric value")
    PERCENT = "percent", _("Percentage")
    BOOLEAN = "boolean", _("Yes or no")
    TEXT = "text", _("Text")
    LIST = "list", _("List")
    TABLE = "table", _("Table")
    RULE = "rule", _("Rule in words")


class Verification(models.TextChoices):
    """How far a figure was checked against the text that it comes from."""

    VERIFIED = "verified", _("Read in the text")
    MEMORY_HIGH = "memory_high", _("From memory, likely")
    MEMORY_LOW = "memory_low", _("From memory, uncertain")
    COMPANY = "company", _("Set by the company")


class DayKind(models.TextChoices):
    WORKDAY = "workday", _("Working day")
    WEEKEND = "weekend", _("Weekend")
    HOLIDAY = "holiday", _("Public holiday")
    MAKE_UP = "make_up", _("Make-up working day")


class NoticeStatus(models.TextChoices):
    SEEDED = "seeded", _("Shipped with the product")
    PROPOSED = "proposed", _("Proposed")
    APPROVED = "approved", _("Approved")
    REJECTED = "rejected", _("Rejected")


class ContentKind(models.TextChoices):
    """What a file may be. An ending of the name must agree with the content."""

    CSV = "csv", _("Table of text")
    TEXT = "text", _("Plain text")
    XLSX = "xlsx", _("Excel workbook")
    PDF = "pdf", _("PDF")
    PNG = "png", _("PNG image")
    JPEG = "jpeg", _("JPEG image")
    WEBM = "webm", _("WebM video")
    MP4 = "mp4", _("MP4 video")
    ZIP = "zip", _("ZIP archive")


class Quarantine(models.TextChoices):
    """How far a file is on its way in. Our own files never were outside."""

    OWN = "own", _("Made here")
    RECEIVED = "received", _("Received")
    SCANNING = "scanning", _("Being scanned")
    CLEAN = "clean", _("Clean")
    REFUSED = "refused", _("Refused")


class MessageChannel(models.TextChoices):
    """How a message travels. What is in the application disturbs nobody."""

    IN_APP = "in_app", _("In the application")
    EMAIL = "email", _("E-mail")
    SMS = "sms", _("SMS")


class MessageStatus(models.TextChoices):
    """What became of a message; an unclear one waits for a person."""

    WAITING = "waiting", _("Waiting")
    SENDING = "sending", _("Being sent")
    DELIVERED = "delivered", _("Delivered")
    FAILED = "failed", _("Failed")
    UNCLEAR = "unclear", _("Unclear")
    DECLINED = "declined", _("Not wanted by the recipient")


class DeliveryOutcome(models.TextChoices):
    """One word about an attempt. `started` stands before the outside is called."""

    STARTED = "started", _("Attempt begun")
    DELIVERED = "delivered", _("Delivered")
    FAILED = "failed", _("Failed")
    UNCLEAR = "unclear", _("Unclear")
    CONFIRMED = "confirmed", _("Delivered, a person confirmed")
    AGAIN = "again", _("A person sends it again")
    READ = "read", _("Read")


class TemplateStatus(models.TextChoices):
    PROPOSED = "proposed", _("Proposed")
    APPROVED = "approved", _("Approved")
    REJECTED = "rejected", _("Rejected")
