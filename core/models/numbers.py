"""Series of human numbers."""

from django.db import models

from core.data_levels import levels


class NumberSeries(models.Model):
    """The last number taken from a series, such as the policies of a branch in a year."""

    prefix = models.CharField(max_length=40, primary_key=True)
    last = models.BigIntegerField()

    data_levels = levels(none="prefix last")

    def __str__(self) -> str:
        return f"{self.prefix}{self.last}"
