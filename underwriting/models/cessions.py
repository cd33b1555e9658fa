"""Reinsurers, treaties, facultative certificates, co-insurance, and who has what of each policy."""

from __future__ import annotations

import datetime as dt

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Exists, F, OuterRef, Q
from django.utils.translation import gettext_lazy as _

from core.data_levels import levels
from core.errors import WrongState
from underwriting.enums import CoinsuranceRole, TreatyBasis, TreatyKind, TreatyStatus

SHARE = {"max_digits": 13, "decimal_places": 12}
YUAN = {"max_digits": 18, "decimal_places": 2}
_WHO = {"on_delete": models.PROTECT, "null": True, "related_name": "+"}


class Reinsurer(models.Model):
    """A company that takes part of our risks. Its rating is what its agency said last."""

    name = models.CharField(max_length=120, unique=True)
    registration_no = models.CharField(max_length=40, unique=True)
    rating = models.CharField(max_length=20)
    valid_from = models.DateField()
    valid_to = models.DateField(null=True)

    data_levels = levels(c1="name registration_no rating", none="valid_from valid_to")

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(valid_to__isnull=True) | Q(valid_to__gt=F("valid_from")),
                name="reinsurer_dates_in_order",
            )
        ]

    def __str__(self) -> str:
        return self.name


class Treaty(models.Model):
    """A reinsurance treaty, in force over its time once somebody else approved it.

    Terms are those of its kind: a quota share has its `fraction` and may have a `max_per_risk`, a
    surplus has a `retention` and `lines`, excess of loss has where it begins (`retention`) and how
    far it goes (`max_per_risk`). Money in yuan. Source: PRE-02b, F13.
    """

    code = models.CharField(max_length=40, unique=True)
    name = models.CharField(max_length=120)
    kind = models.CharField(max_length=16, choices=TreatyKind)
    basis = models.CharField(max_length=18, choices=TreatyBasis)
    valid_from = models.DateField()
    valid_to = models.DateField()
    product_codes = ArrayField(models.CharField(max_length=40), default=list, blank=True)
    lender_codes = ArrayField(models.CharField(max_length=40), default=list, blank=True)
    fraction = models.DecimalField(**SHARE, null=True)
    max_per_risk = models.DecimalField(**YUAN, null=True)
    retention = models.DecimalField(**YUAN, null=True)
    lines = models.DecimalField(max_digits=7, decimal_places=2, null=True)
    lines_below = models.DecimalField(max_digits=7, decimal_places=2, default=0)
    commission_rate = models.DecimalField(max_digits=9, decimal_places=6)
    status = models.CharField(max_length=10, choices=TreatyStatus, default=TreatyStatus.PROPOSED)
    reason = models.TextField()
    proposed_by = models.ForeignKey(settings.AUTH_USER_MODEL, **_WHO)
    proposed_at = models.DateTimeField()
    decided_by = models.ForeignKey(settings.AUTH_USER_MODEL, **_WHO)
    decided_at = models.DateTimeField(null=True)
    remark = models.TextField(blank=True, default="")

    data_levels = levels(
        c1=(
            "code name kind basis valid_from valid_to product_codes lender_codes fraction"
            " max_per_risk retention lines lines_below commission_rate reason remark"
        ),
        none="status proposed_by proposed_at decided_by decided_at",
    )

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(valid_to__gt=F("valid_from")), name="treaty_dates_in_order"
            ),
            models.CheckConstraint(
                condition=Q(
                    kind=TreatyKind.QUOTA_SHARE,
                    fraction__gt=0,
                    fraction__lte=1,
                    retention__isnull=True,
                    lines__isnull=True,
                )
                | Q(
                    kind=TreatyKind.SURPLUS,
                    fraction__isnull=True,
                    max_per_risk__isnull=True,
                    retention__gt=0,
                    lines__gt=0,
                    lines_below__gte=0,
                )
                | Q(
                    kind=TreatyKind.EXCESS_OF_LOSS,
                    fraction__isnull=True,
                    max_per_risk__gt=0,
                    retention__gt=0,
                    lines__isnull=True,
                ),
                name="treaty_terms_of_its_kind",
                violation_error_message=_("These terms do not fit the kind of treaty."),
            ),
            models.CheckConstraint(
                condition=Q(commission_rate__gte=0, commission_rate__lt=1),
                name="treaty_commission_is_fraction",
            ),
            models.CheckConstraint(
                condition=Q(decided_by__isnull=True) | ~Q(decided_by=F("proposed_by")),
                name="treaty_maker_is_not_checker",
                violation_error_message=_("Whoever proposes a treaty does not approve it."),
            ),
            models.CheckConstraint(
                condition=Q(status=TreatyStatus.PROPOSED, decided_at__isnull=True)
                | (~Q(status=TreatyStatus.PROPOSED) & Q(decided_at__isnull=False)),
                name="treaty_decided_has_instant",
            ),
        ]

    def __str__(self) -> str:
        return self.code

    def decide(self, status: TreatyStatus, *, by, at, remark: str) -> None:
        if self.status != TreatyStatus.PROPOSED:
            raise WrongState("treaty_decided", _("This treaty no longer awaits approval."))
        self.status, self.remark = status, remark
        self.decided_by, self.decided_at = by, at


