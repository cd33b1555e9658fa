"""Who does what for a product: dated sets of duties, appended only."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from core.data_levels import levels
from organization.models import Post, Unit
from products.enums import Activity, DutyKind
from products.models.catalog import Product


class DutySet(models.Model):
    """The duties for a product from a day on; the newest that has begun holds. Source: PRE-33a."""

    product = models.ForeignKey(Product, models.PROTECT, related_name="duty_sets")
    number = models.PositiveIntegerField()
    valid_from = models.DateField()
    reason = models.CharField(max_length=300)
    set_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    set_at = models.DateTimeField()

    data_levels = levels(c1="reason", none="product number valid_from set_by set_at")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["product", "number"], name="dutyset_number")]

    def __str__(self) -> str:
        return f"{self.product_id} duties {self.number}"


class Duty(models.Model):
    """A post or a unit that does, answers for, is asked about or told of an activity.

    A post alone answers, and of each activity one: the database refuses a second.
    """

    duty_set = models.ForeignKey(DutySet, models.PROTECT, related_name="duties")
    activity = models.CharField(max_length=10, choices=Activity)
    kind = models.CharField(max_length=12, choices=DutyKind)
    post = models.ForeignKey(Post, models.PROTECT, null=True, related_name="+")
    unit = models.ForeignKey(Unit, models.PROTECT, null=True, related_name="+")

    data_levels = levels(none="duty_set activity kind post unit")

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(post__isnull=False, unit__isnull=True)
                | (Q(post__isnull=True, unit__isnull=False) & ~Q(kind=DutyKind.ACCOUNTABLE)),
                name="duty_of_a_post_or_a_unit",
                violation_error_message=_("A post answers for it, never a unit."),
            ),
            models.UniqueConstraint(
                fields=["duty_set", "activity"],
                condition=Q(kind=DutyKind.ACCOUNTABLE),
                name="duty_one_answers",
                violation_error_message=_("One post answers for each activity."),
            ),
            models.UniqueConstraint(
                fields=["duty_set", "activity", "kind", "post", "unit"],
                nulls_distinct=False,
                name="duty_once",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.activity} {self.kind}"

    @property
    def whose(self) -> str:
        """Return the name of the post or unit."""
        return self.post.name if self.post else self.unit.name
