"""Words of the products."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class BucketBasis(models.TextChoices):
    """How overdue is counted. Source: POST-35h-j, HQ-01."""

    DAYS = "days", _("Days past due")
    INSTALMENTS = "instalments", _("Overdue instalments")