class TreatyShare(models.Model):
    """A reinsurer's part of a treaty; those of a treaty sum to one, which the database checks."""

    treaty = models.ForeignKey(Treaty, models.PROTECT, related_name="shares")
    reinsurer = models.ForeignKey(Reinsurer, models.PROTECT, related_name="shares")
    share = models.DecimalField(max_digits=9, decimal_places=6)

    data_levels = levels(c1="treaty reinsurer share")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["treaty", "reinsurer"], name="treatyshare_once"),
            models.CheckConstraint(
                condition=Q(share__gt=0, share__lte=1), name="treatyshare_is_fraction"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.treaty_id} {self.reinsurer_id}"


class FacultativeCession(models.Model):
    """A certificate by which one reinsurer takes a share of our part of one policy."""

    code = models.CharField(max_length=40, unique=True)
    policy_no = models.CharField(max_length=80)
    unit_path = models.CharField(max_length=255)
    reinsurer = models.ForeignKey(Reinsurer, models.PROTECT, related_name="certificates")
    share = models.DecimalField(**SHARE)
    commission_rate = models.DecimalField(max_digits=9, decimal_places=6)
    valid_from = models.DateField()
    valid_to = models.DateField()
    reason = models.TextField()
    placed_by = models.ForeignKey(settings.AUTH_USER_MODEL, **_WHO)
    placed_at = models.DateTimeField()

    data_levels = levels(
        c1="code policy_no unit_path reinsurer share commission_rate valid_from valid_to reason",
        none="placed_by placed_at",
    )

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(share__gt=0, share__lte=1), name="facultative_share_is_fraction"
            ),
            models.CheckConstraint(
                condition=Q(commission_rate__gte=0, commission_rate__lt=1),
                name="facultative_commission_is_fraction",
            ),
            models.CheckConstraint(
                condition=Q(valid_to__gt=F("valid_from")), name="facultative_dates_in_order"
            ),
        ]
        indexes = [models.Index(fields=["policy_no"], name="facultative_policy")]

    def __str__(self) -> str:
        return self.code


class KnownQuerySet(models.QuerySet):
    """Rows that are never edited: a later row may take the place of one."""

    def known(self, at: dt.datetime | None = None):
        """Keep what was known at an instant (now, without one): recorded and not yet replaced."""
        later = self.model._base_manager.filter(replaces=OuterRef("pk"))
        found = self
        if at is not None:
            later = later.filter(recorded_at__lte=at)
            found = found.filter(recorded_at__lte=at)
        return found.filter(~Exists(later))

    def in_force(self, on: dt.date):
        """Keep what holds on a day."""
        return self.filter(Q(valid_to__isnull=True) | Q(valid_to__gt=on), valid_from__lte=on)


class CoinsuranceShare(models.Model):
    """Our own part of a co-insured policy, or of a lender's product under an agreement.

    `partners` holds `{"name", "share"}` of the other insurers; with our own they sum to one. What
    is said of a policy goes before what an agreement says. Appended only. Source: F13.
    """

    policy_no = models.CharField(max_length=80, blank=True)
    agreement_no = models.CharField(max_length=60, blank=True)
    lender_code = models.CharField(max_length=40, blank=True)
    product_code = models.CharField(max_length=40, blank=True)
    unit_path = models.CharField(max_length=255, blank=True)
    role = models.CharField(max_length=10, choices=CoinsuranceRole)
    own_share = models.DecimalField(**SHARE)
    partners = models.JSONField()
    valid_from = models.DateField()
    valid_to = models.DateField(null=True)
    replaces = models.OneToOneField("self", models.PROTECT, null=True, related_name="replaced_by")
    reason = models.TextField()
    recorded_by = models.ForeignKey(settings.AUTH_USER_MODEL, **_WHO)
    recorded_at = models.DateTimeField()

    data_levels = levels(
        c1=(
            "policy_no agreement_no lender_code product_code unit_path role own_share partners"
            " valid_from valid_to replaces reason"
        ),
        none="recorded_by recorded_at",
    )

    objects = KnownQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=(Q(agreement_no="", lender_code="", product_code="") & ~Q(policy_no=""))
                | (Q(policy_no="") & ~Q(agreement_no="") & ~Q(lender_code="")),
                name="coinsurance_policy_or_agreement",
            ),
            models.CheckConstraint(
                condition=Q(own_share__gt=0, own_share__lte=1),
                name="coinsurance_share_is_fraction",
            ),
            models.CheckConstraint(
                condition=Q(valid_to__isnull=True) | Q(valid_to__gt=F("valid_from")),
                name="coinsurance_dates_in_order",
            ),
        ]
        indexes = [models.Index(fields=["policy_no"], name="coinsurance_policy")]

    def __str__(self) -> str:
        return f"{self.policy_no or self.agreement_no} {self.valid_from}"

    def holds(self, day: dt.date) -> bool:
        """Tell whether it holds on a day."""
        return self.valid_from <= day and (self.valid_to is None or day < self.valid_to)


