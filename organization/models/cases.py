"""Cases for signature 签批单 and the decisions that were signed."""

from __future__ import annotations

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from core.data_levels import levels, sealed_by
from core.models import StoredFile
from organization.enums import (
    CasePartyKind,
    CaseState,
    DecisionOutcome,
    ExceptionKind,
    IdentityKind,
)
from organization.models.authority import AuthorityGrant, Delegation
from organization.models.units import Unit


class AuthorityCase(models.Model):
    """What somebody asks a person with authority to sign: amount, product, price and the rest.

    `version` grows with every change; a decision names the version that it saw. Source: PRE-11c,
    PRE-12f.
    """

    data_levels = levels(
        c1=(
            "title text product obligor_type channel grade amount rate ltv term exceptions"
            " withdrawal"
        ),
        none="state version round unit is_internet maker submitted_at decided_at",
    )

    title = models.CharField(max_length=120, help_text="without personal data")
    text = models.TextField(max_length=4000)
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="+")
    product = models.CharField(max_length=120, blank=True)
    obligor_type = models.CharField(max_length=120, blank=True)
    channel = models.CharField(max_length=120, blank=True)
    grade = models.CharField(max_length=120, blank=True)
    amount = models.DecimalField(max_digits=18, decimal_places=2, help_text="yuan")
    rate = models.DecimalField(max_digits=9, decimal_places=6, null=True)
    ltv = models.DecimalField(max_digits=9, decimal_places=6, null=True)
    term = models.PositiveIntegerField(null=True, help_text="months")
    exceptions = ArrayField(models.CharField(max_length=40, choices=ExceptionKind), default=list)
    state = models.CharField(max_length=10, choices=CaseState, default=CaseState.SUBMITTED)
    version = models.PositiveIntegerField(default=1)
    round = models.PositiveSmallIntegerField(default=1)
    is_internet = models.BooleanField(default=False, help_text="internet business")
    maker = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    submitted_at = models.DateTimeField()
    decided_at = models.DateTimeField(null=True)
    withdrawal = models.CharField(max_length=500, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(amount__gt=0),
                name="case_amount_is_positive",
                violation_error_message=_("The amount is above 0."),
            ),
            models.CheckConstraint(
                condition=Q(state__in=[CaseState.SIGNED, CaseState.REFUSED])
                ^ Q(decided_at__isnull=True),
                name="case_decided_has_time",
            ),
        ]
        indexes = [models.Index(fields=["state", "submitted_at"], name="case_waiting")]

    def __str__(self) -> str:
        return f"case {self.pk}"


class CaseParty(models.Model):
    """Somebody whom a case is about; the name is sealed."""

    data_levels = levels(c2="sealed_name", none="case kind")
    sealed_by = sealed_by(sealed_name="case_id")

    case = models.ForeignKey(AuthorityCase, models.PROTECT, related_name="parties")
    kind = models.CharField(max_length=10, choices=CasePartyKind)
    sealed_name = models.BinaryField()

    def __str__(self) -> str:
        return f"case party {self.pk}"


class CaseIdentity(models.Model):
    """By what a party of a case is recognised: sealed, with its blind index. Source: PRE-12e."""

    data_levels = levels(c2="sealed_value index", none="party kind")
    sealed_by = sealed_by(sealed_value="party_id index")

    party = models.ForeignKey(CaseParty, models.PROTECT, related_name="identities")
    kind = models.CharField(max_length=10, choices=IdentityKind)
    sealed_value = models.BinaryField()
    index = models.BinaryField(max_length=32, db_index=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["party", "kind", "index"], name="caseidentity_once_per_party"
            )
        ]

    def __str__(self) -> str:
        return f"case identity {self.pk}"


class CaseFile(models.Model):
    """A document of a case."""

    data_levels = levels(none="case stored")

    case = models.ForeignKey(AuthorityCase, models.PROTECT, related_name="files")
    stored = models.ForeignKey(StoredFile, models.PROTECT, related_name="+")

    def __str__(self) -> str:
        return f"case file {self.pk}"


class SignedDecision(models.Model):
    """One decision, with the authority that stood behind it at that instant; appended only.

    `facts` and `authority` are what was seen and what was in force, without personal data. One
    decision per step of a subject, one effect per key. Source: PRE-11c (grant stored with the
    decision), HQ-43 (maker is not checker, whoever they are).
    """

    data_levels = levels(
        c1="facts authority reason",
        none=(
            "subject_type subject_id step outcome maker signer at version key fingerprint"
            " grant delegation resolution unit"
        ),
    )

    subject_type = models.CharField(max_length=80)
    subject_id = models.BigIntegerField()
    step = models.PositiveSmallIntegerField()
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="+")
    outcome = models.CharField(max_length=10, choices=DecisionOutcome)
    facts = models.JSONField()
    authority = models.JSONField()
    grant = models.ForeignKey(AuthorityGrant, models.PROTECT, null=True, related_name="decisions")
    delegation = models.ForeignKey(Delegation, models.PROTECT, null=True, related_name="decisions")
    resolution = models.ForeignKey(
        "organization.Resolution", models.PROTECT, null=True, related_name="decisions"
    )
    maker = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    signer = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    version = models.PositiveIntegerField()
    key = models.UUIDField(unique=True)
    fingerprint = models.CharField(max_length=64)
    reason = models.CharField(max_length=2000)
    at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=~Q(maker=F("signer")),
                name="decision_maker_is_not_signer",
                violation_error_message=_("Whoever makes a case does not decide it."),
            ),
            models.UniqueConstraint(
                fields=["subject_type", "subject_id", "step"],
                name="decision_one_per_step",
                violation_error_message=_("This step was decided already."),
            ),
            models.CheckConstraint(
                condition=~Q(outcome=DecisionOutcome.SIGN)
                | Q(grant__isnull=False)
                | Q(resolution__isnull=False),
                name="decision_rests_on_authority",
                violation_error_message=_("What is signed rests on a grant or a resolution."),
            ),
            models.CheckConstraint(
                condition=Q(delegation__isnull=True) | Q(grant__isnull=False),
                name="decision_delegation_has_grant",
            ),
        ]

    def __str__(self) -> str:
        return f"decision {self.pk}"
