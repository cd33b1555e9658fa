"""The library of special agreements."""

from __future__ import annotations

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from core.data_levels import levels
from products.enums import ClaimParty, ClauseStatus, FiledTerm
from products.models.catalog import Product


class LibraryClause(models.Model):
    """A special agreement that may stand beside filed terms; of one product, or of all.

    It names the filed terms it speaks of and who could claim by it. Nobody but the insured may:
    the database refuses any other. Source: PRE-34b, PRE-34c.
    """

    product = models.ForeignKey(Product, models.PROTECT, null=True, related_name="clauses")
    code = models.CharField(max_length=40, unique=True)
    title = models.CharField(max_length=120)
    text = models.TextField(max_length=2000)
    touches = ArrayField(models.CharField(max_length=20, choices=FiledTerm), default=list)
    claimants = ArrayField(models.CharField(max_length=10, choices=ClaimParty), default=list)
    status = models.CharField(max_length=10, choices=ClauseStatus, default=ClauseStatus.PROPOSED)
    proposed_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    proposed_at = models.DateTimeField()
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+"
    )
    decided_at = models.DateTimeField(null=True)
    remark = models.CharField(max_length=500, blank=True, default="")

    data_levels = levels(
        c1="title text touches claimants remark",
        none="product code status proposed_by proposed_at decided_by decided_at",
    )

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(claimants=[]) | Q(claimants=[ClaimParty.INSURED]),
                name="clause_insured_alone_claims",
                violation_error_message=_("Nobody but the insured may claim (PRE-34c)."),
            ),
            models.CheckConstraint(
                condition=Q(decided_by__isnull=True) | ~Q(decided_by=F("proposed_by")),
                name="clause_maker_is_not_checker",
                violation_error_message=_("Whoever proposes a clause does not approve it."),
            ),
            models.CheckConstraint(
                condition=Q(status=ClauseStatus.PROPOSED, decided_at__isnull=True)
                | (~Q(status=ClauseStatus.PROPOSED) & Q(decided_at__isnull=False)),
                name="clause_decided_has_time",
            ),
        ]

    def __str__(self) -> str:
        return f"clause {self.code}"

    @property
    def touched(self) -> list[str]:
        """Return the filed terms it speaks of, in words."""
        return [str(FiledTerm(each).label) for each in self.touches]
