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
