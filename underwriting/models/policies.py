"""Policies and the versions of their terms."""

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
from organization.models import Unit
from parties.models import Party
from partners.models import Channel, FunderLicence, Lender
from products.models import ProductVersion
from underwriting.enums import (
    DeliveryMode,
    DeliveryTo,
    DocumentKind,
    PolicyState,
    TerritoryBasis,
)
from underwriting.models.loans import Loan
from underwriting.models.quotes import Quote
from underwriting.states import next_state


class Policy(models.Model):
    """One loan's cover: exactly one insured, who alone may claim. Cover is half-open.

    `sum_insured`, `premium` and `cover_to` are those of the terms in force; how they came about
    stands in `PolicyTerms`. Source: PRE-02a, PRE-34c, PRE-35, PRE-41.
    """

    policy_no = models.CharField(max_length=40, unique=True)
    status = models.CharField(max_length=12, choices=PolicyState, default=PolicyState.IN_FORCE)
    quote = models.OneToOneField(Quote, models.PROTECT, null=True, related_name="policy")
    loan = models.OneToOneField(Loan, models.PROTECT, null=True, related_name="policy")
    product_version = models.ForeignKey(ProductVersion, models.PROTECT, related_name="+")
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="+")
    lender = models.ForeignKey(
        Lender, models.PROTECT, related_name="+", help_text="original creditor or funder"
    )
    insured = models.ForeignKey(Lender, models.PROTECT, related_name="+")
    licence = models.ForeignKey(
        FunderLicence,
        models.PROTECT,
        null=True,
        related_name="+",
        db_index=False,
        help_text="by which the lender was a funder on the day of issue",
    )
    channel = models.ForeignKey(Channel, models.PROTECT, null=True, related_name="+")
    policyholder = models.ForeignKey(
        Party, models.PROTECT, null=True, related_name="+", help_text="none: the insured itself"
    )
    obligor = models.ForeignKey(Party, models.PROTECT, related_name="+")
    underlying_obligor = models.ForeignKey(Party, models.PROTECT, null=True, related_name="+")
    contract_no = models.CharField(max_length=60)
    transfers_before = models.PositiveSmallIntegerField(
        default=0, help_text="assignments of the claim before cover"
    )
    cover_from = models.DateField()
    cover_to = models.DateField()
    sum_insured = models.DecimalField(max_digits=18, decimal_places=2)
    premium = models.DecimalField(max_digits=18, decimal_places=2, help_text="yuan, tax included")
    grade = models.CharField(max_length=20, blank=True)
    territory = models.CharField(
        max_length=12, choices=TerritoryBasis, blank=True, help_text="right to issue, as judged"
    )
    issued_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+"
    )
    issued_at = models.DateTimeField()
    ended_on = models.DateField(null=True, help_text="first day without cover")
    ended_at = models.DateTimeField(null=True)
    end_reason = models.CharField(max_length=300, blank=True)

    data_levels = levels(
        c2="policyholder obligor underlying_obligor sum_insured premium",
        c1=(
            "policy_no quote loan product_version unit lender insured licence channel contract_no"
            " transfers_before grade end_reason"
        ),
        none="status territory cover_from cover_to issued_by issued_at ended_on ended_at",
    )

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(cover_to__gt=F("cover_from")),
                name="policy_cover_in_order",
                violation_error_message=gettext_lazy("Cover ends after it begins."),
            ),
            models.CheckConstraint(
                condition=Q(sum_insured__gt=0, premium__gte=0), name="policy_amounts_are_real"
            ),
            models.CheckConstraint(
                condition=Q(
                    status=PolicyState.IN_FORCE, ended_on__isnull=True, ended_at__isnull=True
                )
                | (
                    ~Q(status=PolicyState.IN_FORCE)
                    & Q(ended_on__isnull=False, ended_at__isnull=False)
                ),
                name="policy_ended_has_day",
            ),
            models.UniqueConstraint(
                fields=["lender", "contract_no"],
                condition=Q(status=PolicyState.IN_FORCE),
                name="policy_one_in_force_per_contract",
                violation_error_message=gettext_lazy("This contract is covered already."),
            ),
        ]
        indexes = [
            models.Index(fields=["unit", "status"], name="policy_unit_status"),
            models.Index(fields=["obligor"], name="policy_obligor"),
            models.Index(fields=["lender", "contract_no"], name="policy_contract"),
            models.Index(fields=["status", "cover_to"], name="policy_expiry"),
        ]

    def __str__(self) -> str:
        return self.policy_no

    @property
    def dimensions(self) -> dict[str, str]:
        """Return the dimension values with which its money is posted."""
        return {
            "policy_no": self.policy_no,
            "lender_code": self.lender.code,
            "product_code": self.product_version.product.code,
            "unit_path": self.unit.path,
        }

    def check_in_force(self) -> None:
        """Refuse what only a policy in force allows."""
        if self.status != PolicyState.IN_FORCE:
            raise WrongState("policy_ended", _("This policy is no longer in force."))

    def end(self, action: str, *, on: dt.date, at: dt.datetime, reason: str) -> None:
        """Leave the state in force: settle, surrender, lapse, expire or claim."""
        following = next_state(self.status, action)
        if following is None:
            raise WrongState("policy_ended", _("This policy is no longer in force."))
        self.status, self.ended_on, self.ended_at, self.end_reason = following, on, at, reason


