"""What goes back of an example premium, by the rule that ends policies. Source: PRE-41c."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from underwriting.rules.premiums import NOTHING, Instalment, ending


def example_refund(
    rule: Mapping[str, Any], *, premium: Decimal, begins: dt.date, ends: dt.date, on: dt.date
) -> Decimal:
    """Return what goes back of a single premium that was paid when cover ends on a day; yuan.

    Source: PRE-41c, PRE-34a.
    """
    line = Instalment(
        n=1, covers_from=begins, covers_to=ends, due_on=begins, amount=premium, vat=NOTHING,
        paid=premium,
    )  # fmt: skip
    return sum((each.refunded for each in ending([line], on=on, rule=rule)), NOTHING)