class Bordereau(models.Model):
    """One act of ceding: the policies of a call, and what went to the reinsurers. Yuan."""

    key = models.CharField(max_length=120, unique=True)
    digest = models.CharField(max_length=64)
    ceded_on = models.DateField()
    policies = models.PositiveIntegerField()
    lines = models.PositiveIntegerField()
    premium_amount = models.DecimalField(**YUAN)
    commission_amount = models.DecimalField(**YUAN)
    recorded_by = models.ForeignKey(settings.AUTH_USER_MODEL, **_WHO)
    recorded_at = models.DateTimeField()

    data_levels = levels(
        c1="key ceded_on policies lines premium_amount commission_amount",
        none="digest recorded_by recorded_at",
    )

    def __str__(self) -> str:
        return self.key


class BordereauPremium(models.Model):
    """The premium of a policy, yuan without tax, that an act of ceding handed on by its lines.

    Below zero it went back. What is still to be ceded is what fell due less these. Appended only.
    """

    bordereau = models.ForeignKey(Bordereau, models.PROTECT, related_name="premiums")
    policy_no = models.CharField(max_length=80)
    premium = models.DecimalField(**YUAN)

    data_levels = levels(c1="bordereau policy_no", c2="premium")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["bordereau", "policy_no"], name="bordereaupremium_once")
        ]
        indexes = [models.Index(fields=["policy_no"], name="bordereaupremium_policy")]

    def __str__(self) -> str:
        return f"{self.policy_no} {self.premium}"


class CessionLine(models.Model):
    """The share of our part of a policy that a treaty or certificate has over a period.

    Appended only: a correction replaces a line by another and may add more, so that what was known
    at any past instant can be told. Source: PRE-02b, F13.
    """

    policy_no = models.CharField(max_length=80)
    product_code = models.CharField(max_length=40)
    lender_code = models.CharField(max_length=40)
    unit_path = models.CharField(max_length=255)
    treaty = models.ForeignKey(Treaty, models.PROTECT, null=True, related_name="cessions")
    facultative = models.ForeignKey(
        FacultativeCession, models.PROTECT, null=True, related_name="cessions"
    )
    share = models.DecimalField(**SHARE)
    valid_from = models.DateField()
    valid_to = models.DateField()
    replaces = models.OneToOneField("self", models.PROTECT, null=True, related_name="replaced_by")
    bordereau = models.ForeignKey(Bordereau, models.PROTECT, null=True, related_name="cessions")
    reason = models.CharField(max_length=200, blank=True)
    recorded_by = models.ForeignKey(settings.AUTH_USER_MODEL, **_WHO)
    recorded_at = models.DateTimeField()

    data_levels = levels(
        c1=(
            "policy_no product_code lender_code unit_path treaty facultative share valid_from"
            " valid_to replaces bordereau reason"
        ),
        none="recorded_by recorded_at",
    )

    objects = KnownQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(treaty__isnull=False, facultative__isnull=True)
                | Q(treaty__isnull=True, facultative__isnull=False),
                name="cessionline_treaty_or_facultative",
            ),
            models.UniqueConstraint(
                fields=["policy_no", "treaty", "facultative", "valid_from"],
                condition=Q(replaces__isnull=True),
                nulls_distinct=False,
                name="cessionline_begins_once",
            ),
            models.CheckConstraint(
                condition=Q(share__gte=0, share__lte=1), name="cessionline_share_is_fraction"
            ),
            models.CheckConstraint(
                condition=Q(valid_to__gt=F("valid_from")), name="cessionline_dates_in_order"
            ),
        ]
        indexes = [
            models.Index(fields=["policy_no", "valid_from"], name="cessionline_policy"),
            models.Index(fields=["treaty", "policy_no"], name="cessionline_treaty"),
        ]

    def __str__(self) -> str:
        return f"{self.policy_no} {self.valid_from}"
