"""Products and their versions: the filed terms, and where each version stands."""

from __future__ import annotations

import datetime as dt

from django.conf import settings
from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import ArrayField, DateRangeField, RangeOperators
from django.db import models
from django.db.models import F, Func, Q
from django.utils.translation import gettext_lazy as _

from core.data_levels import levels
from core.errors import WrongState
from core.models import StoredFile
from organization.models import Resolution
from products.enums import (
    BucketBasis,
    ClaimParty,
    CoverKind,
    Debt,
    FiledTerm,
    FilingKind,
    InsuredSum,
    PaymentMode,
    Policyholder,
    PremiumDue,
    RateTime,
    VersionStatus,
)

DECIDED = [VersionStatus.APPROVED, VersionStatus.ON_SALE, VersionStatus.STOPPED]
SOLD = [VersionStatus.ON_SALE, VersionStatus.STOPPED]
# What may follow what; the last holds nobody's hand, and `watched` stays what it is.
NEXT = {
    VersionStatus.DRAFT: {VersionStatus.IN_REVIEW},
    VersionStatus.IN_REVIEW: {VersionStatus.DRAFT, VersionStatus.APPROVED},
    VersionStatus.APPROVED: {VersionStatus.ON_SALE, VersionStatus.STOPPED},
    VersionStatus.ON_SALE: {VersionStatus.STOPPED},
    VersionStatus.STOPPED: set(),
    VersionStatus.WATCHED: set(),
}


def insured_alone() -> list[str]:
    return [ClaimParty.INSURED.value]


def default_allocation() -> list[str]:
    """Costs, interest, principal: what the law says where the contract is silent (HQ-33)."""
    return [Debt.COSTS.value, Debt.INTEREST.value, Debt.PRINCIPAL.value]


class Product(models.Model):
    """A line of cover that is sold under one name."""

    code = models.CharField(max_length=40, unique=True)
    name = models.CharField(max_length=120)
    cover_kind = models.CharField(max_length=10, choices=CoverKind, blank=True, default="")

    data_levels = levels(c1="code name", none="cover_kind")

    def __str__(self) -> str:
        return self.name


