"""What the insured owes the obligors: to be told of the cover, and the proof that they were."""

from __future__ import annotations

import datetime as dt

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core.data_levels import levels
from core.errors import WrongState
from core.models import StoredFile
from partners.models import Lender
from underwriting.models.policies import Policy


class ObligorNotice(models.Model):
    """A notice to the obligor that the insured was asked for, and its proof once it is there.

    `number` is 0 for the cover itself, else that of the endorsement that changed the insured.
    Source: PRE-02i, COMMENT-02.
    """

    policy = models.ForeignKey(Policy, models.PROTECT, related_name="obligor_notices")
    number = models.PositiveSmallIntegerField(default=0)
    insured = models.ForeignKey(
        Lender, models.PROTECT, related_name="+", help_text="who is to notify"
    )
    demanded_at = models.DateTimeField()
    due_on = models.DateField(help_text="last day for the proof")
    notified_on = models.DateField(null=True)
    how = models.CharField(max_length=300, blank=True)
    proof = models.ForeignKey(StoredFile, models.PROTECT, null=True, related_name="+")
    recorded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+"
    )
    recorded_at = models.DateTimeField(null=True)

    data_levels = levels(
        c1="policy insured how proof",
        none="number demanded_at due_on notified_on recorded_by recorded_at",
    )

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["policy", "number"], name="obligornotice_once"),
            models.CheckConstraint(
                condition=Q(
                    notified_on__isnull=True,
                    how="",
                    proof__isnull=True,
                    recorded_by__isnull=True,
                    recorded_at__isnull=True,
                )
                | (
                    Q(
                        notified_on__isnull=False,
                        proof__isnull=False,
                        recorded_by__isnull=False,
                        recorded_at__gte=F("demanded_at"),
                    )
                    & ~Q(how="")
                ),
                name="obligornotice_proven_whole",
                violation_error_message=gettext_lazy("A notice needs its proof."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.policy_id} notice {self.number}"

    def is_late(self, as_of: dt.date) -> bool:
        """Tell whether its proof is overdue on a day."""
        return self.notified_on is None and as_of > self.due_on

    def check_unproven(self) -> None:
        """Refuse a second proof."""
        if self.notified_on is not None:
            raise WrongState("notice_proven", _("This notice is proven already."))
