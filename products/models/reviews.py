"""Reviews of products in use."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from core.data_levels import levels
from products.enums import ReviewDecision, ReviewStatus
from products.models.catalog import ProductVersion


class ProductReview(models.Model):
    """How a version did in a period, and what follows: keep, revise or stop.

    `figures` are those that the apps above reported then; what is not known is empty. Another
    person confirms; a revision opens the draft of the next version. Source: PRE-33c.
    """

    version = models.ForeignKey(ProductVersion, models.PROTECT, related_name="reviews")
    period_from = models.DateField()
    period_to = models.DateField()
    figures = models.JSONField(default=list)
    decision = models.CharField(max_length=10, choices=ReviewDecision)
    reason = models.TextField(max_length=2000)
    status = models.CharField(max_length=10, choices=ReviewStatus, default=ReviewStatus.DRAFT)
    drafted_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    drafted_at = models.DateTimeField()
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+"
    )
    decided_at = models.DateTimeField(null=True)
    remark = models.CharField(max_length=500, blank=True, default="")
    opened = models.ForeignKey(ProductVersion, models.PROTECT, null=True, related_name="+")

    data_levels = levels(
        c1="figures decision reason remark",
        none=(
            "version period_from period_to status drafted_by drafted_at decided_by decided_at"
            " opened"
        ),
    )

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["version", "period_from", "period_to"],
                condition=~Q(status=ReviewStatus.REFUSED),
                name="review_one_per_period",
                violation_error_message=_("This period was reviewed already."),
            ),
            models.CheckConstraint(
                condition=Q(period_to__gt=F("period_from")), name="review_period_in_order"
            ),
            models.CheckConstraint(
                condition=Q(decided_by__isnull=True) | ~Q(decided_by=F("drafted_by")),
                name="review_maker_is_not_checker",
                violation_error_message=_("Whoever drafts a review does not confirm it."),
            ),
            models.CheckConstraint(
                condition=Q(status=ReviewStatus.DRAFT, decided_at__isnull=True)
                | (~Q(status=ReviewStatus.DRAFT) & Q(decided_at__isnull=False)),
                name="review_decided_has_time",
            ),
        ]

    def __str__(self) -> str:
        return f"review {self.pk}"


class ReviewDue(models.Model):
    """A version on sale must be reviewed for a period; it waits until a review is drafted.

    Refused, the review no longer counts and the period waits again. Source: PRE-33c.
    """

    version = models.ForeignKey(ProductVersion, models.PROTECT, related_name="reviews_due")
    period_from = models.DateField()
    period_to = models.DateField()
    due_on = models.DateField()
    opened_at = models.DateTimeField()
    review = models.ForeignKey(ProductReview, models.PROTECT, null=True, related_name="+")

    data_levels = levels(none="version period_from period_to due_on opened_at review")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["version"], condition=Q(review__isnull=True), name="reviewdue_one_waits"
            ),
            models.UniqueConstraint(
                fields=["version", "period_from"], name="reviewdue_once_per_period"
            ),
            models.CheckConstraint(
                condition=Q(period_to__gt=F("period_from")), name="reviewdue_period_in_order"
            ),
        ]

    def __str__(self) -> str:
        return f"review due {self.pk}"
