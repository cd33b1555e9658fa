"""Words of the partners."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class FileKind(models.TextChoices):
    LOANS = "loans", _("Loans")
    REPAYMENTS = "repayments", _("Repayments")


class FileState(models.TextChoices):
    LOADING = "loading", _("Loading")
    COMPLETE = "complete", _("Complete")
    REFUSED = "refused", _("Refused")
