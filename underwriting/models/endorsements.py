"""Endorsements: what changes in a policy, asked for by one person and approved by another."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core.data_levels import levels
from core.errors import WrongState
from core.models import StoredFile
from partners.models import Lender
from underwriting.enums import EndorsementKind, EndorsementStatus
from underwriting.models.policies import Policy

NEXT = {
    "approve": (EndorsementStatus.REQUESTED, EndorsementStatus.IN_FORCE),
    "approve_unconfirmed": (EndorsementStatus.REQUESTED, EndorsementStatus.UNCONFIRMED),
    "confirm": (EndorsementStatus.UNCONFIRMED, EndorsementStatus.IN_FORCE),
    "refuse": (EndorsementStatus.REQUESTED, EndorsementStatus.REFUSED),
}


class Endorsement(models.Model):
    """A change of amount, term, rate or insured, from a day on.

    `changes` holds what was asked. A change of insured stays unconfirmed until the policyholder has
    confirmed assignment and payment account. Source: PRE-02g, PRE-02h.
    """

    policy = models.ForeignKey(Policy, models.PROTECT, related_name="endorsements")
    number = models.PositiveSmallIntegerField()
    kind = models.CharField(max_length=20, choices=EndorsementKind)
    status = models.CharField(
        max_length=12, choices=EndorsementStatus, default=EndorsementStatus.REQUESTED
    )
    effective_on = models.DateField()
    changes = models.JSONField()
    premium_change = models.DecimalField(max_digits=18, decimal_places=2, null=True)
    new_insured = models.ForeignKey(Lender, models.PROTECT, null=True, related_name="+")
    agreement = models.ForeignKey(StoredFile, models.PROTECT, null=True, related_name="+")
    reason = models.CharField(max_length=300)
    requested_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    requested_at = models.DateTimeField()
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+"
    )
    decided_at = models.DateTimeField(null=True)
    decision = models.CharField(max_length=300, blank=True)
    confirmed_at = models.DateTimeField(null=True)
    confirmation = models.CharField(
        max_length=300, blank=True, help_text="how policyholder confirmed the account"
    )

    data_levels = levels(
        c2="changes premium_change",
        c1="policy new_insured agreement reason decision confirmation",
        none=(
            "number kind status effective_on requested_by requested_at decided_by decided_at"
            " confirmed_at"
        ),
        clear={"changes": gettext_lazy("amounts, days and rates of a loan; names nobody")},
    )

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["policy", "number"], name="endorsement_once"),
            models.UniqueConstraint(
                fields=["policy"],
                condition=Q(
                    status__in=[EndorsementStatus.REQUESTED, EndorsementStatus.UNCONFIRMED]
                ),
                name="endorsement_one_at_a_time",
                violation_error_message=gettext_lazy("Another endorsement is under way."),
            ),
            models.CheckConstraint(
                condition=Q(decided_by__isnull=True) | ~Q(decided_by=F("requested_by")),
                name="endorsement_maker_is_not_checker",
                violation_error_message=gettext_lazy(
                    "Whoever asked for an endorsement does not approve it."
                ),
            ),
            models.CheckConstraint(
                condition=Q(status=EndorsementStatus.REQUESTED, decided_at__isnull=True)
                | (~Q(status=EndorsementStatus.REQUESTED) & Q(decided_at__isnull=False)),
                name="endorsement_decided_has_instant",
            ),
            models.CheckConstraint(
                condition=(
                    Q(kind=EndorsementKind.CHANGE_OF_INSURED)
                    & Q(new_insured__isnull=False, agreement__isnull=False)
                )
                | (
                    ~Q(kind=EndorsementKind.CHANGE_OF_INSURED)
                    & Q(new_insured__isnull=True, agreement__isnull=True)
                ),
                name="endorsement_insured_with_agreement",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.policy_id} #{self.number}"

    def step(self, action: str) -> None:
        """Take one step of the endorsement's life."""
        allowed_from, following = NEXT[action]
        if self.status != allowed_from:
            raise WrongState("endorsement_decided", _("This endorsement was decided already."))
        self.status = following
