"""The library of internal controls."""

from django.db import models

from core.data_levels import levels


class InternalControl(models.Model):
    """A control of the house: the requirement it answers, its owner, and the test that shows it.

    Source: POST-34a.
    """

    code = models.CharField(max_length=40, unique=True)
    requirement = models.CharField(max_length=80)
    title = models.CharField(max_length=200)
    owner = models.CharField(max_length=80)
    test = models.CharField(max_length=160, help_text="file and name of the automatic test")

    data_levels = levels(none="code requirement title owner test")

    def __str__(self) -> str:
        return self.title
