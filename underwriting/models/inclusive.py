"""Sizes of enterprises, the inclusive flag of obligors, and its part of the balance by quarter."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from core.data_levels import levels
from parties.models import Party
from partners.models import Lender
from underwriting.enums import EnterpriseSize, OwnerRole

YUAN = {"max_digits": 18, "decimal_places": 2}


class SizeClassification(models.Model):
    """How large an enterprise was by the national standard, with what it was told from.

    `worksheet` holds the inputs and the bounds that they were held against. Appended only; the
    latest counts. Source: PRE-02c.
    """

    obligor = models.ForeignKey(Party, models.PROTECT, related_name="+")
    industry = models.CharField(max_length=40)
    worksheet = models.JSONField()
    rule_version = models.CharField(max_length=60)
    size = models.CharField(max_length=10, choices=EnterpriseSize)
    classified_on = models.DateField()
    recorded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+"
    )
    recorded_at = models.DateTimeField()

    data_levels = levels(
        c2="obligor",
        c1="industry worksheet rule_version size classified_on",
        none="recorded_by recorded_at",
    )

    class Meta:
        indexes = [models.Index(fields=["obligor", "-classified_on"], name="size_of_obligor")]

    def __str__(self) -> str:
        return f"{self.obligor_id} {self.size}"


class BusinessUse(models.Model):
    """What a loan of a person is for, and whose business: with proof of relation and of purpose.

    Told of a loan by its lender and contract, before a policy or a lender's file of it is there.
    Without a row nobody knows, and the loan counts for no business. Appended only; of a loan the
    latest `noted_on` counts. Source: PRE-02d, HQ-17.
    """

    lender = models.ForeignKey(Lender, models.PROTECT, related_name="+", db_index=False)
    contract_no = models.CharField(max_length=60)
    obligor = models.ForeignKey(Party, models.PROTECT, related_name="+")
    is_business = models.BooleanField()
    enterprise = models.ForeignKey(
        Party,
        models.PROTECT,
        null=True,
        related_name="+",
        help_text="whose business; of a sole trader the obligor itself",
    )
    role = models.CharField(max_length=20, choices=OwnerRole, blank=True)
    relation_proof = models.CharField(max_length=200, blank=True)
    purpose_proof = models.CharField(max_length=200)
    noted_on = models.DateField()
    recorded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+"
    )
    recorded_at = models.DateTimeField()

    data_levels = levels(
        c2="obligor enterprise role relation_proof purpose_proof",
        c1="lender contract_no is_business noted_on",
        none="recorded_by recorded_at",
        clear=dict.fromkeys(
            ("role", "relation_proof", "purpose_proof"),
            _("numbers and days of papers, names nobody"),
        ),
    )

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=(
                    Q(is_business=True, enterprise__isnull=False)
                    & ~Q(role="")
                    & ~Q(relation_proof="")
                )
                | Q(is_business=False, enterprise__isnull=True, role="", relation_proof=""),
                name="businessuse_whose_with_proof",
            ),
            models.CheckConstraint(condition=~Q(purpose_proof=""), name="businessuse_has_proof"),
        ]
        indexes = [
            models.Index(fields=["lender", "contract_no", "-noted_on"], name="businessuse_loan")
        ]

    def __str__(self) -> str:
        return f"{self.lender_id} {self.contract_no}"


class InclusiveFlag(models.Model):
    """Whether an obligor's insured loans, summed, stay within the inclusive limit, from an instant.

    `amounts` holds policy and amount of each loan that was summed. Appended where the answer or
    the sum changes. Source: PRE-02e, HQ-17.
    """

    obligor = models.ForeignKey(Party, models.PROTECT, related_name="+")
    total_amount = models.DecimalField(**YUAN)
    limit_amount = models.DecimalField(**YUAN)
    is_inclusive = models.BooleanField()
    amounts = models.JSONField()
    as_of = models.DateField()
    recorded_at = models.DateTimeField()

    data_levels = levels(
        c2="obligor total_amount amounts",
        c1="limit_amount is_inclusive as_of",
        none="recorded_at",
        clear={"amounts": _("policy numbers and amounts, no name")},
    )

    class Meta:
        indexes = [models.Index(fields=["obligor", "-recorded_at"], name="inclusiveflag_latest")]

    def __str__(self) -> str:
        return f"{self.obligor_id} {self.is_inclusive}"


class InclusiveRatio(models.Model):
    """Numerator and denominator of the inclusive ratio at a quarter's end, frozen. Yuan.

    `quarter` is the first day of the quarter that ended; the next quarter uses it throughout. A
    restatement is another version; a decision names the version that it used. Source: F12, PRE-02n.
    """

    quarter = models.DateField()
    version = models.PositiveIntegerField()
    inclusive_balance = models.DecimalField(**YUAN)
    insured_balance = models.DecimalField(**YUAN)
    unknown_balance = models.DecimalField(**YUAN)
    obligors = models.PositiveIntegerField()
    loans = models.PositiveIntegerField()
    limit_amount = models.DecimalField(**YUAN)
    ratio = models.DecimalField(max_digits=40, decimal_places=30, null=True)
    undefined_because = models.CharField(max_length=100, blank=True)
    made_from = models.JSONField()
    reason = models.TextField(blank=True)
    frozen_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+"
    )
    frozen_at = models.DateTimeField()

    data_levels = levels(
        c1=(
            "quarter version inclusive_balance insured_balance unknown_balance obligors loans"
            " limit_amount ratio undefined_because made_from reason"
        ),
        none="frozen_by frozen_at",
    )

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["quarter", "version"], name="inclusiveratio_version"),
            models.CheckConstraint(
                condition=Q(insured_balance__gt=0, ratio__isnull=False, undefined_because="")
                | (Q(insured_balance=0, ratio__isnull=True) & ~Q(undefined_because="")),
                name="inclusiveratio_or_reason",
            ),
            models.CheckConstraint(
                condition=Q(version=1) | ~Q(reason=""), name="inclusiveratio_restated_says_why"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.quarter:%Y-%m} v{self.version}"
