"""The premium formula of a version: dated text, declared variables, the filing's cases."""

from __future__ import annotations

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from core.data_levels import levels
from products.models.catalog import ProductVersion


class PremiumFormula(models.Model):
    """A text of the premium formula; another text is another row, and worksheets name the row.

    `cases` is a list of {values: {variable: number}, expected: yuan}, as in the filing. It is
    reviewed by another person. Source: PRE-36a.
    """

    version = models.ForeignKey(ProductVersion, models.PROTECT, related_name="formulas")
    number = models.PositiveIntegerField()
    text = models.CharField(max_length=500)
    variables = ArrayField(models.CharField(max_length=20))
    cases = models.JSONField(default=list)
    dated_on = models.DateField()
    entered_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    entered_at = models.DateTimeField()
    reviewed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+"
    )
    reviewed_at = models.DateTimeField(null=True)
    is_current = models.BooleanField(default=True)

    data_levels = levels(
        c1="text variables cases",
        none="version number dated_on entered_by entered_at reviewed_by reviewed_at is_current",
    )

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["version", "number"], name="formula_number"),
            models.UniqueConstraint(
                fields=["version"], condition=Q(is_current=True), name="formula_one_current"
            ),
            models.CheckConstraint(
                condition=Q(reviewed_by__isnull=True) | ~Q(reviewed_by=F("entered_by")),
                name="formula_maker_is_not_checker",
                violation_error_message=_("Whoever enters a formula does not review it."),
            ),
            models.CheckConstraint(
                condition=Q(reviewed_by__isnull=True, reviewed_at__isnull=True)
                | Q(reviewed_by__isnull=False, reviewed_at__isnull=False),
                name="formula_reviewed_by_somebody",
            ),
        ]

    def __str__(self) -> str:
        return f"formula {self.pk}"
