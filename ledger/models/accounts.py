"""The chart of accounts."""

from django.db import models
from django.utils.translation import get_language

from core.data_levels import levels
from ledger.enums import AccountKind


class Account(models.Model):
    """One account of the chart; `source` says whether the code is the standard's or the house's."""

    code = models.CharField(max_length=12, primary_key=True)
    name = models.CharField(max_length=60)
    name_en = models.CharField(max_length=80)
    kind = models.CharField(max_length=10, choices=AccountKind)
    is_control = models.BooleanField(
        default=False, help_text="stands for a sub-ledger; no manual voucher touches it"
    )
    source = models.CharField(max_length=120)

    data_levels = levels(none="code name name_en kind is_control source")

    def __str__(self) -> str:
        return f"{self.code} {self.words}"

    @property
    def words(self) -> str:
        return self.name if (get_language() or "zh").startswith("zh") else self.name_en
