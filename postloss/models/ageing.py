"""Where the book stands between two month-ends."""

from __future__ import annotations

from django.db import models

from core.data_levels import levels
from organization.models import Unit
from postloss.enums import Bucket


class DailyAgeing(models.Model):
    """Live loans of a unit by bucket on a day, as lenders last stated them; never a month-end.

    `stale` counts the loans whose last statement is older than `feed.stale_days`. Yuan.
    Source: POST-09c.
    """

    day = models.DateField()
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="+")
    bucket = models.SmallIntegerField(choices=Bucket)
    loans = models.BigIntegerField()
    balance = models.DecimalField(max_digits=20, decimal_places=2)
    stale = models.BigIntegerField()

    data_levels = levels(c1="day unit bucket loans balance stale")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["day", "unit", "bucket"], name="dailyageing_once")
        ]

    def __str__(self) -> str:
        return f"{self.day} {self.unit_id} {self.bucket}"