class ProductVersion(models.Model):
    """The terms of a product from a date on, as filed; frozen once they leave the draft.

    What was sold is never changed: the database refuses it. A version that came with lender files
    is watched, and can never be sold. Source: PRE-34a, PRE-34b, PRE-34c, PRE-35, PRE-36b, HQ-01,
    HQ-33.
    """

    product = models.ForeignKey(Product, models.PROTECT, related_name="versions")
    number = models.PositiveIntegerField()
    status = models.CharField(max_length=10, choices=VersionStatus, default=VersionStatus.DRAFT)
    revision = models.PositiveIntegerField(default=1, help_text="grows with every change")
    previous = models.ForeignKey("self", models.PROTECT, null=True, related_name="+")
    valid_from = models.DateField()
    valid_to = models.DateField(null=True)
    # the filing
    filing_kind = models.CharField(max_length=10, choices=FilingKind, blank=True, default="")
    filing_no = models.CharField(max_length=80, blank=True, default="")
    filed_on = models.DateField(null=True)
    clauses_file = models.ForeignKey(StoredFile, models.PROTECT, null=True, related_name="+")
    clauses_sha256 = models.CharField(max_length=64, blank=True, default="")
    rates_file = models.ForeignKey(StoredFile, models.PROTECT, null=True, related_name="+")
    rates_sha256 = models.CharField(max_length=64, blank=True, default="")
    # the terms
    bucket_basis = models.CharField(max_length=12, choices=BucketBasis, default=BucketBasis.DAYS)
    sum_insured_basis = models.CharField(max_length=30, choices=InsuredSum, blank=True, default="")
    premium_modes = ArrayField(models.CharField(max_length=10, choices=PaymentMode), default=list)
    rate_per = models.CharField(max_length=10, choices=RateTime, default=RateTime.YEAR)
    paid_at = models.CharField(max_length=12, choices=PremiumDue, default=PremiumDue.INSTALMENT)
    waiting_days = models.PositiveIntegerField(null=True)
    allocation_order = ArrayField(
        models.CharField(max_length=10, choices=Debt), default=default_allocation
    )
    obligor_types = ArrayField(models.CharField(max_length=40), default=list)
    lender_codes = ArrayField(models.CharField(max_length=40), default=list)
    own_share_min = models.DecimalField(max_digits=9, decimal_places=6, null=True)
    retention_min = models.DecimalField(max_digits=9, decimal_places=6, null=True)
    refund_rule = models.JSONField(default=dict)
    policyholder = models.CharField(
        max_length=10, choices=Policyholder, default=Policyholder.OBLIGOR
    )
    claimants = ArrayField(
        models.CharField(max_length=10, choices=ClaimParty), default=insured_alone
    )
    open_terms = ArrayField(models.CharField(max_length=20, choices=FiledTerm), default=list)
    # who did what
    drafted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+"
    )
    drafted_at = models.DateTimeField(null=True)
    resolution = models.ForeignKey(Resolution, models.PROTECT, null=True, related_name="+")
    on_sale_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+"
    )
    on_sale_at = models.DateTimeField(null=True)
    sold_at = models.DateTimeField(null=True, help_text="first sale")
    stopped_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+"
    )
    stopped_at = models.DateTimeField(null=True)
    stop_reason = models.CharField(max_length=500, blank=True, default="")

    data_levels = levels(
        c1=(
            "product number valid_from valid_to bucket_basis filing_kind filing_no filed_on"
            " clauses_sha256 rates_sha256 sum_insured_basis premium_modes rate_per paid_at"
            " waiting_days allocation_order obligor_types lender_codes own_share_min"
            " retention_min refund_rule policyholder claimants open_terms stop_reason"
        ),
        none=(
            "status revision previous clauses_file rates_file drafted_by drafted_at resolution"
            " on_sale_by on_sale_at sold_at stopped_by stopped_at"
        ),
    )

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["product", "number"], name="productversion_number"),
            models.UniqueConstraint(
                fields=["product"],
                condition=Q(status__in=[VersionStatus.DRAFT, VersionStatus.IN_REVIEW]),
                name="productversion_one_draft",
                violation_error_message=_("A version of this product is being worked on already."),
            ),
            ExclusionConstraint(
                name="productversion_on_sale_do_not_overlap",
                expressions=[
                    ("product", RangeOperators.EQUAL),
                    (
                        Func(
                            F("valid_from"),
                            F("valid_to"),
                            function="daterange",
                            output_field=DateRangeField(),
                        ),
                        RangeOperators.OVERLAPS,
                    ),
                ],
                condition=Q(status=VersionStatus.ON_SALE),
                violation_error_message=_("Another version is on sale on some of these days."),
            ),
            models.CheckConstraint(
                condition=Q(valid_to__isnull=True) | Q(valid_to__gte=F("valid_from")),
                name="productversion_dates_in_order",
            ),
            models.CheckConstraint(
                condition=Q(claimants=[ClaimParty.INSURED]),
                name="productversion_insured_alone_claims",
                violation_error_message=_("Nobody but the insured may claim (PRE-34c)."),
            ),
            models.CheckConstraint(
                condition=~Q(status__in=DECIDED) | Q(resolution__isnull=False),
                name="productversion_decided_by_committee",
                violation_error_message=_("A committee must have passed it (PRE-33b)."),
            ),
            models.CheckConstraint(
                condition=~Q(status__in=DECIDED)
                | (
                    ~Q(filing_kind="")
                    & ~Q(filing_no="")
                    & ~Q(sum_insured_basis="")
                    & Q(
                        filed_on__isnull=False,
                        clauses_file__isnull=False,
                        rates_file__isnull=False,
                        waiting_days__isnull=False,
                    )
                ),
                name="productversion_decided_is_complete",
                violation_error_message=_("Filing and terms must be complete (PRE-34a)."),
            ),
            models.CheckConstraint(
                condition=Q(status__in=SOLD, on_sale_at__isnull=False, on_sale_by__isnull=False)
                | (~Q(status=VersionStatus.ON_SALE) & Q(on_sale_at__isnull=True)),
                name="productversion_on_sale_by_somebody",
            ),
            models.CheckConstraint(
                condition=Q(sold_at__isnull=True) | Q(status__in=SOLD, on_sale_at__isnull=False),
                name="productversion_sold_was_on_sale",
            ),
            models.CheckConstraint(
                condition=Q(status=VersionStatus.STOPPED) ^ Q(stopped_at__isnull=True),
                name="productversion_stopped_has_time",
            ),
            models.CheckConstraint(
                condition=(Q(own_share_min__isnull=True) | Q(own_share_min__range=(0, 1)))
                & (Q(retention_min__isnull=True) | Q(retention_min__range=(0, 1))),
                name="productversion_shares_are_fractions",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.product} v{self.number}"

    @property
    def is_editable(self) -> bool:
        """Say whether its terms may still be changed."""
        return self.status == VersionStatus.DRAFT

    def move(self, status: VersionStatus) -> None:
        """Go to another status.

        Raises:
            WrongState: it does not follow the present one.
        """
        if status not in NEXT[VersionStatus(self.status)]:
            raise WrongState(
                "version_status",
                _("This does not follow from “%(status)s”.")
                % {"status": self.get_status_display()},
            )
        self.status = status

    def covers(self, day: dt.date) -> bool:
        """Say whether it is valid on a day; the first counts, the last named one does not."""
        return self.valid_from <= day and (self.valid_to is None or day < self.valid_to)
