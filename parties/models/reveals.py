"""What was unmasked."""

from __future__ import annotations

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from core.data_levels import levels
from organization.models import Unit
from parties.enums import RevealedField
from parties.models.identities import Party


class Reveal(models.Model):
    """One record shown unmasked to one person for a reason. Values are not kept. Source: CRM-39."""

    party = models.ForeignKey(Party, models.PROTECT, related_name="reveals")
    fields = ArrayField(models.CharField(max_length=10, choices=RevealedField))
    reason = models.CharField(max_length=300)
    seen_through = models.CharField(max_length=80, help_text="the loan by which it was in scope")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="+")
    at = models.DateTimeField()

    data_levels = levels(c1="party fields reason seen_through", none="by unit at")

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=~Q(reason=""),
                name="reveal_has_reason",
                violation_error_message=_("Say why you need to see it."),
            )
        ]
        indexes = [models.Index(fields=["by", "-at"], name="reveal_by_person")]

    def __str__(self) -> str:
        return f"reveal {self.pk}"