class PolicyTerms(models.Model):
    """A version of a policy's terms, from a day on; number 0 is that of the issue. Appended only.

    `schedule` holds the rows of the loan's repayment: due_on, principal, interest, balance (yuan as
    text). `worksheet` is how the price was made.
    """

    policy = models.ForeignKey(Policy, models.PROTECT, related_name="terms")
    number = models.PositiveSmallIntegerField()
    effective_on = models.DateField()
    cover_to = models.DateField()
    sum_insured = models.DecimalField(max_digits=18, decimal_places=2)
    premium = models.DecimalField(max_digits=18, decimal_places=2)
    schedule = models.JSONField()
    worksheet = models.JSONField()
    recorded_at = models.DateTimeField()

    data_levels = levels(
        c2="sum_insured premium schedule worksheet",
        c1="policy",
        none="number effective_on cover_to recorded_at",
        clear=dict.fromkeys(
            ("schedule", "worksheet"),
            gettext_lazy("amounts, days and rates of a loan; names nobody"),
        ),
    )

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["policy", "number"], name="policyterms_once")
        ]

    def __str__(self) -> str:
        return f"{self.policy_id} v{self.number}"


class PolicyDelivery(models.Model):
    """How a policy reaches one of its parties, and the proof that it did. Source: PRE-24b-c."""

    policy = models.ForeignKey(Policy, models.PROTECT, related_name="deliveries")
    to = models.CharField(max_length=12, choices=DeliveryTo)
    mode = models.CharField(max_length=10, choices=DeliveryMode)
    agreed_at = models.DateTimeField()
    delivered_at = models.DateTimeField(null=True)
    proof_no = models.CharField(
        max_length=120, blank=True, help_text="waybill, message number, or record of the counter"
    )
    recorded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+"
    )

    data_levels = levels(c1="policy proof_no", none="to mode agreed_at delivered_at recorded_by")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["policy", "to"], name="policydelivery_once"),
            models.CheckConstraint(
                condition=Q(delivered_at__isnull=True, proof_no="")
                | (Q(delivered_at__gte=F("agreed_at")) & ~Q(proof_no="")),
                name="policydelivery_has_proof",
                violation_error_message=gettext_lazy("A delivery needs its proof."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.policy_id} {self.to}"


class PolicyDocument(models.Model):
    """A printed policy, certificate or endorsement, as it was given out. Appended only."""

    policy = models.ForeignKey(Policy, models.PROTECT, related_name="documents")
    kind = models.CharField(max_length=12, choices=DocumentKind)
    terms_number = models.PositiveSmallIntegerField()
    stored = models.ForeignKey(StoredFile, models.PROTECT, related_name="+")
    made_at = models.DateTimeField()

    data_levels = levels(c1="policy stored", none="kind terms_number made_at")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["policy", "kind", "terms_number"], name="policydocument_once"
            )
        ]

    def __str__(self) -> str:
        return f"{self.policy_id} {self.kind} {self.terms_number}"
